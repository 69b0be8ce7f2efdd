using FsCheck.Xunit;
using NodaTime;
using OracleNode.Chains;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pricing;
using OracleNode.Publishing;
using OracleNode.Replay;
using OracleNode.Updates;

namespace OracleNode.Pipeline;

public class ChainPlannerProperties
{
    private const int Feeds = 4;

    private static readonly Instant Start = Instant.FromUtc(2026, 6, 10, 14, 0);

    /// <summary>A planner looks at what has changed only; one that has never seen anything looks at all of it. Chains land, refuse, lie and are lost, and clocks go back.</summary>
    [Property(MaxTest = 100)]
    public void Plan_WithWhatItRemembers_IsThatOfANewPlanner(int seed)
    {
        var random = new Random(seed);
        Source[] sources = [.. Enumerable.Range(0, 2).Select(i => new Source(new SourceId(i), $"source{i}", new UpstreamId(i), $"upstream{i}"))];
        FeedRules[] rules = [.. Enumerable.Range(0, Feeds).Select(i => new ShareFeedRules(new Feed($"S{i}", new InstrumentId(i), $"figi:BBG{i:D9}@XNAS", "USD", FeedUnit.UnderlyingShare), PricingSettings.Stock, sources))];
        var market = new MarketFold(rules, ReplayFixture.Calendar());
        FeedSlot[] slots = [.. rules.Select(r => new FeedSlot(r.Feed))];
        var settings = Enumerable.Repeat(new PublishSettings([.. Enumerable.Repeat(new PublishCadence(10, Duration.FromSeconds(3), Duration.FromSeconds(5)), (int)MarketSession.Closed + 1)]), Feeds).ToArray();
        var chain = new ScriptedView(slots);
        var planner = new ChainPlanner(chain, settings);
        var now = Start;
        for (var step = 0; step < 200; step++)
        {
            now += Duration.FromMilliseconds(random.Next(25) switch { 0 => -random.Next(2_000), 1 => random.Next(4_000), _ => random.Next(40) });
            Quote(random, market, now);
            market.Tick(now, everything: random.Next(3) == 0);
            for (var i = 0; i < Feeds; i++)
                if (market.HasDecided(i))
                    slots[i].Propose(market.DecisionOf(i)!);
            if (random.Next(4) == 0) chain.Change(random, now);

            var fresh = new ChainPlanner(chain, settings);
            var (expected, actual) = (new bool[Feeds], new bool[Feeds]);
            fresh.Refresh(now);
            planner.Refresh(now);
            Assert.Equal(fresh.Problem is null, planner.Problem is null);
            Assert.Equal(fresh.Plan(slots, now, expected), planner.Plan(slots, now, actual));
            Assert.Equal(expected, actual);
            if (chain.Connected) Assert.Equal(fresh.Decisions.ToArray(), planner.Decisions.ToArray());
            for (var i = 0; i < Feeds; i++) Assert.Equal(fresh.Owed(i, slots[i], now), planner.Owed(i, slots[i], now));
        }
    }

    private static void Quote(Random random, MarketFold market, Instant now)
    {
        for (var words = random.Next(4); words > 0; words--)
        {
            var mid = 10_000_000_000 + (random.Next(20) * 1_000_000L);
            market.Apply(MarketInput.Of(new Observation
            {
                Kind = ObservationKind.Quote,
                Source = new SourceId(words % 2),
                Upstream = new UpstreamId(words % 2),
                Instrument = new InstrumentId(random.Next(Feeds)),
                EventTime = now,
                ReceiveTime = now,
                Bid = Price.FromE8(mid - 1_000_000),
                Ask = Price.FromE8(mid + 1_000_000),
            }));
        }
    }

    /// <summary>A chain that holds what the script says.</summary>
    private sealed class ScriptedView(FeedSlot[] slots) : IChainView
    {
        private readonly ChainFeedState[] _feeds = new ChainFeedState[slots.Length];
        private long _version = 1;

        public string Name => "scripted";

        public ChainKind Kind => ChainKind.Evm;

        public Task FirstAttempt => Task.CompletedTask;

        public bool Connected { get; private set; } = true;

        public ChainState Read(Span<ChainFeedState> feeds, long known = 0)
        {
            if (known != _version) _feeds.CopyTo(feeds);
            return new ChainState(Connected, null, 0, 0, null, _version);
        }

        public void Change(Random random, Instant now)
        {
            ref var feed = ref _feeds[random.Next(_feeds.Length)];
            _version++;
            switch (random.Next(8))
            {
                case 0:
                    Connected = !Connected;
                    break;
                case 1:
                    feed = feed with { InFlight = !feed.InFlight };
                    break;
                case 2:
                    feed = feed with { Rests = !feed.Rests };
                    break;
                case 3:
                    feed = feed with { Waits = !feed.Waits };
                    break;
                case 4 when feed.Landed is { } landed:
                    // Attested far ahead, or before what it says was observed: nothing of that is believed.
                    feed = feed with { Landed = landed with { Sequence = BatchSequence.Slots * (ulong)(now + Duration.FromSeconds(random.Next(-20, 20))).ToUnixTimeMilliseconds() } };
                    break;
                default:
                    var slot = slots[random.Next(slots.Length)];
                    feed = feed with { Landed = new OnChainFeed(slot.Id, "here", BatchSequence.Slots * (ulong)now.ToUnixTimeMilliseconds(), slot.Candidate) };
                    break;
            }
        }
    }
}
