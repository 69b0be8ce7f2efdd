namespace OracleNode.Operator;

/// <summary>What a signed document is; part of what is signed, so that one is never taken for another.</summary>
internal enum DocumentKind
{
    None = 0,
    /// <summary>A trading calendar, of whichever market it says.</summary>
    Calendar,
    /// <summary>Operators' commands.</summary>
    Commands,
    /// <summary>Corporate actions that an operator vouches for.</summary>
    CorporateActions,
    /// <summary>What a custodian holds.</summary>
    Reserves,
}
