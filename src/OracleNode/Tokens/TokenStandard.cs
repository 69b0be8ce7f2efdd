namespace OracleNode.Tokens;

/// <summary>How a token's chain tells its multiplier. Each has a folder beside this with its reader and what is known of it.</summary>
public enum TokenStandard
{
    Unknown = 0,
    /// <summary>Solana, Token-2022 with the ScaledUiAmount extension: xStocks, Ondo. Balances are raw.</summary>
    ScaledUiAmount,
    /// <summary>EVM, Backed's token (xStocks): <c>balanceOf</c> is scaled already, <c>sharesOf</c> is raw.</summary>
    Backed,
    /// <summary>EVM, ERC-8056 (Robinhood Chain): <c>balanceOf</c> is raw, <c>balanceOfUI</c> is scaled.</summary>
    Erc8056,
    /// <summary>EVM, Dinari's dShare: <c>balanceOf</c> is scaled by splits only, no schedule.</summary>
    Dinari,
    /// <summary>EVM, Ondo's SyntheticSharesOracle: balances are raw.</summary>
    Ondo,
}

/// <summary>What follows from a standard.</summary>
internal static class TokenStandards
{
    /// <summary>True when balances and supply count displayed tokens, each of them a share, and not raw ones.</summary>
    public static bool CountsDisplayed(this TokenStandard standard) => standard is TokenStandard.Backed or TokenStandard.Dinari;
}
