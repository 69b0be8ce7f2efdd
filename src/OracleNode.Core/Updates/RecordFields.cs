namespace OracleNode.Updates;

/// <summary>The fields of a <see cref="FeedRecord"/>, to say in which of them two records differ.</summary>
[Flags]
public enum RecordFields : uint
{
    None = 0,
    FeedTag = 1u << 0,
    Price = 1u << 1,
    Confidence = 1u << 2,
    Bid = 1u << 3,
    Ask = 1u << 4,
    Ema = 1u << 5,
    Session = 1u << 6,
    ClosedReason = 1u << 7,
    HaltReason = 1u << 8,
    State = 1u << 9,
    HoldReasons = 1u << 10,
    SourcesUsed = 1u << 11,
    SourcesRejected = 1u << 12,
    Upstreams = 1u << 13,
    ObservedAt = 1u << 14,
    NextChangeAt = 1u << 15,
    MaxAge = 1u << 16,
    Multiplier = 1u << 17,
    NextMultiplier = 1u << 18,
    Activation = 1u << 19,
    Underlying = 1u << 20,

    /// <summary>What a chain need not store of a feed to be safe to read: quote, average and counts.</summary>
    Detail = Bid | Ask | Ema | SourcesUsed | SourcesRejected | Upstreams,
    All = (1u << 21) - 1,
}

/// <summary>Compares records field by field.</summary>
public static class RecordDifference
{
    /// <summary>The fields in which two records differ. Allocates nothing.</summary>
    /// <param name="compared">The fields to look at.</param>
    public static RecordFields Between(in FeedRecord left, in FeedRecord right, RecordFields compared = RecordFields.All)
    {
        var found = RecordFields.None;
        if (left.FeedTag != right.FeedTag) found |= RecordFields.FeedTag;
        if (left.Price != right.Price) found |= RecordFields.Price;
        if (left.ConfidenceE8 != right.ConfidenceE8) found |= RecordFields.Confidence;
        if (left.Bid != right.Bid) found |= RecordFields.Bid;
        if (left.Ask != right.Ask) found |= RecordFields.Ask;
        if (left.Ema != right.Ema) found |= RecordFields.Ema;
        if (left.Session != right.Session) found |= RecordFields.Session;
        if (left.ClosedReason != right.ClosedReason) found |= RecordFields.ClosedReason;
        if (left.HaltReason != right.HaltReason) found |= RecordFields.HaltReason;
        if (left.State != right.State) found |= RecordFields.State;
        if (left.HoldReasons != right.HoldReasons) found |= RecordFields.HoldReasons;
        if (left.SourcesUsed != right.SourcesUsed) found |= RecordFields.SourcesUsed;
        if (left.SourcesRejected != right.SourcesRejected) found |= RecordFields.SourcesRejected;
        if (left.Upstreams != right.Upstreams) found |= RecordFields.Upstreams;
        if (left.ObservedAtUnixMillis != right.ObservedAtUnixMillis) found |= RecordFields.ObservedAt;
        if (left.NextChangeAtUnixSeconds != right.NextChangeAtUnixSeconds) found |= RecordFields.NextChangeAt;
        if (left.MaxAgeSeconds != right.MaxAgeSeconds) found |= RecordFields.MaxAge;

        // A share's terms are none: against a token's they differ in every field that is set.
        var ours = left.Token.GetValueOrDefault();
        var theirs = right.Token.GetValueOrDefault();
        if (ours.Multiplier != theirs.Multiplier) found |= RecordFields.Multiplier;
        if (ours.NextMultiplier != theirs.NextMultiplier) found |= RecordFields.NextMultiplier;
        if (ours.ActivationUnixSeconds != theirs.ActivationUnixSeconds) found |= RecordFields.Activation;
        if (ours.Underlying != theirs.Underlying) found |= RecordFields.Underlying;
        return found & compared;
    }
}
