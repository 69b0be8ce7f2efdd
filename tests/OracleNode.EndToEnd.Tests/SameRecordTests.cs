using OracleNode.Fixtures;
using OracleNode.Market;
using OracleNode.Readers;
using OracleNode.Relayers;
using OracleNode.Updates;

namespace OracleNode;

/// <summary>
/// One signed batch, sent to all three chains, is the same record field by field on each, and the signed one, whatever it says: no
/// node in between, only what was signed, three engines and readers that know the layouts by themselves.
/// </summary>
public sealed class SameRecordTests(RestartableSystem system) : IClassFixture<RestartableSystem>
{
    private const long MaxU48 = (1L << 48) - 1;
    private const long MaxU40 = (1L << 40) - 1;
    private const long MaxI48 = (1L << 47) - 1;

    // The bounds that Devnet registers, whose ends are allowed.
    private const long LowestPrice = Price.One / 100;
    private const long HighestPrice = 1_000_000 * Price.One;

    /// <summary>In the order that makes each acceptable after the one before: observations never go back.</summary>
    private static readonly Shape[] Shapes =
    [
        new("the least of everything", (r, token, _) => r with
        {
            Price = Price.FromE8(LowestPrice),
            State = FeedState.Live,
            ObservedAtUnixMillis = 1,
            MaxAgeSeconds = 1,
            Token = token ? new TokenTerms(new Multiplier(1), default, 0, Price.FromE8(1)) : null,
        }),
        new("live with a quote", (r, token, attested) => r with
        {
            Price = Price.FromE8(408_12345678),
            ConfidenceE8 = 1_234_567,
            Bid = Price.FromE8(408_12000000),
            Ask = Price.FromE8(408_13000000),
            Ema = Price.FromE8(407_00000001),
            Session = MarketSession.Regular,
            State = FeedState.Live,
            SourcesUsed = 5,
            SourcesRejected = 1,
            Upstreams = 3,
            ObservedAtUnixMillis = attested - 5_000,
            NextChangeAtUnixSeconds = attested / 1000 + 3_600,
            MaxAgeSeconds = 120,
            Token = token ? new TokenTerms(Multiplier.One, default, 0, Price.FromE8(408_12345678)) : null,
        }),
        new("held and halted, no quote, a multiplier staged", (r, token, attested) => r with
        {
            Price = Price.FromE8(100 * Price.One),
            ConfidenceE8 = MaxU48 / 2,
            Ema = Price.FromE8(100 * Price.One),
            Session = MarketSession.PostMarket,
            HaltReason = HaltReason.VolatilityPause,
            State = FeedState.Held,
            HoldReasons = HoldReasons.Jump | HoldReasons.Disagreement | HoldReasons.Configuration,
            SourcesRejected = 7,
            ObservedAtUnixMillis = attested - 5_000,
            NextChangeAtUnixSeconds = 1,
            MaxAgeSeconds = 60,
            Token = token ? new TokenTerms(new Multiplier(1_005_715_000_000_000_000), new Multiplier((UInt128)20 * 1_000_000_000_000_000_000), attested / 1000 + 86_400, Price.FromE8(99 * Price.One)) : null,
        }),
        new("closed for a holiday", (r, token, attested) => r with
        {
            Price = Price.FromE8(99_99999999),
            ConfidenceE8 = 1,
            Bid = Price.FromE8(99_99999999),
            Ask = Price.FromE8(99_99999999),
            Session = MarketSession.Closed,
            ClosedReason = ClosedReason.Holiday,
            State = FeedState.Closed,
            ObservedAtUnixMillis = attested - 4_000,
            NextChangeAtUnixSeconds = attested / 1000 + 60,
            MaxAgeSeconds = 3_600,
            Token = token ? new TokenTerms(new Multiplier(UInt128.MaxValue), new Multiplier(1), 1, Price.FromE8(long.MaxValue)) : null,
        }),
        new("the multiplier has changed and says when, none is staged", (r, token, attested) => r with
        {
            Price = Price.FromE8(102 * Price.One),
            Session = MarketSession.Regular,
            State = FeedState.Live,
            SourcesUsed = 3,
            Upstreams = 3,
            ObservedAtUnixMillis = attested - 4_000,
            MaxAgeSeconds = 60,
            Token = token ? new TokenTerms(new Multiplier(1_020_000_000_000_000_000), default, attested / 1000 - 3_600, Price.FromE8(100 * Price.One)) : null,
        }),
        new("paused for a corporate action", (r, token, attested) => r with
        {
            Price = Price.FromE8(1 * Price.One),
            Ema = Price.FromE8(long.Min(MaxI48, 500_000 * Price.One)),
            Session = MarketSession.Unknown,
            State = FeedState.Paused,
            HoldReasons = HoldReasons.CorporateAction,
            SourcesUsed = 1,
            Upstreams = 1,
            ObservedAtUnixMillis = attested - 4_000,
            MaxAgeSeconds = 1_000,
            Token = token ? new TokenTerms(new Multiplier(1), new Multiplier(UInt128.MaxValue), MaxU40, Price.FromE8(1)) : null,
        }),
        new("the most of everything", (r, token, attested) => r with
        {
            Price = Price.FromE8(HighestPrice),
            ConfidenceE8 = MaxU48,
            Bid = Price.FromE8(1),
            Ask = Price.FromE8(HighestPrice + MaxI48),
            Ema = Price.FromE8(1),
            Session = MarketSession.Closed,
            ClosedReason = ClosedReason.SessionGap,
            HaltReason = HaltReason.Other,
            State = FeedState.Closed,
            HoldReasons = (HoldReasons)0xFFFF,
            SourcesUsed = 255,
            SourcesRejected = 255,
            Upstreams = 255,
            ObservedAtUnixMillis = attested,
            NextChangeAtUnixSeconds = MaxU40,
            MaxAgeSeconds = uint.MaxValue,
            Token = token ? new TokenTerms(new Multiplier(UInt128.MaxValue), new Multiplier(UInt128.MaxValue), MaxU40, Price.FromE8(long.MaxValue)) : null,
        }),
    ];

