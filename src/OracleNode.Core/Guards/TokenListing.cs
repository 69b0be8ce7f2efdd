namespace OracleNode.Guards;

/// <summary>A token that the rules know: one that feeds are made for, or one that those are compared with.</summary>
/// <param name="Name">For people.</param>
/// <param name="Issue">The product: tokens of one issue stand for one number of shares on every chain.</param>
/// <param name="Issuer">Who may upgrade it: a change of one token's code is held against all of this issuer.</param>
/// <param name="CodeHash">The code that the operator has accepted; null takes the first that is seen.</param>
public sealed record TokenListing(string Name, string Issue, string Issuer, string? CodeHash);
