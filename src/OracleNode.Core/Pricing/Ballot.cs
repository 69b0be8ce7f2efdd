using NodaTime;
using OracleNode.Market;

namespace OracleNode.Pricing;

/// <summary>
/// Collects one vote per upstream and a verdict for every source. One instance per feed, refilled at each tick, so that nothing is allocated.
/// </summary>
/// <remarks>
/// <c>observedAt</c> never moves back, so a word older than the last published one cannot vote. Measured against the feed as a whole this can
/// lock an upstream out: once the others have gone on without it, one that is steadily five seconds late is always five seconds behind.
/// <see cref="HasLaggard"/> tells of such an upstream, and <c>observedAt</c> then waits for it (see <see cref="PricingSettings.CatchUp"/>): it is
/// understated for some seconds, never overstated, and the late upstream is back as soon as its own word reaches it.
/// </remarks>
internal sealed class Ballot
{
    /// <summary>Half of the mid: no market maker means such a quote.</summary>
    private const int StubSpreadBps = 5_000;

    private readonly SourceTable _table;
    private readonly Vote[] _votes;
    private readonly int[] _voteOfUpstream;
    private readonly bool[] _laggard;
    private readonly InputVerdict[] _verdicts;
    private bool _hasPrints, _hasUnchanged;

    public Ballot(SourceTable table)
    {
        _table = table;
        _votes = new Vote[table.UpstreamCount];
        _voteOfUpstream = new int[table.UpstreamCount];
        _laggard = new bool[table.UpstreamCount];
        _verdicts = new InputVerdict[table.Sources.Length];
        Clear();
    }

    /// <summary>The votes, one per upstream that has one.</summary>
    public Span<Vote> Votes => _votes.AsSpan(0, Count);

    /// <summary>Every source's verdict, in the order of the feed's sources.</summary>
    public ReadOnlySpan<InputVerdict> Verdicts => _verdicts;

    /// <summary>Number of votes.</summary>
    public int Count { get; private set; }

    /// <summary>Number of votes that are two-sided quotes.</summary>
    public int QuoteCount { get; private set; }

    /// <summary>True when an upstream does not vote only because its word is older than what was already published.</summary>
    public bool HasLaggard { get; private set; }

    /// <summary>True when no source may vote, at least one has said something, and all that did are stale.</summary>
    public bool AllStale { get; private set; }

    /// <summary>True when an upstream without a vote has a source that is in quarantine and not silent.</summary>
    public bool IsVoteTaken { get; private set; }

    /// <summary>Upstreams that do not vote while one of their quotes is fresh but too wide.</summary>
    public int TooWideCount { get; private set; }

    /// <summary>Number of sources whose word was refused.</summary>
    public int RejectedCount { get; private set; }

    /// <summary>Empties it: no votes, every source's latest word unjudged.</summary>
    public void Clear()
    {
        Reset();
        for (var slot = 0; slot < _verdicts.Length; slot++)
            _verdicts[slot] = Unjudged(_table.Sources[slot]);
    }

    /// <summary>Collects the votes of this moment.</summary>
    public void Collect(in VoteContext context)
    {
        Reset();
        var sources = _table.Sources;
        for (var slot = 0; slot < sources.Length; slot++)
            _verdicts[slot] = JudgeQuote(slot, sources[slot], context);
        for (var slot = 0; slot < sources.Length; slot++)
            if (_verdicts[slot].Reason is not (InputReason.Used or InputReason.Superseded or InputReason.NotInSession or InputReason.Quarantined or InputReason.EqualAcrossSymbols))
                JudgeTrade(slot, sources[slot], context);
        if (_hasPrints && Count > 2) MarketSanity.RefutePrintsAway(Votes, context.Pricing);
        if (_hasUnchanged && Count > 2) MarketSanity.RefuteFrozen(Votes, _table, context.Pricing);
        Summarize(context);
    }

    /// <summary>Marks what the pricing made of the votes: outliers, and whether the rest stand behind a published price.</summary>
    public void Conclude(bool published)
    {
        foreach (ref readonly var vote in Votes)
        {
            ref var verdict = ref _verdicts[vote.SourceSlot];
            if (!vote.IsAccepted) verdict = verdict with { Reason = vote.Refuted == InputReason.NoData ? InputReason.Outlier : vote.Refuted };
            else if (!published) verdict = verdict with { Reason = InputReason.NotPublished };
        }

        RejectedCount = 0;
        foreach (ref readonly var verdict in Verdicts)
            if (verdict.IsRejected)
                RejectedCount++;
    }

