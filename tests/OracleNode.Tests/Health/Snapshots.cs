using NodaTime;
using OracleNode.Chains;
using OracleNode.Market;
using OracleNode.Publishing;
using OracleNode.Updates;

namespace OracleNode.Health;

/// <summary>A node's snapshot with one share, one token and two chains, of which the second holds nothing yet.</summary>
internal static class Snapshots
{
    public static readonly Instant Taken = Instant.FromUnixTimeMilliseconds(1_781_098_200_000);

    public static NodeSnapshot Create() => new(
        "node-1", Taken, TimeProvider.System.GetTimestamp(), true, null, 28_497_571_200_003, 7, null, null,
        [Feed("TSLA", 40_012_345_678), Feed("TSLAx", 80_000_000_000)],
        [Chain("arbitrum", held: true), Chain("solana", held: false)],
        [new SourceSnapshot("source", "iex", true, "Live", null, 1, 0, 0, 0, 0)])
    {
        CorporateActions = [new PollSnapshot("alpaca", "503", 5, 2, 7, 1, TimeSpan.FromSeconds(90), true, true, 1)],
    };

    public static FeedSnapshot Feed(string name, long priceE8) => new(
        name, FeedIdentity.Compute($"figi:{name}@XNAS", "USD", FeedUnit.UnderlyingShare, 8), FeedState.Live, HoldReasons.None, HaltReason.None,
        MarketSession.Regular, ClosedReason.None, Price.FromE8(priceE8), 1_500_000, Taken - Duration.FromMilliseconds(250), Taken + Duration.FromHours(3), 3, 1, 2, "Accepted")
    {
        Unit = FeedUnit.UnderlyingShare,
        UnitWords = "USD per share",
        Verdict = new VerdictFinding(FeedVerdict.Dead, VerdictReason.NothingAttested),
    };

    private static ChainSnapshot Chain(string name, bool held) => new(
        name, ChainKind.Evm, true, null, 1, 0, null, [Held("TSLA", 40_000_000_000, held), Held("TSLAx", 80_000_000_000, held)]);

    private static ChainFeedSnapshot Held(string feed, long priceE8, bool held) => held
        ? new(feed, "0xfeed", 28_497_571_200_003, Price.FromE8(priceE8), FeedState.Live, MarketSession.Regular, Taken - Duration.FromMilliseconds(1_250), 1)
        {
            Parity = new ParityFinding(ParityVerdict.Differs, new ParityMeasurement(ParityContent.NotAsSigned, RecordFields.Price, 3, Duration.FromSeconds(90), PublishReason.Unchanged), default),
            MaxAge = Duration.FromSeconds(300),
            Verdict = new VerdictFinding(FeedVerdict.Ok, VerdictReason.Fresh),
            IsPaused = true,
        }
        : new(feed, "", 0, default, FeedState.Unknown, MarketSession.Unknown, null, 0) { Verdict = new VerdictFinding(FeedVerdict.Dead, VerdictReason.NothingAttested) };
}
