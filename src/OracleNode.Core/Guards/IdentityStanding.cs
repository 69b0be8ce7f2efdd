namespace OracleNode.Guards;

/// <summary>Is there such an instrument now.</summary>
public enum IdentityStanding : byte
{
    /// <summary>Nothing speaks against it.</summary>
    Listed = 0,
    /// <summary>No ticker names it on this trade date.</summary>
    Unnamed = 1,
    /// <summary>Its listing is known and still to come.</summary>
    NotListed = 2,
    /// <summary>It was listed some days ago, so that a first price has nothing to be compared with.</summary>
    JustListed = 3,
    /// <summary>Its listing has ended.</summary>
    Delisted = 4,
}
