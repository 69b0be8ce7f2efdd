using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

public class LuldTests
{
    private static readonly Instant End = CalendarFixture.NewYork("2024-06-03 16:00");

    [Theory]
    [InlineData(LuldTier.Tier1, 40_000, 38_000, 42_000)]
    [InlineData(LuldTier.Tier2, 40_000, 36_000, 44_000)]
    [InlineData(LuldTier.Tier1, 301, 286, 316)]
    [InlineData(LuldTier.Tier1, 300, 240, 360)]
    [InlineData(LuldTier.Tier2, 300, 240, 360)]
    [InlineData(LuldTier.Tier2, 75, 60, 90)]
    [InlineData(LuldTier.Tier2, 74, 59, 89)]
    [InlineData(LuldTier.Tier2, 10, 3, 18)]
    public void Band_MiddayOfATier_IsThePlans(LuldTier tier, int cents, int low, int high) =>
        Assert.Equal((FoldHarness.Cents(low), FoldHarness.Cents(high)), Limits(LuldBand.Around(tier, FoldHarness.Cents(cents), default, End - Duration.FromHours(2), End)));

    [Theory]
    [InlineData("2024-06-03 15:34:59", "2024-06-03 16:00", LuldTier.Tier1, 10_000, 9_500)]
    [InlineData("2024-06-03 15:35:00", "2024-06-03 16:00", LuldTier.Tier1, 10_000, 9_000)]
    [InlineData("2024-06-03 15:59:59", "2024-06-03 16:00", LuldTier.Tier2, 10_000, 9_000)]
    [InlineData("2024-06-03 15:59:59", "2024-06-03 16:00", LuldTier.Tier2, 200, 120)]
    [InlineData("2024-11-29 12:34:59", "2024-11-29 13:00", LuldTier.Tier1, 10_000, 9_500)]
    [InlineData("2024-11-29 12:35:00", "2024-11-29 13:00", LuldTier.Tier1, 10_000, 9_000)]
    public void Band_OverTheLast25MinutesOfTheSession_IsDoubled(string now, string end, LuldTier tier, int cents, int low) =>
        Assert.Equal(FoldHarness.Cents(low), LuldBand.Around(tier, FoldHarness.Cents(cents), default, CalendarFixture.NewYork(now), CalendarFixture.NewYork(end)).Low);

    [Fact]
    public void Band_ByThePriorClose_NotByTheReference() =>
        Assert.Equal(FoldHarness.Cents(248), LuldBand.Around(LuldTier.Tier1, FoldHarness.Cents(310), FoldHarness.Cents(290), End - Duration.FromHours(1), End).Low);

    [Theory]
    [InlineData(LuldTier.Tier1, 10_000, 300, 8_500, 11_500)]
    [InlineData(LuldTier.Tier1, 10_000, 150, 9_250, 10_750)]
    [InlineData(LuldTier.Tier2, 200, 200, 120, 280)]
    [InlineData(LuldTier.Tier2, 10, 300, 1, 33)]
    public void Band_OfALeveragedProduct_IsWiderByTheLeverage(LuldTier tier, int cents, int leveragePercent, int low, int high) =>
        Assert.Equal((FoldHarness.Cents(low), FoldHarness.Cents(high)), Limits(LuldBand.Around(tier, FoldHarness.Cents(cents), default, End - Duration.FromHours(2), End, leveragePercent)));

    [Theory]
    [InlineData(LuldTier.None, 40_000, -1)]
    [InlineData(LuldTier.Tier1, 0, -1)]
    [InlineData(LuldTier.Tier1, 40_000, 0)]
    public void Band_WithoutTierReferenceOrSession_IsNone(LuldTier tier, int cents, int hoursAfterEnd) =>
        Assert.Equal(default, LuldBand.Around(tier, cents == 0 ? default : FoldHarness.Cents(cents), default, End + Duration.FromHours(hoursAfterEnd), End));

    [Fact]
    public void Band_OfTheLargestPrice_DoesNotOverflow() =>
        Assert.Equal(default, LuldBand.Around(LuldTier.Tier2, Price.FromE8(long.MaxValue), default, End - Duration.FromHours(1), End));

    [Fact]
    public void Reference_BeforeAnOpeningPrint_IsOff()
    {
        var reference = new LuldReference();
        reference.Observe(FoldHarness.Cents(10_000), FoldHarness.At(0));
        Assert.True(reference.Price.IsNone);
    }

    [Fact]
    public void Reference_MovesOnlyByOnePerCentAndAfterThirtySeconds()
    {
        var reference = new LuldReference();
        reference.Start(FoldHarness.Cents(10_000), FoldHarness.At(0));
        for (var i = 1; i < 30; i++) reference.Observe(FoldHarness.Cents(10_300), FoldHarness.At(i));
        Assert.Equal(FoldHarness.Cents(10_000), reference.Price);
        reference.Observe(FoldHarness.Cents(10_300), FoldHarness.At(30));
        Assert.Equal(FoldHarness.Cents(10_300), reference.Price);

        for (var i = 31; i < 400; i++) reference.Observe(FoldHarness.Cents(10_380), FoldHarness.At(i));
        Assert.Equal(FoldHarness.Cents(10_300), reference.Price);
    }

    [Fact]
    public void Reference_IsTheMeanOfTheLastFiveMinutesOnly()
    {
        var reference = new LuldReference();
        reference.Start(FoldHarness.Cents(10_000), FoldHarness.At(0));
        for (var i = 1; i < 3_000; i++) reference.Observe(FoldHarness.Cents(10_000 + i), FoldHarness.At(i));
        Assert.InRange(reference.Price.E8, FoldHarness.Cents(12_700).E8, FoldHarness.Cents(12_860).E8);
    }

    [Fact]
    public void Reference_ClearedByAHalt_StartsAgainWithTheReopeningPrint()
    {
        var reference = new LuldReference();
        reference.Start(FoldHarness.Cents(10_000), FoldHarness.At(0));
        reference.Clear();
        reference.Observe(FoldHarness.Cents(9_000), FoldHarness.At(60));
        Assert.True(reference.Price.IsNone);
        reference.Start(FoldHarness.Cents(9_000), FoldHarness.At(300));
        Assert.Equal(FoldHarness.Cents(9_000), reference.Price);
    }

    private static (Price, Price) Limits(PriceBand band) => (band.Low, band.High);
}
