using NodaTime;
using OracleNode.Publishing;

namespace OracleNode.Pipeline;

/// <summary>Keeps the verdict about every feed on every chain. Only the pipeline's own loop touches it.</summary>
internal sealed class VerdictMonitor
{
    private readonly ChainPlanner[] _chains;
    private readonly OwedWatch[][] _owed;
    private readonly VerdictFinding[][] _findings;
    private readonly VerdictFinding[] _worst;

    public VerdictMonitor(PipelinePlan plan)
    {
        _chains = [.. plan.Chains];
        _owed = [.. _chains.Select(_ => new OwedWatch[plan.Slots.Count])];
        _findings = [.. _chains.Select(_ => new VerdictFinding[plan.Slots.Count])];
        _worst = new VerdictFinding[plan.Slots.Count];
    }

    /// <summary>The last verdicts about one chain, in feed order.</summary>
    public ReadOnlySpan<VerdictFinding> OfChain(int chain) => _findings[chain];

    /// <summary>The worst of all chains, in feed order: every chain that is configured is required.</summary>
    public ReadOnlySpan<VerdictFinding> OfFeeds => _worst;

    /// <summary>Judges all of them.</summary>
    /// <param name="now">Market time.</param>
    /// <param name="slots">What the node would sign.</param>
    /// <param name="parity">Whether the chains hold what was signed.</param>
    /// <param name="isRestored">Last prices and sequences were read from a chain.</param>
    /// <param name="canSign">False while batches cannot be signed.</param>
    public void Observe(Instant now, ReadOnlySpan<FeedSlot> slots, ParityMonitor parity, bool isRestored, bool canSign)
    {
        for (var c = 0; c < _chains.Length; c++)
        {
            var chain = _chains[c];
            for (var i = 0; i < slots.Length; i++)
            {
                var held = chain.Feeds[i].Landed;
                var owesNews = new PublishDecision(chain.Owed(i, slots[i], now)).IsNews;
                var finding = VerdictRule.Judge(
                    new VerdictInput
                    {
                        IsRestored = isRestored,
                        Candidate = slots[i].Candidate,
                        WasRead = held is not null,
                        Landed = held?.Record is { } record ? new LandedRecord(record, held.Sequence) : null,
                        IsPausedOnChain = held is { Paused: true },
                        Differs = !chain.IsCredible(i, now) || parity.Findings(c)[i].Verdict == ParityVerdict.Differs,
                        OwesNews = owesNews,
                        OwedFor = _owed[c][i].Advance(owesNews, held?.Sequence ?? 0, now),
                        CanSign = canSign,
                        LandingMargin = chain.Settings[i].LandingMargin,
                    },
                    now);
                _findings[c][i] = finding;
                _worst[i] = c == 0 ? finding : VerdictFinding.Worse(_worst[i], finding);
            }
        }
    }
}
