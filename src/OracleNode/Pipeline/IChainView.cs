using OracleNode.Chains;

namespace OracleNode.Pipeline;

/// <summary>A chain as those see it who decide what it needs: what it holds and what is on its way there.</summary>
internal interface IChainView
{
    /// <summary>Configured name.</summary>
    string Name { get; }

    ChainKind Kind { get; }

    /// <summary>Ends when the first attempt to read the chain has ended, well or badly.</summary>
    Task FirstAttempt { get; }

    /// <summary>Copies what is known; index as in the feeds of the plan.</summary>
    /// <param name="feeds">Receives it.</param>
    /// <param name="known">The <see cref="ChainState.Version"/> that <paramref name="feeds"/> shows already, so that nothing is copied while it is the latest; 0 for none.</param>
    ChainState Read(Span<ChainFeedState> feeds, long known = 0);
}
