using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>Another share's feed that this one should move like: a fund on the same index, a company's other class of shares.</summary>
/// <param name="Feed">Place of the other share's feed.</param>
/// <param name="ToleranceBps">How far this feed's move may lie from the one that is expected, in bps of the common reference. 1 to 10,000.</param>
/// <param name="MovePercent">How much of the other's move this one should make: 100 for all of it, 300 for a threefold fund, -100 for an inverse one. -1,000 to 1,000, not 0.</param>
public sealed record RelatedFeed(int Feed, int ToleranceBps, int MovePercent = 100)
{
    /// <summary>Most relations of one feed.</summary>
    public const int MaxPerFeed = 3;

    /// <summary>Greatest multiple of the other's move, either way.</summary>
    public const int MaxMovePercent = 1_000;

    /// <summary>Checks every bound but the place.</summary>
    /// <exception cref="ArgumentException">A value is outside its range; the message names the member, the value and the range.</exception>
    public void Validate()
    {
        Bounds.Check(nameof(RelatedFeed), nameof(ToleranceBps), ToleranceBps, 1, SessionPricing.MaxBps);
        Bounds.Check(nameof(RelatedFeed), nameof(MovePercent), MovePercent, -MaxMovePercent, MaxMovePercent);
        if (MovePercent == 0) throw new ArgumentException($"{nameof(RelatedFeed)}.{nameof(MovePercent)} is 0; it must not be: what moves by nothing is related to nothing.", nameof(MovePercent));
    }
}
