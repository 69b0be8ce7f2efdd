namespace OracleNode.Vendors.TokenMarkets;

public class BookSideTests
{
    [Fact]
    public void Set_InAnyOrder_KeepsTheBestFirst()
    {
        var (bids, asks) = (new BookSide(isBid: true, 10), new BookSide(isBid: false, 10));
        foreach (var price in new long[] { 300, 100, 200, 400 })
        {
            bids.Set(price, price);
            asks.Set(price, price);
        }

        Assert.Equal([400, 300, 200, 100], Prices(bids));
        Assert.Equal([100, 200, 300, 400], Prices(asks));
    }

    [Fact]
    public void Set_SamePriceAndNought_ReplacesAndTakesAway()
    {
        var bids = new BookSide(isBid: true, 10);
        bids.Set(100, 5);
        bids.Set(101, 6);
        bids.Set(100, 7);
        Assert.Equal((100, 7), bids[1]);

        bids.Set(101, 0);
        bids.Set(55, 0);
        Assert.Equal([100], Prices(bids));
        Assert.Equal(100, bids.Best);
    }

    [Fact]
    public void Set_MoreLevelsThanThereIsRoom_KeepsTheBest()
    {
        var asks = new BookSide(isBid: false, 10);
        for (var price = 1_000; price > 0; price--) asks.Set(price, 1);
        asks.Set(5_000, 1);
        asks.Truncate();
        Assert.Equal(Enumerable.Range(1, 10).Select(p => (long)p), Prices(asks));
    }

    [Fact]
    public void Set_LevelComesBeforeTheOneItPushesOutGoes_LosesNothing()
    {
        var bids = new BookSide(isBid: true, 3);
        foreach (var price in new long[] { 10, 9, 8 }) bids.Set(price, 1);
        bids.Set(11, 1);
        bids.Set(10, 0);
        bids.Truncate();
        Assert.Equal([11, 9, 8], Prices(bids));
    }

    [Fact]
    public void DepthWithin_Distance_CountsTheLevelsOnIt()
    {
        var (bids, asks) = (new BookSide(isBid: true, 10), new BookSide(isBid: false, 10));
        foreach (var (price, quantity) in new (long, long)[] { (100_000, 1), (99_500, 2), (99_499, 4) }) bids.Set(price, quantity);
        foreach (var (price, quantity) in new (long, long)[] { (100_000, 1), (100_500, 2), (100_501, 4) }) asks.Set(price, quantity);
        Assert.Equal((3, 3), (bids.DepthWithin(50), asks.DepthWithin(50)));
        Assert.Equal((1, 1), (bids.DepthWithin(1), asks.DepthWithin(1)));
        Assert.Equal(0, new BookSide(isBid: true, 10).DepthWithin(50));
    }

    [Fact]
    public void DepthWithin_LargerThanALong_IsTheMostThatALongHolds()
    {
        var asks = new BookSide(isBid: false, 10);
        asks.Set(long.MaxValue - 1, long.MaxValue);
        asks.Set(long.MaxValue, long.MaxValue);
        Assert.Equal(long.MaxValue, asks.DepthWithin(50));
    }

    private static IEnumerable<long> Prices(BookSide side) => Enumerable.Range(0, side.Count).Select(i => side[i].Price);
}
