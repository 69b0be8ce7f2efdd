using OracleNode.Market;

namespace OracleNode.Updates;

/// <summary>
/// The signed word about one feed at one attestation. The byte layout is in <c>Updates/README.md</c>.
/// </summary>
public readonly record struct FeedRecord
{
    /// <summary>First 8 bytes of the feed id, big-endian.</summary>
    public required ulong FeedTag { get; init; }

    /// <summary>Price, always positive.</summary>
    public required Price Price { get; init; }

    /// <summary>Half-width of the confidence interval in 1e-8 units, 0 to 2^48 - 1, rounded up.</summary>
    public required long ConfidenceE8 { get; init; }

    /// <summary>Pooled best bid; none when no upstream votes with a quote.</summary>
    public Price Bid { get; init; }

    /// <summary>Pooled best ask; none when no upstream votes with a quote.</summary>
    public Price Ask { get; init; }

    /// <summary>Exponential moving average over one hour of Live time; none until there is one.</summary>
    public Price Ema { get; init; }

    public required MarketSession Session { get; init; }
    public ClosedReason ClosedReason { get; init; }
    public HaltReason HaltReason { get; init; }
    public required FeedState State { get; init; }
    public HoldReasons HoldReasons { get; init; }

    /// <summary>Sources whose word stands behind the price, 0 to 255.</summary>
    public byte SourcesUsed { get; init; }

    /// <summary>Sources whose word was refused, 0 to 255.</summary>
    public byte SourcesRejected { get; init; }

    /// <summary>Distinct upstreams behind the price, 0 to 255.</summary>
    public byte Upstreams { get; init; }

    /// <summary>The oldest contributing observation, Unix milliseconds. Republishing never advances it.</summary>
    public required long ObservedAtUnixMillis { get; init; }

    /// <summary>When the session claim expires, Unix seconds; 0 when the calendar does not know.</summary>
    public long NextChangeAtUnixSeconds { get; init; }

    /// <summary>How long after its attestation this record may be relied on, seconds.</summary>
    public required uint MaxAgeSeconds { get; init; }

    /// <summary>For a token feed: what the price was made from. Null for a share.</summary>
    public TokenTerms? Token { get; init; }
}

/// <summary>What a token price, or an indication, was made from.</summary>
/// <param name="Multiplier">Shares per raw token now.</param>
/// <param name="NextMultiplier">The staged multiplier; none when nothing is staged.</param>
/// <param name="ActivationUnixSeconds">
/// When the staged multiplier applies, Unix seconds. When none is staged: since when <paramref name="Multiplier"/> applies, 0 when that is
/// not said; of an <see cref="FeedUnit.IndicativeShare"/> feed the time of the anchor price.
/// </param>
/// <param name="Underlying">The share price it was multiplied with; of an <see cref="FeedUnit.IndicativeShare"/> feed the anchor price.</param>
public readonly record struct TokenTerms(Multiplier Multiplier, Multiplier NextMultiplier, long ActivationUnixSeconds, Price Underlying)
{
    /// <summary>
    /// True for a price that only starts from another one (IndicativeShare): the multiplier is one, no step is ahead, and <see cref="ActivationUnixSeconds"/> is the time of
    /// <see cref="Underlying"/>.
    /// </summary>
    public bool IsBasis => Multiplier == Market.Multiplier.One && NextMultiplier.IsNone && ActivationUnixSeconds != 0;
}
