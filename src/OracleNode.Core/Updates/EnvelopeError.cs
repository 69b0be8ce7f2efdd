namespace OracleNode.Updates;

/// <summary>Why bytes are not an envelope.</summary>
public enum EnvelopeError
{
    None = 0,
    /// <summary>Too short, or bytes are left over.</summary>
    Length,
    Version,
    /// <summary>Record count is zero.</summary>
    Count,
    /// <summary>Signer indexes do not ascend strictly.</summary>
    Signers,
    /// <summary>The run is not aligned, not in the batch, or its level is above the top.</summary>
    Run,
    /// <summary>A record is not canonical.</summary>
    Record,
}
