using System.Text.Json.Serialization;
using OracleNode.Deployment;
using OracleNode.Market;
using OracleNode.Pricing;
using OracleNode.Publishing;
using OracleNode.Tokens;

namespace OracleNode.Configuration;

/// <summary>The checked configuration as the node runs it. Immutable; made by <see cref="NodeSettingsFactory"/>.</summary>
internal sealed record NodeSettings
{
    public required NodeOptions Options { get; init; }

    public required ulong Deployment { get; init; }

    public required IReadOnlyList<Instrument> Instruments { get; init; }

    public required IReadOnlyList<Source> Sources { get; init; }

    /// <summary>When corporate actions pause a share.</summary>
    public required Guards.CorporateActionSettings CorporateActions { get; init; }

    /// <summary>Shares first, then the tokens made from them, then what is made from those.</summary>
    public required IReadOnlyList<FeedSettings> Feeds { get; init; }

    /// <summary>What stands on the chains as <c>deploy</c> recorded it; null when no record is configured.</summary>
    public required DeploymentRecord? Record { get; init; }

    /// <summary>What <c>deploy</c> brings to the chains; null when it is not configured.</summary>
    public required DeploySettings? Deploy { get; init; }

    /// <summary>The tokens of the configuration: those that feeds are made for and those that they are compared with. A <see cref="TokenId"/> is a place here.</summary>
    public required IReadOnlyList<TokenDefinition> Tokens { get; init; }

    /// <summary>By chain name: when each feed is worth a transaction there, in feed order.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<PublishSettings>> Publishing { get; init; }
}

/// <summary>One feed and its rules.</summary>
/// <param name="Feed">What it is.</param>
/// <param name="Pricing">Share: how it is priced. Null for a token.</param>
/// <param name="Underlying">Made from a share, directly or not: place of that share's feed in <see cref="NodeSettings.Feeds"/>.</param>
/// <param name="TokenPlace">Token: place of its token in <see cref="NodeSettings.Tokens"/>.</param>
internal sealed record FeedSettings(Feed Feed, PricingSettings? Pricing, int? Underlying, int? TokenPlace)
{
    /// <summary>Made from other feeds or from tokens' own markets: its rules. Null for a share and a token.</summary>
    [JsonIgnore]
    public Guards.DerivedFeedRules? Derived { get; init; }

    /// <summary>The same, for the digest: with all that its kind has.</summary>
    public object? DerivedRules => Derived;

    /// <summary>How long a record of it may be relied on in every session; null: as the share's that it is made from.</summary>
    public NodaTime.Duration? MaxAge { get; init; }

    /// <summary>Share: what it should move like.</summary>
    public IReadOnlyList<Guards.RelatedFeed> Related { get; init; } = [];

    /// <summary>Token: how it follows its share. Null for a share.</summary>
    public Guards.TokenSettings? Token { get; init; }

    /// <summary>Share: every source, with whether it speaks for the instrument's listing market.</summary>
    public IReadOnlyList<Source> Sources { get; init; } = [];

    /// <summary>Share: tier of the limit-up limit-down plan.</summary>
    public Guards.LuldTier Luld { get; init; }

    /// <summary>Share: leverage of the product in per cent, 100 for none.</summary>
    public int LuldLeveragePercent { get; init; } = 100;
}
