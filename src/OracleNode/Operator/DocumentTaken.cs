namespace OracleNode.Operator;

/// <summary>What came of a genuine document that is in force.</summary>
/// <param name="What">What is new, for the log; null when it is what was in force already.</param>
/// <param name="Warning">What a person must mend although it is in force; null when nothing.</param>
internal readonly record struct DocumentTaken(string? What, string? Warning = null);
