namespace OracleNode.Tokens;

/// <summary>A token of the configuration, checked. Its place in the list is its <see cref="Market.TokenId"/>.</summary>
/// <param name="Name">For people.</param>
/// <param name="Asset">Canonical asset (CAIP-19): chain and address, which are its identity.</param>
/// <param name="Chain">Name of the chain in <c>Tokens:Evm</c> or <c>Tokens:Solana</c> that it is read from.</param>
/// <param name="Address">Mint or contract, as in <paramref name="Asset"/>.</param>
/// <param name="Standard">How it tells its multiplier.</param>
/// <param name="Issue">The product: tokens of one issue stand for the same number of shares on every chain.</param>
/// <param name="Issuer">Who may pause and upgrade it: what happens to one token's code is held against all of this issuer.</param>
/// <param name="CodeHash">Hash of the code that the operator has accepted; null takes the first that is seen.</param>
/// <param name="Oracle">Ondo: the SyntheticSharesOracle; null for others.</param>
internal sealed record TokenDefinition(
    string Name, string Asset, string Chain, string Address, TokenStandard Standard, string Issue, string Issuer, string? CodeHash, string? Oracle);