    /// <summary>Shares and tokens, as many as one packet to Solana carries without a lookup table.</summary>
    private IReadOnlyList<FeedId> Ids => [.. system.Devnet.SolanaDeployed.Feeds.Take(5).Select(f => f.Id)];

    [Fact]
    public async Task Batch_OfAnyShape_IsTheSignedRecordOnEveryChain()
    {
        var relayers = await TestBatches.RelayersAsync(system.Devnet);
        SignedBatch? last = null;
        foreach (var shape in Shapes)
        {
            last = await SignAsync(shape, last);
            foreach (var relayer in relayers) Assert.True(await relayer.SendAsync(last) is { Stored: true }, $"{relayer.Name} does not take {shape.Name}");
            for (var i = 0; i < last.Records.Count; i++) await RequireStoredAsync(shape.Name, last, i);
        }

        await SubsetsAsync(relayers, last!);
    }

    /// <summary>Parts of one batch, each with its path, land apart: every feed gets its own record and no other.</summary>
    private async Task SubsetsAsync(IReadOnlyList<IRelayer> relayers, SignedBatch before)
    {
        // Five records: a pair inside the tree, and the last one, which is promoted twice.
        Assert.Equal(5, Ids.Count);
        var batch = await SignAsync(Shapes[^1], before);
        (int First, int Level)[] runs = [(2, 1), (4, 0)];
        foreach (var (first, level) in runs)
        {
            foreach (var relayer in relayers)
            {
                var verdict = await relayer.SendRunAsync(batch, first, level);
                Assert.True(verdict.Stored, $"{relayer.Name}, run of {first} at level {level}: {verdict.Reason}");
            }
        }

        for (var i = 0; i < batch.Records.Count; i++) await RequireStoredAsync($"record {i} of a batch in parts", i < 2 ? before : batch, i);
    }

    private async Task RequireStoredAsync(string shape, SignedBatch batch, int record)
    {
        var signed = SolanaReader.Decode(batch.Header.Sequence, batch.EncodedRecords[record]);
        foreach (var chain in system.Readers)
        {
            var held = await chain.ReadAsync(batch.Feeds[record]);
            Assert.True(signed == held, $"{shape}, record {record} on {chain.Name}:{Environment.NewLine}signed {signed}{Environment.NewLine}holds  {held}");
        }
    }

    private async Task<SignedBatch> SignAsync(Shape shape, SignedBatch? before)
    {
        // Chains count whole seconds of market time and take what lies a little ahead of theirs.
        var sequence = Math.Max(TestBatches.SequenceAt(system.Devnet.Clock.Now), (before?.Header.Sequence ?? 0) + BatchSequence.Slots);
        var attested = (long)(sequence / BatchSequence.Slots);
        var empty = new FeedRecord { FeedTag = 0, Price = default, ConfidenceE8 = 0, Session = MarketSession.Unknown, State = FeedState.Unknown, ObservedAtUnixMillis = 0, MaxAgeSeconds = 0 };
        return await TestBatches.SignAsync(system.Devnet, sequence, [.. Ids.Select((id, i) => (id, shape.Make(empty with { FeedTag = id.Tag }, i >= 3, attested)))]);
    }

    /// <param name="Make">From an empty record, whether it is of a token, and the attestation in Unix ms.</param>
    private sealed record Shape(string Name, Func<FeedRecord, bool, long, FeedRecord> Make);
}
