namespace OracleNode.Health;

/// <summary>One vendor's or issuer's list of corporate actions, which is asked again and again.</summary>
/// <param name="Name">Whose list it is.</param>
/// <param name="Problem">What is wrong with its answers; null when all is well.</param>
/// <param name="Answers">Whole answers since the start.</param>
/// <param name="Faults">Questions without one since the start.</param>
/// <param name="Rows">Rows of the last whole answer.</param>
/// <param name="NotUnderstood">Those of them that are left out.</param>
/// <param name="SinceAnswer">Time since it; before the first one, since the start.</param>
/// <param name="HasAnswered">There was one.</param>
/// <param name="IsSilent">There was none for several of its periods.</param>
/// <param name="Silences">Times that a person was told so since the start.</param>
internal sealed record PollSnapshot(
    string Name, string? Problem, long Answers, long Faults, int Rows, int NotUnderstood, TimeSpan SinceAnswer, bool HasAnswered, bool IsSilent, long Silences);
