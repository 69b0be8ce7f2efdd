using System.Reflection;
using OracleNode.Market;

namespace OracleNode.Updates;

public class RecordDifferenceTests
{
    private static readonly FeedRecord Record = new()
    {
        FeedTag = 1,
        Price = Price.FromE8(2),
        ConfidenceE8 = 3,
        Session = MarketSession.Regular,
        State = FeedState.Live,
        ObservedAtUnixMillis = 4,
        MaxAgeSeconds = 5,
        Token = new TokenTerms(Multiplier.One, default, 0, Price.FromE8(2)),
    };

    public static TheoryData<RecordFields, FeedRecord> Changes => new()
    {
        { RecordFields.FeedTag, Record with { FeedTag = 9 } },
        { RecordFields.Price, Record with { Price = Price.FromE8(9) } },
        { RecordFields.Confidence, Record with { ConfidenceE8 = 9 } },
        { RecordFields.Bid, Record with { Bid = Price.FromE8(9) } },
        { RecordFields.Ask, Record with { Ask = Price.FromE8(9) } },
        { RecordFields.Ema, Record with { Ema = Price.FromE8(9) } },
        { RecordFields.Session, Record with { Session = MarketSession.Closed } },
        { RecordFields.ClosedReason, Record with { ClosedReason = ClosedReason.Weekend } },
        { RecordFields.HaltReason, Record with { HaltReason = HaltReason.News } },
        { RecordFields.State, Record with { State = FeedState.Held } },
        { RecordFields.HoldReasons, Record with { HoldReasons = HoldReasons.Jump } },
        { RecordFields.SourcesUsed, Record with { SourcesUsed = 9 } },
        { RecordFields.SourcesRejected, Record with { SourcesRejected = 9 } },
        { RecordFields.Upstreams, Record with { Upstreams = 9 } },
        { RecordFields.ObservedAt, Record with { ObservedAtUnixMillis = 9 } },
        { RecordFields.NextChangeAt, Record with { NextChangeAtUnixSeconds = 9 } },
        { RecordFields.MaxAge, Record with { MaxAgeSeconds = 9 } },
        { RecordFields.Multiplier, Record with { Token = Record.Token!.Value with { Multiplier = new Multiplier(9) } } },
        { RecordFields.NextMultiplier, Record with { Token = Record.Token!.Value with { NextMultiplier = new Multiplier(9) } } },
        { RecordFields.Activation, Record with { Token = Record.Token!.Value with { ActivationUnixSeconds = 9 } } },
        { RecordFields.Underlying, Record with { Token = Record.Token!.Value with { Underlying = Price.FromE8(9) } } },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Records_ThatDifferInOneField_DifferInThatOneOnly(RecordFields field, FeedRecord changed)
    {
        Assert.Equal(field, RecordDifference.Between(Record, changed));
        Assert.Equal(RecordFields.None, RecordDifference.Between(Record, changed, RecordFields.All & ~field));
    }

    [Fact]
    public void Fields_OfARecord_AreAllCompared()
    {
        // A field added to the record and forgotten here would never be seen to differ.
        static int Of(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Count(p => p.CanWrite);
        Assert.Equal(Of(typeof(FeedRecord)) - 1 + Of(typeof(TokenTerms)), Changes.Count);
        Assert.Equal(RecordFields.All, Changes.Aggregate(RecordFields.None, (all, row) => all | row.Data.Item1));
    }

    [Fact]
    public void ShareRecord_AgainstATokenRecord_DiffersInItsTerms() =>
        Assert.Equal(RecordFields.Multiplier | RecordFields.Underlying, RecordDifference.Between(Record, Record with { Token = null }));
}