    /// <summary>
    /// Takes out the votes that are still in the shares of before a split, when the quorum is not: whoever is late with it neither contradicts nor confirms.
    /// </summary>
    /// <param name="step">The split.</param>
    /// <param name="reference">What it makes of the price before it, or the last price after it; 1e-8 units.</param>
    /// <param name="quorum">How many votes must be of after it.</param>
    public void SetAsideBefore(ShareRatio step, long reference, int quorum)
    {
        if (reference <= 0 || step.IsNone) return;
        var after = 0;
        foreach (ref readonly var vote in Votes)
            if (StepContinuity.Holds((ulong)vote.Value, (ulong)reference, step))
                after++;
        if (after < quorum) return;
        for (var i = Count - 1; i >= 0; i--)
        {
            if (!StepContinuity.Holds((UInt128)_votes[i].Value * (ulong)step.Old, (UInt128)reference * (ulong)step.New, step)) continue;
            ref var verdict = ref _verdicts[_votes[i].SourceSlot];
            verdict = verdict with { Reason = InputReason.BeforeAction };
            if (_votes[i].IsQuote) QuoteCount--;
            for (var next = i + 1; next < Count; next++) _votes[next - 1] = _votes[next];
            Count--;
        }
    }

    private void Reset()
    {
        Count = 0;
        QuoteCount = 0;
        HasLaggard = false;
        AllStale = false;
        IsVoteTaken = false;
        TooWideCount = 0;
        RejectedCount = 0;
        _hasPrints = false;
        _hasUnchanged = false;
        Array.Fill(_voteOfUpstream, -1);
        Array.Clear(_laggard);
    }

    private InputVerdict JudgeQuote(int slot, SourceState source, in VoteContext context)
    {
        if (!context.Allowed[slot]) return Unjudged(source) with { Reason = InputReason.NotInSession };

        ref readonly var quote = ref source.Quote;
        var barred = source.Barred(context.Now);
        if (barred != InputReason.Used) return Barred(source, context.Session, barred);
        if (!quote.HasEvent) return Unjudged(source);
        if (quote.IsWithdrawn) return Of(source, quote, InputReason.Withdrawn);

        var reason = Timing(quote.EventTime, context.Pricing.QuoteFreshness, context);
        if (reason is InputReason.Used or InputReason.OlderThanPublished
            && Bps.Exceeds(quote.Ask - quote.Bid, quote.Mid, context.Pricing.SpreadCapBps))
            reason = Bps.Exceeds(quote.Ask - quote.Bid, quote.Mid, StubSpreadBps) ? InputReason.StubQuote : InputReason.SpreadTooWide;
        if (reason == InputReason.OlderThanPublished) _laggard[source.UpstreamSlot] = true;
        if (reason == InputReason.Used && source.Freeze.UnchangedFor >= context.Pricing.FrozenAfter) _hasUnchanged = true;
        if (reason == InputReason.Used)
            reason = Cast(new Vote(source.UpstreamSlot, slot, IsQuote: true, quote.Mid, quote.Bid, quote.Ask, quote.EventTime));
        return Of(source, quote, reason);
    }

    private void JudgeTrade(int slot, SourceState source, in VoteContext context)
    {
        if (!source.TryTrade(context.Session, out var trade))
        {
            ShowRefusalIfNewer(slot, source);
            return;
        }

        var reason = Timing(trade.EventTime, context.Pricing.TradeFreshness, context);
        if (reason == InputReason.OlderThanPublished) _laggard[source.UpstreamSlot] = true;
        if (reason == InputReason.Used)
        {
            reason = Cast(new Vote(source.UpstreamSlot, slot, IsQuote: false, trade.Price, trade.Price, trade.Price, trade.EventTime));
            _hasPrints = true;
        }

        // A trade that votes, or that is the newer word, tells more of the source than the quote that does not vote.
        ref var verdict = ref _verdicts[slot];
        if (reason is InputReason.Used or InputReason.Superseded || verdict.Reason == InputReason.NoData || trade.EventTime > verdict.EventTime)
            verdict = Of(source, trade, reason);
        if (reason is not (InputReason.Used or InputReason.Superseded)) ShowRefusalIfNewer(slot, source);
    }

