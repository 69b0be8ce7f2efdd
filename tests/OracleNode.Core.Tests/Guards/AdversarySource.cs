using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>What an upstream that lies may do.</summary>
public enum Adversary
{
    /// <summary>Quotes ten times the price.</summary>
    TenTimes,
    /// <summary>Quotes a tenth of it.</summary>
    Tenth,
    /// <summary>Quotes half a percent beside the market: just what two upstreams may differ by.</summary>
    Beside,
    /// <summary>Quotes above and below the market in turn.</summary>
    InTurn,
    /// <summary>Drifts away, a hundredth of a percent per second.</summary>
    Drift,
    /// <summary>Is honest for a minute, then lies for a minute.</summary>
    OnAndOff,
    /// <summary>Crossed, withdrawn, stub and zero quotes.</summary>
    Broken,
    /// <summary>The first value for ever, under new stamps.</summary>
    Frozen,
    /// <summary>Stamps of the future and of other units.</summary>
    Stamps,
    /// <summary>Says halted, halted and resumed, all day.</summary>
    Halts,
    /// <summary>Prints at one cent with every auction condition, and cancels what was never printed.</summary>
    Prints,
}

/// <summary>One upstream that lies, ten times a second.</summary>
internal sealed class AdversarySource(Adversary adversary, int source)
{
    private long _words;
    private long _first;

    public void Speak(FeedFold fold, Instant now, Price bid, Price ask)
    {
        if (bid.IsNone || ask.IsNone) return;
        var n = _words++;
        var mid = (bid.E8 + ask.E8) / 2;
        if (_first == 0) _first = mid;
        switch (adversary)
        {
            case Adversary.TenTimes: Quote(mid * 10, mid * 10); break;
            case Adversary.Tenth: Quote(mid / 10, mid / 10); break;
            case Adversary.Beside: Quote(mid + (mid / 200), mid + (mid / 200)); break;
            case Adversary.InTurn: Quote(mid + (n % 2 == 0 ? mid / 50 : -mid / 50), mid + (n % 2 == 0 ? mid / 50 : -mid / 50)); break;
            case Adversary.Drift: Quote(mid + (mid / 100_000 * n), mid + (mid / 100_000 * n)); break;
            case Adversary.OnAndOff: Quote(n / 600 % 2 == 0 ? bid.E8 : mid / 2, n / 600 % 2 == 0 ? ask.E8 : mid / 2); break;
            case Adversary.Broken: Quote(n % 4 == 0 ? mid + 1_000_000 : n % 4 == 1 ? 0 : 1_000_000, n % 4 == 0 ? mid : n % 4 == 1 ? mid : n % 4 == 2 ? 0 : 100_000 * Price.One); break;
            case Adversary.Frozen: Quote(_first - 1_000_000, _first + 1_000_000); break;
            case Adversary.Stamps: Quote(mid, mid, (n % 3) switch { 0 => now + Duration.FromSeconds(90), 1 => Instant.FromUnixTimeMilliseconds(now.ToUnixTimeSeconds()), _ => now + Duration.FromDays(10_000) }); break;
            case Adversary.Halts: Say(new Observation { Kind = ObservationKind.Status, Halt = n % 20 == 0 ? HaltReason.None : HaltReason.MarketWide3, Source = default, Upstream = default, Instrument = default, EventTime = now, ReceiveTime = now }); break;
            case Adversary.Prints:
                foreach (var kind in new[] { ObservationKind.Trade, ObservationKind.Cancel, ObservationKind.Correction })
                    Say(new Observation { Kind = kind, Last = Price.FromE8(n % 2 == 0 ? 1_000_000 : mid), Conditions = (ConditionFlags)((int)n % 4 << 9), TradeId = (ulong)n % 3, Source = default, Upstream = default, Instrument = default, EventTime = now, ReceiveTime = now });
                break;
        }

        void Quote(long low, long high, Instant? stamp = null)
        {
            Price.TryFromE8(low, out var lower);
            Price.TryFromE8(high, out var upper);
            Say(new Observation { Kind = ObservationKind.Quote, Bid = lower, Ask = upper, Source = default, Upstream = default, Instrument = default, EventTime = stamp ?? now, ReceiveTime = now });
        }

        void Say(in Observation word) => fold.Apply(word with { Source = new SourceId(source), Upstream = new UpstreamId(source) });
    }
}
