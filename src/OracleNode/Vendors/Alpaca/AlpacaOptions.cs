namespace OracleNode.Vendors.Alpaca;

/// <summary>What is particular to Alpaca.</summary>
public sealed class AlpacaOptions
{
    /// <summary>Whether to ask for trading statuses (halts and resumes).</summary>
    public bool Statuses { get; set; } = true;
}
