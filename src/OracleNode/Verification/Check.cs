namespace OracleNode.Verification;

/// <summary>One thing that was verified.</summary>
/// <param name="Name">What, in a few words; stable.</param>
/// <param name="Holds">The verdict.</param>
/// <param name="Detail">What was found, for a person; where it does not hold, both sides.</param>
internal sealed record Check(string Name, bool Holds, string Detail);
