namespace OracleNode.Chains;

/// <summary>Which protocol family a chain speaks.</summary>
public enum ChainKind
{
    Unknown = 0,
    Evm,
    Solana,
}
