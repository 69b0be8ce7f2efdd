using System.Text.Json.Nodes;
using OracleNode.Market;

namespace OracleNode.Run;

/// <summary>A feed of a run that is made from other feeds or from other markets than the shares'.</summary>
internal interface IDerivedFeed
{
    /// <summary>Its name.</summary>
    string FeedName { get; }

    /// <summary>What the contracts register, and the node computes from its configuration: both must come to one id.</summary>
    /// <param name="before">The feeds that it may be made from.</param>
    Feed Of(IReadOnlyList<Feed> before);

    /// <summary>Adds it to the node's configuration.</summary>
    /// <param name="node">The section <c>OracleNode</c>.</param>
    /// <param name="speed">Market seconds per second.</param>
    void AddTo(JsonObject node, double speed);
}
