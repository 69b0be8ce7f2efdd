using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using NodaTime;
using OracleNode.Market;
using OracleNode.Vendors.Finazon.Wire;

namespace OracleNode.Vendors.Finazon;

public class FinazonParserTests
{
    private readonly FinazonParser _parser = new(Samples.Source, Samples.Upstream);
    private readonly ObservationBuffer _output = new();

    [Fact]
    public void Trade_Documented_IsObserved()
    {
        Parse(new SipTradesItem { TradeDate = 1_709_650_800_123, Price = 101.1, Quantity = 25, SalesConditions = "@T", Topic = "C" });

        Assert.Equal(
            new Observation
            {
                Kind = ObservationKind.Trade,
                Source = Samples.Source,
                Upstream = Samples.Upstream,
                Instrument = new InstrumentId(7),
                EventTime = Instant.FromUnixTimeMilliseconds(1_709_650_800_123),
                ReceiveTime = Samples.Received,
                Last = Price.FromE8(10_110_000_000),
                LastSize = 25,
                Conditions = ConditionFlags.ExtendedHours,
            },
            _output.Written[0]);
    }

    [Theory]
    [InlineData("", "C", ConditionFlags.None)]
    [InlineData("@", "", ConditionFlags.None)]
    [InlineData("@,F", "A", ConditionFlags.None)]
    [InlineData("@ I", "C", ConditionFlags.NotLastEligible | ConditionFlags.OddLot)]
    [InlineData("B", "UTP", ConditionFlags.None)]
    [InlineData("B", "CTA_A", ConditionFlags.NotLastEligible | ConditionFlags.AveragePrice)]
    [InlineData("B", "unheard of", ConditionFlags.NotLastEligible | ConditionFlags.AveragePrice)]
    [InlineData("@;T;W", "C", ConditionFlags.NotLastEligible | ConditionFlags.AveragePrice | ConditionFlags.ExtendedHours)]
    [InlineData("é", "C", ConditionFlags.NotLastEligible | ConditionFlags.UnknownCode)]
    [InlineData("regular", "C", ConditionFlags.NotLastEligible | ConditionFlags.UnknownCode)]
    public void Conditions_String_IsReadAsTapeLetters(string conditions, string topic, ConditionFlags expected) =>
        Assert.Equal(expected, FinazonConditions.Read(conditions, FinazonConditions.TapeOf(topic)));

    [Theory]
    [InlineData(0)]
    [InlineData(-1.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.Epsilon)]
    [InlineData(1e30)]
    public void Trade_NoPrice_IsRejected(double price)
    {
        Parse(new SipTradesItem { TradeDate = 1_709_650_800_123, Price = price, Quantity = 1 });
        Assert.Equal(0, _output.Count);
        Assert.Equal(1, _parser.Counters.RejectedPrices);
    }

    [Theory]
    [InlineData(1_709_650_800)]
    [InlineData(1_709_650_800_123_456)]
    [InlineData(1_709_650_800_123_456_789)]
    [InlineData(0)]
    [InlineData(long.MinValue)]
    public void Trade_TimeNotInMilliseconds_IsRejected(long time)
    {
        Parse(new SipTradesItem { TradeDate = time, Price = 1, Quantity = 1 });
        Assert.Equal(0, _output.Count);
        Assert.Equal(1, _parser.Counters.RejectedTimestamps);
    }

    [Property(MaxTest = 2000)]
    public Property Trade_AnyContent_NeverThrowsAndNeverYieldsANonPrice()
    {
        var trades =
            from time in ArbMap.Default.GeneratorFor<long>()
            from bits in ArbMap.Default.GeneratorFor<long>()
            from plain in ArbMap.Default.GeneratorFor<double>()
            from useBits in ArbMap.Default.GeneratorFor<bool>()
            from quantity in ArbMap.Default.GeneratorFor<long>()
            from conditions in ArbMap.Default.GeneratorFor<string>()
            select new SipTradesItem
            {
                TradeDate = time % 2 == 0 ? time : 1_709_650_800_123,
                Price = useBits ? BitConverter.Int64BitsToDouble(bits) : plain,
                Quantity = quantity,
                SalesConditions = conditions ?? "",
                Topic = conditions ?? "",
            };
        return Prop.ForAll(trades.ToArbitrary(), trade =>
        {
            _output.Clear();
            Parse(trade);
            foreach (var observation in _output.Written) Assert.True(observation is { Last.E8: > 0, LastSize: >= 0 });
        });
    }

    [Fact]
    public void Snapshot_LastTrade_HasNoConditions()
    {
        var snapshot = new GetSnapshotResponse { LastTrade = new SnapshotLastTrade { EventAt = 1_709_650_800_123, Price = 5.5, Shares = 3 } };
        Assert.True(_parser.Snapshot(snapshot, default, Samples.Received, _output));
        Assert.Equal(ConditionFlags.ConditionsAbsent, _output.Written[0].Conditions);
        Assert.Equal(550_000_000, _output.Written[0].Last.E8);
        Assert.False(_parser.Snapshot(new GetSnapshotResponse(), default, Samples.Received, _output));
    }

    private void Parse(SipTradesItem trade)
    {
        if (_parser.TryTime(trade, out var time)) _parser.Trade(trade, time, new InstrumentId(7), Samples.Received, _output);
    }
}
