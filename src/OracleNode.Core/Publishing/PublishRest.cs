namespace OracleNode.Publishing;

/// <summary>
/// From when until when a feed that is <see cref="PublishReason.Unchanged"/> stays so, while nothing of its input changes: few feeds change from one plan to
/// the next. <c>default</c> is never.
/// </summary>
public readonly record struct PublishRest
{
    private readonly long _fromUnixMillis;
    private readonly long _untilUnixMillis;

    internal PublishRest(long fromUnixMillis, long untilUnixMillis)
    {
        _fromUnixMillis = fromUnixMillis;
        _untilUnixMillis = untilUnixMillis;
    }

    /// <summary>Not before it was found either: the clock may go back.</summary>
    internal bool Stands(long nowUnixMillis) => nowUnixMillis >= _fromUnixMillis && nowUnixMillis < _untilUnixMillis;
}
