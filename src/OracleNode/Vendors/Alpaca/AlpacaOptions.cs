namespace OracleNode.Vendors.Alpaca;

/// <summary>What is particular to Alpaca.</summary>
public sealed class AlpacaOptions
{
    /// <summary>Whether to ask for trading statuses (halts and resumes).</summary>
    public bool Statuses { get; set; } = true;

    /// <summary>Whether to ask for price bands (limit up, limit down).</summary>
    public bool Lulds { get; set; } = true;
}
