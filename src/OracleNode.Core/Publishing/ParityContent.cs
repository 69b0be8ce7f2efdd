namespace OracleNode.Publishing;

/// <summary>Where a chain's record of a feed comes from, as far as this node can tell.</summary>
public enum ParityContent : byte
{
    /// <summary>The chain was not read yet.</summary>
    NotRead = 0,
    /// <summary>The chain holds nothing of the feed.</summary>
    Empty = 1,
    /// <summary>This node signed it.</summary>
    AsSigned = 2,
    /// <summary>Signed before this node began to remember; no other chain contradicts it.</summary>
    NotContradicted = 3,
    /// <summary>Signed by another node of the deployment, by the slot in its sequence; no other chain contradicts it.</summary>
    OtherNode = 4,

    // Alarms.

    /// <summary>This node signed something else under that sequence.</summary>
    NotAsSigned = 16,
    /// <summary>Another chain holds something else under that sequence, and this node cannot tell which is right.</summary>
    NotAsElsewhere = 17,
    /// <summary>The sequence has this node's slot, and this node never signed it: two nodes with one slot, or a stolen key.</summary>
    NeverSigned = 18,
    /// <summary>Attested further ahead of market time than any node may.</summary>
    AttestedAhead = 19,
}
