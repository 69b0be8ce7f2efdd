using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>One derived feed. Not for use by two threads at once.</summary>
internal interface IDerivedFold
{
    /// <summary>Every change of state and of the reasons to hold, for the host to drain.</summary>
    TransitionLog Transitions { get; }

    /// <summary>The multiplier that its latest decision was made with; null for a feed without one.</summary>
    MultiplierTerms? Terms => null;

    /// <summary>Takes over what the chains hold. Before the first tick, at most once.</summary>
    void Restore(in RestoredFeed last);

    /// <summary>What the guards are told from outside; stands until it is told anew.</summary>
    void SetInputs(in GuardInputs inputs);

    /// <summary>Sees every input that is not an observation of a share; what is not about this feed changes nothing.</summary>
    void Observe(in MarketInput input);

    /// <summary>Decides; null while there is nothing yet to decide from.</summary>
    /// <param name="market">What the feeds before this one decided at this tick.</param>
    /// <param name="now">Market time.</param>
    FeedDecision? Tick(MarketFold market, Instant now);
}
