using System.Globalization;
using StackExchange.Redis;

namespace OracleNode.Health;

/// <summary>
/// The Redis keys that monitors read, fixed and listable (no scan needed):
/// <code>
/// {prefix}:nodes                                   ZSET    node -> Unix ms of the last beat
/// {prefix}:{node}:hb                               STRING  Unix ms of the last beat
/// {prefix}:{node}:feed:{feed}                      HASH    everything about a feed, schema 1
/// {prefix}:{node}:feed:{feed}:verdict              STRING  the worst FeedVerdict number of all chains
/// {prefix}:{node}:feed:{feed}:{chain}:verdict      STRING  FeedVerdict number of the feed on the chain
/// {prefix}:{node}:feed:{feed}:{chain}:attested_ms  STRING  market time since what the chain holds was attested
/// {prefix}:{node}:feed:{feed}:{chain}:age_ms       STRING  market time since observedAt of what the chain holds
/// {prefix}:{node}:feed:{feed}:{chain}:seq          STRING  sequence the chain holds
/// {prefix}:{node}:feed:{feed}:{chain}:state        STRING  FeedState number the chain holds
/// {prefix}:{node}:feed:{feed}:{chain}:paused       STRING  1 while the chain's guardian or owner has stopped the feed there, else 0
/// {prefix}:{node}:actions:{source}                HASH    how a list of corporate actions answers, schema 1
/// {prefix}:{node}:feed:{feed}:parity               STRING  the worst ParityVerdict number of all chains
/// </code>
/// The node's part is in braces in Redis (a hash tag), so one node's keys share a cluster slot. Every key but the index
/// expires after three periods: a missing key means a dead node.
/// </summary>
internal sealed class HealthKeys(string prefix, string node)
{
    private readonly string _base = $"{prefix}:{{{node}}}";

    public string Nodes { get; } = $"{prefix}:nodes";

    public string Heartbeat => $"{_base}:hb";

    public string Feed(string feed) => $"{_base}:feed:{feed}";

    public string Verdict(string feed) => $"{Feed(feed)}:verdict";

    public string CorporateActions(string source) => $"{_base}:actions:{source}";

    public string ChainFeed(string feed, string chain, string field) => $"{_base}:feed:{feed}:{chain}:{field}";

    /// <summary>Queues every write of one beat; they travel and apply together.</summary>
    public void Queue(ITransaction transaction, NodeSnapshot snapshot, long nowUnixMillis, TimeSpan timeToLive, List<Task> pending)
    {
        pending.Add(transaction.StringSetAsync(Heartbeat, nowUnixMillis, timeToLive));
        for (var i = 0; i < snapshot.Feeds.Count; i++)
        {
            var at = i;
            var key = Feed(snapshot.Feeds[at].Name);
            pending.Add(transaction.HashSetAsync(key, Fields(at, snapshot)));
            pending.Add(transaction.KeyExpireAsync(key, timeToLive));
            pending.Add(transaction.StringSetAsync($"{key}:parity", (int)snapshot.Chains.Select(c => c.Feeds[at].Parity.Verdict).DefaultIfEmpty().Max(), timeToLive));
            pending.Add(transaction.StringSetAsync(Verdict(snapshot.Feeds[at].Name), (int)snapshot.Feeds[at].Verdict.Verdict, timeToLive));
        }

        foreach (var poll in snapshot.CorporateActions)
        {
            var key = CorporateActions(poll.Name);
            pending.Add(transaction.HashSetAsync(key,
            [
                new("schema", 1),
                new("silent", poll.IsSilent ? 1 : 0),
                new("answer_age_ms", (long)poll.SinceAnswer.TotalMilliseconds),
                new("answers", poll.Answers),
                new("faults", poll.Faults),
                new("rows", poll.Rows),
                new("rows_not_understood", poll.NotUnderstood),
                new("problem", poll.Problem ?? ""),
            ]));
            pending.Add(transaction.KeyExpireAsync(key, timeToLive));
        }

        var marketNow = snapshot.TakenAt.ToUnixTimeMilliseconds();
        foreach (var chain in snapshot.Chains)
        {
            foreach (var feed in chain.Feeds)
            {
                pending.Add(transaction.StringSetAsync(ChainFeed(feed.Feed, chain.Name, "verdict"), (int)feed.Verdict.Verdict, timeToLive));
                pending.Add(transaction.StringSetAsync(ChainFeed(feed.Feed, chain.Name, "paused"), feed.IsPaused ? 1 : 0, timeToLive));
                if (feed.ObservedAt is not { } observedAt || feed.AttestedAt is not { } attestedAt) continue;
                pending.Add(transaction.StringSetAsync(ChainFeed(feed.Feed, chain.Name, "attested_ms"), Math.Max(0, marketNow - attestedAt.ToUnixTimeMilliseconds()), timeToLive));
                pending.Add(transaction.StringSetAsync(ChainFeed(feed.Feed, chain.Name, "age_ms"), Math.Max(0, marketNow - observedAt.ToUnixTimeMilliseconds()), timeToLive));
                pending.Add(transaction.StringSetAsync(ChainFeed(feed.Feed, chain.Name, "seq"), feed.Sequence.ToString(CultureInfo.InvariantCulture), timeToLive));
                pending.Add(transaction.StringSetAsync(ChainFeed(feed.Feed, chain.Name, "state"), (int)feed.State, timeToLive));
            }
        }
    }