    /// <summary>The upstream's newest quote votes, else its newest print; of the same moment, that of the source named first.</summary>
    private InputReason Cast(in Vote vote)
    {
        var standing = _voteOfUpstream[vote.UpstreamSlot];
        if (standing < 0)
        {
            _voteOfUpstream[vote.UpstreamSlot] = Count;
            _votes[Count++] = vote;
            return InputReason.Used;
        }

        ref var stands = ref _votes[standing];
        if ((stands.IsQuote && !vote.IsQuote) || vote.EventTime <= stands.EventTime)
        {
            stands = stands.Before(vote);
            return InputReason.Superseded;
        }

        ref var beaten = ref _verdicts[stands.SourceSlot];
        beaten = beaten with { Reason = InputReason.Superseded };
        stands = vote.Before(stands);
        return InputReason.Used;
    }

    private void Summarize(in VoteContext context)
    {
        foreach (ref readonly var vote in Votes)
        {
            if (vote.IsQuote) QuoteCount++;
            _laggard[vote.UpstreamSlot] = false;
        }

        HasLaggard = _laggard.AsSpan().Contains(true);
        var spoke = 0;
        var stale = 0;
        foreach (ref readonly var verdict in Verdicts)
        {
            if (verdict.IsRejected) spoke++;
            if (verdict.Reason == InputReason.Stale) stale++;
        }

        AllStale = Count == 0 && stale > 0 && stale == spoke;
        var sources = _table.Sources;
        for (var slot = 0; slot < sources.Length; slot++)
        {
            // Counted once per upstream: the mark makes a second source of it pass.
            var upstream = sources[slot].UpstreamSlot;
            ref readonly var verdict = ref _verdicts[slot];
            if (_voteOfUpstream[upstream] < 0 && verdict.Reason == InputReason.Quarantined && !verdict.Value.IsNone
                && context.Now - verdict.EventTime <= context.Pricing.QuoteFreshness)
                IsVoteTaken = true;
            if (_voteOfUpstream[upstream] != -1 || _verdicts[slot].Reason is not (InputReason.SpreadTooWide or InputReason.StubQuote)) continue;
            _voteOfUpstream[upstream] = -2;
            TooWideCount++;
        }
    }

    /// <summary>What a source that has no vote says: its newest word, for the record and for its probation.</summary>
    private static InputVerdict Barred(SourceState source, MarketSession session, InputReason reason)
    {
        ref readonly var quote = ref source.Quote;
        var hasTrade = source.TryTrade(session, out var trade);
        if (quote.HasEvent && (!hasTrade || !quote.IsWithdrawn)) return Of(source, quote, reason);
        return hasTrade ? Of(source, trade, reason) : Unjudged(source) with { Reason = reason };
    }

    private static InputReason Timing(Instant eventTime, Duration freshness, in VoteContext context)
    {
        var age = context.Now - eventTime;
        if (age < -context.FutureTolerance) return InputReason.Future;
        if (age > freshness) return InputReason.Stale;
        if (eventTime <= context.ResumedAt) return InputReason.BeforeResume;
        return eventTime < context.NotOlderThan ? InputReason.OlderThanPublished : InputReason.Used;
    }

    private void ShowRefusalIfNewer(int slot, SourceState source)
    {
        ref readonly var refusal = ref source.LastRefusal;
        ref var verdict = ref _verdicts[slot];
        if (refusal.Reason == InputReason.NoData) return;
        if (verdict.Reason != InputReason.NoData && refusal.At <= verdict.EventTime) return;
        verdict = verdict with
        {
            Reason = refusal.Reason,
            Kind = refusal.Kind,
            Value = refusal.Value,
            Bid = refusal.Bid,
            Ask = refusal.Ask,
            EventTime = refusal.EventTime,
        };
    }

    private static InputVerdict Unjudged(SourceState source) =>
        new(source.Source.Id, source.Source.Upstream, InputReason.NoData, ObservationKind.None, default, default, default, default);

    private static InputVerdict Of(SourceState source, in QuoteSlot quote, InputReason reason)
    {
        Price.TryFromE8(quote.IsWithdrawn ? 0 : quote.Mid, out var mid);
        Price.TryFromE8(quote.Bid, out var bid);
        Price.TryFromE8(quote.Ask, out var ask);
        return new(source.Source.Id, source.Source.Upstream, reason, ObservationKind.Quote, mid, bid, ask, quote.EventTime);
    }

    private static InputVerdict Of(SourceState source, in TradeSlot trade, InputReason reason)
    {
        Price.TryFromE8(trade.Price, out var price);
        return new(source.Source.Id, source.Source.Upstream, reason, ObservationKind.Trade, price, default, default, trade.EventTime);
    }
}
