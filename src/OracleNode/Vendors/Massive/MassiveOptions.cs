namespace OracleNode.Vendors.Massive;

/// <summary>What is particular to Massive.</summary>
public sealed class MassiveOptions
{
    /// <summary>Whether to ask for halts and resumes; the vendor sends them for Nasdaq-listed names, on plans that include them.</summary>
    public bool Luld { get; set; } = true;
}
