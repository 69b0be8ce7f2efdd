namespace OracleNode.Guards;

/// <summary>How a related instrument moved since the common reference, scaled to what this one should have made of it (a fund on the same index: as it is).</summary>
/// <param name="MoveBps">The expected move of this feed, in bps of the reference.</param>
/// <param name="ToleranceBps">How far this feed's own move may lie from it. 0 or less: the relation is not known and says nothing.</param>
public readonly record struct RelatedMove(int MoveBps, int ToleranceBps)
{
    /// <summary>True when the related instrument has a fresh price of its own.</summary>
    public bool IsKnown => ToleranceBps > 0;
}

/// <summary>Up to three relations; the ones not known say nothing.</summary>
public readonly record struct RelatedMoves(RelatedMove First, RelatedMove Second = default, RelatedMove Third = default);