    private static HashEntry[] Fields(int at, NodeSnapshot snapshot)
    {
        var feed = snapshot.Feeds[at];
        var entries = new List<HashEntry>
        {
            new("schema", 1),
            new("feed_id", feed.Id.ToString()),
            new("verdict", VerdictNames.NameOf(feed.Verdict.Verdict)),
            new("verdict_reason", feed.Verdict.Reason.ToString()),
            new("price", feed.Price.IsNone ? "" : feed.Price.ToString()),
            new("price_e8", feed.Price.E8),
            new("unit", feed.Unit.ToString()),
            new("unit_words", feed.UnitWords),
            new("confidence_e8", feed.ConfidenceE8),
            new("state", feed.State.ToString()),
            new("session", feed.Session.ToString()),
            new("closed_reason", feed.ClosedReason.ToString()),
            new("halt_reason", feed.HaltReason.ToString()),
            new("hold_reasons", feed.HoldReasons.ToString()),
            new("decision_reason", feed.DecisionReason),
            new("observed_at_ms", feed.ObservedAt?.ToUnixTimeMilliseconds() ?? 0),
            new("next_change_at_ms", feed.NextChangeAt?.ToUnixTimeMilliseconds() ?? 0),
            new("sources_used", feed.SourcesUsed),
            new("sources_rejected", feed.SourcesRejected),
            new("upstreams", feed.Upstreams),
            new("redundancy", feed.Redundancy.ToString()),
            new("quarantined_sources", feed.QuarantinedSources),
            new("calendar_version", snapshot.Surroundings.CalendarVersion),
            new("market_time_ms", snapshot.TakenAt.ToUnixTimeMilliseconds()),
        };
        foreach (var chain in snapshot.Chains)
        {
            var held = chain.Feeds[at];
            entries.Add(new($"{chain.Name}.seq", held.Sequence.ToString(CultureInfo.InvariantCulture)));
            entries.Add(new($"{chain.Name}.price", held.Price.IsNone ? "" : held.Price.ToString()));
            entries.Add(new($"{chain.Name}.address", held.Address));
            entries.Add(new($"{chain.Name}.parity", held.Parity.Verdict.ToString()));
            entries.Add(new($"{chain.Name}.parity_content", held.Parity.Measurement.Content.ToString()));
            entries.Add(new($"{chain.Name}.lag_ms", (long)held.Parity.Measurement.Behind.TotalMilliseconds));
            entries.Add(new($"{chain.Name}.verdict", VerdictNames.NameOf(held.Verdict.Verdict)));
            entries.Add(new($"{chain.Name}.verdict_reason", held.Verdict.Reason.ToString()));
            entries.Add(new($"{chain.Name}.paused", held.IsPaused ? 1 : 0));
            entries.Add(new($"{chain.Name}.attested_at_ms", held.AttestedAt?.ToUnixTimeMilliseconds() ?? 0));
            entries.Add(new($"{chain.Name}.max_age_ms", (long)held.MaxAge.TotalMilliseconds));
        }

        return [.. entries];
    }
}
