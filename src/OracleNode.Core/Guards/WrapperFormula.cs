namespace OracleNode.Guards;

/// <summary>The conversions that are known, and known to be no one's to move. A closed set: an unknown vault's rate is whatever somebody wants it to be.</summary>
public enum WrapperFormula : byte
{
    None = 0,
    /// <summary>Backed's wrapper of its EVM token: computed from the token's multiplier and not from balances. One raw token per share, always.</summary>
    BackedWrapped = 1,
    /// <summary>Dinari's vault over its dShare: assets are the vault's balance, so that whoever sends it tokens raises the rate; hence the cap.</summary>
    DinariWrapped = 2,
    /// <summary>One raw token per share, by the contract's own word.</summary>
    Identity = 3,
}
