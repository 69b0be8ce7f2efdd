namespace OracleNode.Health;

/// <summary>Holds the latest snapshot. The pipeline writes it, everything else reads it.</summary>
internal sealed class NodeStatus
{
    private volatile NodeSnapshot? _latest;

    /// <summary>Null until the pipeline's first pass.</summary>
    public NodeSnapshot? Latest => _latest;

    public void Publish(NodeSnapshot snapshot) => _latest = snapshot;
}
