using NodaTime;
using OracleNode.Market;

namespace OracleNode.Pricing;

public class EqualPriceWatchTests
{
    private static readonly Instant Now = Instant.FromUtc(2017, 7, 3, 22, 30);

    /// <summary>The references of 3 July 2017: five names that all showed 123.47.</summary>
    private static readonly long[] Closes = [143_50000000, 953_66000000, 68_17000000, 898_70000000, 34_25000000];

    private const long Test = 123_47000000;

    private static EqualPriceWatch Watch()
    {
        var watch = new EqualPriceWatch(3, Closes.Length, new EqualPriceSettings());
        for (var i = 0; i < Closes.Length; i++) watch.Seed(new InstrumentId(i), Price.FromE8(Closes[i]));
        return watch;
    }

    private static bool Say(EqualPriceWatch watch, int instrument, long price, double seconds = 0, int source = 1) =>
        watch.Observe(new InstrumentId(instrument), new SourceId(source), price, Now + Duration.FromMilliseconds((long)(seconds * 1000)));

    [Fact]
    public void Prices_EqualOnThreeInstruments_MakeTheSourceSuspect()
    {
        var watch = Watch();
        Assert.False(Say(watch, 0, Test));
        Assert.False(Say(watch, 1, Test, 1));
        Assert.True(Say(watch, 2, Test, 2));
        Assert.True(watch.IsSuspect(new SourceId(1), Now + Duration.FromSeconds(3)));
        Assert.False(watch.IsSuspect(new SourceId(0), Now + Duration.FromSeconds(3)));
        Assert.Equal(Now + Duration.FromSeconds(2) + Duration.FromMinutes(10), watch.SuspectUntil(new SourceId(1)));
    }

    [Fact]
    public void Source_StaysSuspectWhileItRepeatsThePriceAndNoLonger()
    {
        var watch = Watch();
        for (var i = 0; i < 3; i++) Say(watch, i, Test);
        for (var minute = 1; minute < 90; minute++) Assert.True(Say(watch, minute % 3, Test, minute * 60));
        Assert.False(watch.IsSuspect(new SourceId(1), Now + Duration.FromMinutes(120)));
    }

    [Fact]
    public void Prices_EqualOnTwoInstruments_AreChance()
    {
        var watch = Watch();
        Say(watch, 0, Test);
        Assert.False(Say(watch, 1, Test));
    }

    [Fact]
    public void OneInstrument_BackAndForth_IsOneWitness()
    {
        var watch = Watch();
        for (var i = 0; i < 20; i++) Assert.False(Say(watch, 0, i % 2 == 0 ? Test : Closes[0], i));
    }

    [Fact]
    public void Prices_ReachedInSmallSteps_AreMarkets()
    {
        var watch = new EqualPriceWatch(1, 3, new EqualPriceSettings());
        for (var i = 0; i < 3; i++)
            for (long price = 100_00000000; price <= Test; price += 1_00000000)
                Assert.False(watch.Observe(new InstrumentId(i), new SourceId(0), price, Now));
        for (var i = 0; i < 3; i++) Assert.False(watch.Observe(new InstrumentId(i), new SourceId(0), Test, Now));
    }

    [Fact]
    public void FirstPrices_WithNothingKnown_AreNoJump()
    {
        var watch = new EqualPriceWatch(1, 5, new EqualPriceSettings());
        for (var i = 0; i < 5; i++) Assert.False(watch.Observe(new InstrumentId(i), new SourceId(0), Test, Now));
    }

    [Fact]
    public void Prices_OfDifferentSources_AreNotCountedTogether()
    {
        var watch = Watch();
        for (var i = 0; i < 3; i++) Assert.False(Say(watch, i, Test, source: i));
    }

    [Fact]
    public void Prices_FartherApartThanTheWindow_AreChance()
    {
        var watch = Watch();
        for (var i = 0; i < 5; i++) Assert.False(Say(watch, i, Test, i * 400));
    }

    [Fact]
    public void Ids_ThatAreNotKnown_ChangeNothing()
    {
        var watch = Watch();
        watch.Seed(new InstrumentId(99), Price.FromE8(1));
        foreach (var id in new[] { -1, 5, int.MaxValue, int.MinValue })
        {
            Assert.False(Say(watch, id, Test));
            Assert.False(Say(watch, 0, Test, source: id));
            Assert.False(watch.IsSuspect(new SourceId(id), Now));
        }

        Assert.False(Say(watch, 0, 0));
        Assert.False(Say(watch, 0, -5));
        Assert.False(Say(watch, 0, long.MaxValue));
    }

    [Fact]
    public void Watch_InUse_AllocatesNothing()
    {
        var watch = Watch();
        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            for (var i = 0; i < 2_000; i++) Say(watch, i % 5, i % 7 == 0 ? Test : Closes[i % 5] + (i * 100), i);
        }
    }
}
