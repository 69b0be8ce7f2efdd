using System.Globalization;
using System.Text;
using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Vendors;

namespace OracleNode.Configuration;

/// <summary>Makes the settings of the feeds that come from tokens' own markets: premiums, currencies, tokens in those currencies, indications. What is wrong goes into the errors.</summary>
/// <param name="options">All feeds as configured.</param>
/// <param name="sources">All sources.</param>
/// <param name="configured">The same as configured, in the same order.</param>
/// <param name="tokens">Assets of the tokens by every name that a source may give them.</param>
/// <param name="path">Where the feeds stand, e.g. <c>OracleNode:Feeds</c>.</param>
/// <param name="errors">Receives each error once.</param>
internal sealed class MarketFeedFactory(
    IReadOnlyList<FeedOptions> options, IReadOnlyList<Source> sources, IReadOnlyList<SourceOptions> configured, IReadOnlyDictionary<string, string> tokens, string path, List<string> errors)
{
    /// <summary>The currency that every price here is in; it has no feed of its own.</summary>
    private const string Dollar = "USD";

    /// <summary>Makes one feed; null when something is wrong.</summary>
    /// <param name="o">The feed as configured, of one of these units.</param>
    /// <param name="before">Every feed that stands before it: all shares and tokens, for a premium all currencies, for an indication all premiums.</param>
    public FeedSettings? Create(FeedOptions o, IReadOnlyList<FeedSettings> before)
    {
        var key = $"{path}:{options.ToList().IndexOf(o)}";
        var errorsBefore = errors.Count;
        Require(o.Token.Length == 0, $"{key}:Token", o.Token, "empty: the token is that of the feed in Underlying");
        Require(o.Related.Count == 0, $"{key}:Related", o.Related.Count, "empty: only shares are related");
        Require(o.Currency.Length == 0 || o.Unit == FeedUnit.CurrencyUnit, $"{key}:Currency", o.Currency, "empty for any feed but one of unit CurrencyUnit");
        var settings = o.Unit switch
        {
            FeedUnit.PremiumRatio => Premium(o, key, before),
            FeedUnit.CurrencyUnit => Currency(o, key),
            FeedUnit.RawToken => Quoted(o, key, before),
            _ => Indication(o, key, before),
        };
        return errors.Count == errorsBefore ? settings : null;
    }

    private FeedSettings? Premium(FeedOptions o, string key, IReadOnlyList<FeedSettings> before)
    {
        var place = Find(before, f => f.Feed.Name == o.Underlying && f.Feed is { Unit: FeedUnit.RawToken, Quote: Dollar });
        Require(place >= 0, $"{key}:Underlying", o.Underlying, $"the name of a token feed of unit RawToken in {Dollar}");
        var rules = new PremiumSettings();
        var section = o.Premium;
        var at = $"{key}:{nameof(FeedOptions.Premium)}";
        var settings = rules with
        {
            QuoteFreshness = Or(section.QuoteFreshness, rules.QuoteFreshness),
            MaxSpreadBps = section.MaxSpreadBps ?? rules.MaxSpreadBps,
            MinDepth = Or(section.MinDepth, rules.MinDepth, $"{at}:MinDepth"),
            MinMarkets = section.MinMarkets ?? rules.MinMarkets,
            WantedMarkets = section.WantedMarkets ?? int.Max(rules.WantedMarkets, section.MinMarkets ?? 0),
            OutlierLimitBps = section.OutlierLimitBps ?? rules.OutlierLimitBps,
            MinRatio = Or(section.MinRatio, rules.MinRatio, $"{at}:MinRatio"),
            MaxRatio = Or(section.MaxRatio, rules.MaxRatio, $"{at}:MaxRatio"),
            AverageWindow = Or(section.AverageWindow, rules.AverageWindow),
            MinLearning = Or(section.MinLearning, rules.MinLearning),
            MaxAge = Or(section.MaxAge, rules.MaxAge),
        };
        foreach (var problem in settings.Check()) errors.Add($"{at}: {problem}");
        var asset = options.FirstOrDefault(f => f.Name == o.Underlying)?.Token ?? "";
        var markets = Named(
            section.Sources, $"{at}:Sources", settings.MinMarkets, "MinMarkets", s => place < 0 || (tokens.TryGetValue(s.Token, out var traded) && traded == asset),
            $"a market of the token: a source with an entry in Symbols whose Token is {o.Underlying}");
        if (place < 0) return null;

        var token = before[place];
        var rates = before.Select((f, i) => (Rules: f.Derived as CurrencyFeedRules, i)).Where(r => r.Rules is not null).ToDictionary(r => r.Rules!.Currency, r => r.i, StringComparer.Ordinal);
        var feed = token.Feed with { Name = o.Name, Unit = FeedUnit.PremiumRatio };
        return new FeedSettings(feed, null, token.Underlying, null)
        {
            Derived = new PremiumFeedRules(feed, place, new TokenId(token.TokenPlace!.Value), token.Token!.MultiplierMaxAge, markets, rates, settings),
            MaxAge = settings.MaxAge,
        };
    }

    private FeedSettings Currency(FeedOptions o, string key)
    {
        Require(o.Underlying.Length == 0, $"{key}:Underlying", o.Underlying, "empty for a currency's feed");
        var isName = o.Currency.Length is >= 3 and <= 12 && o.Currency.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c)) && o.Currency != Dollar;
        Require(isName, $"{key}:Currency", o.Currency, "3 to 12 capital letters and digits, e.g. USDC, and not USD");
        var rules = new CurrencySettings();
        var section = o.CurrencyRules;
        var at = $"{key}:{nameof(FeedOptions.CurrencyRules)}";
        var settings = rules with
        {
            Freshness = Or(section.Freshness, rules.Freshness),
            MinUpstreams = section.MinUpstreams ?? rules.MinUpstreams,
            WantedUpstreams = section.WantedUpstreams ?? int.Max(rules.WantedUpstreams, section.MinUpstreams ?? 0),
            OutlierLimitBps = section.OutlierLimitBps ?? rules.OutlierLimitBps,
            PegLimitBps = section.PegLimitBps ?? rules.PegLimitBps,
            MinPrice = Or(section.MinPrice, rules.MinPrice, $"{at}:MinPrice"),
            MaxPrice = Or(section.MaxPrice, rules.MaxPrice, $"{at}:MaxPrice"),
            AverageWindow = Or(section.AverageWindow, rules.AverageWindow),
            MaxAge = Or(section.MaxAge, rules.MaxAge),
        };
        foreach (var problem in settings.Check()) errors.Add($"{at}: {problem}");
        var readers = Named(
            section.Sources, $"{at}:Sources", settings.MinUpstreams, "MinUpstreams", s => !isName || s.Currency == o.Currency,
            $"a source of that price: one with an entry in Symbols whose Currency is {o.Currency}");
        var feed = new Feed(o.Name, InstrumentId.None, $"currency:{(isName ? o.Currency : "-")}", Dollar, FeedUnit.CurrencyUnit);
        return new FeedSettings(feed, null, null, null) { Derived = new CurrencyFeedRules(feed, o.Currency, readers, settings), MaxAge = settings.MaxAge };
    }

    private FeedSettings? Quoted(FeedOptions o, string key, IReadOnlyList<FeedSettings> before)
    {
        var token = Find(before, f => f.Feed.Name == o.Underlying && f.Feed is { Unit: FeedUnit.RawToken, Quote: Dollar });
        var currency = Find(before, f => f.Derived is CurrencyFeedRules rules && rules.Currency == o.Quote);
        Require(token >= 0, $"{key}:Underlying", o.Underlying, $"the name of the token's feed in {Dollar}");
        Require(currency >= 0, $"{key}:Quote", o.Quote, "the Currency of a feed of unit CurrencyUnit");
        if (token < 0 || currency < 0) return null;
        var feed = before[token].Feed with { Name = o.Name, Quote = o.Quote };
        return new FeedSettings(feed, null, before[token].Underlying, null) { Derived = new QuotedTokenFeedRules(feed, token, currency) };
    }

    private FeedSettings? Indication(FeedOptions o, string key, IReadOnlyList<FeedSettings> before)
    {
        var share = Find(before, f => f.Feed.Name == o.Underlying && f.Pricing is not null);
        Require(share >= 0, $"{key}:Underlying", o.Underlying, "the name of a share feed");
        var rules = new IndicationSettings();
        var section = o.Indication;
        var at = $"{key}:{nameof(FeedOptions.Indication)}";
        var settings = rules with
        {
            MinMarkets = section.MinMarkets ?? rules.MinMarkets,
            OutlierLimitBps = section.OutlierLimitBps ?? rules.OutlierLimitBps,
            WeightBps = section.WeightBps ?? rules.WeightBps,
            DriftWindow = Or(section.DriftWindow, rules.DriftWindow),
            MaxFallBps = section.MaxFallBps ?? rules.MaxFallBps,
            MaxRiseBps = section.MaxRiseBps ?? rules.MaxRiseBps,
            ConfidenceFloorBps = section.ConfidenceFloorBps ?? rules.ConfidenceFloorBps,
            ConfidencePerHourBps = section.ConfidencePerHourBps ?? rules.ConfidencePerHourBps,
            MaxAge = Or(section.MaxAge, rules.MaxAge),
        };
        foreach (var problem in settings.Check()) errors.Add($"{at}: {problem}");
        Require(section.Premiums.Count > 0, $"{at}:Premiums", section.Premiums.Count, "the names of one premium feed of the share's tokens at least");
        var premiums = new List<int>();
        for (var i = 0; i < section.Premiums.Count; i++)
        {
            var name = section.Premiums[i];
            var place = Find(before, f => f.Feed.Name == name && f.Derived is PremiumFeedRules && f.Underlying == share);
            Require(place >= 0 && !premiums.Contains(place), $"{at}:Premiums:{i}", name, $"the name of a premium feed of a token of {o.Underlying}, once");
            if (place >= 0) premiums.Add(place);
        }

        var markets = premiums.SelectMany(p => ((PremiumFeedRules)before[p].Derived!).Sources).DistinctBy(s => s.Id).OrderBy(s => s.Id.Index).ToList();
        var upstreams = markets.Select(s => s.Upstream).Distinct().Count();
        Require(upstreams >= settings.MinMarkets, $"{at}:Premiums", upstreams, $"premiums whose sources have {settings.MinMarkets} upstreams (MinMarkets) at least");
        if (share < 0 || premiums.Count == 0 || markets.Count == 0) return null;

        var feed = before[share].Feed with { Name = o.Name, Unit = FeedUnit.IndicativeShare };
        return new FeedSettings(feed, null, share, null) { Derived = new IndicationFeedRules(feed, share, premiums, markets, settings), MaxAge = settings.MaxAge };
    }

    private List<Source> Named(List<string> names, string key, int least, string rule, Func<SymbolOptions, bool> isOfIt, string right)
    {
        var named = new List<Source>();
        for (var i = 0; i < names.Count; i++)
        {
            var source = sources.FirstOrDefault(s => s.Name == names[i]);
            Require(source is not null && !named.Contains(source), $"{key}:{i}", names[i], $"one of {string.Join(", ", sources.Select(s => s.Name))}, once");
            if (source is null) continue;

            // What it is asked for decides, not who it is: another vendor may have the same price tomorrow.
            Require(configured[source.Id.Index].Symbols.Any(isOfIt), $"{key}:{i}", names[i], right);
            named.Add(source);
        }

        var upstreams = named.Select(s => s.Upstream).Distinct().Count();
        Require(upstreams >= least && named.Count is > 0 and <= DerivedLimits.MaxSources, key, upstreams, $"1 to {DerivedLimits.MaxSources} sources of {least} upstreams ({rule}) at least");
        return named;
    }

    private static int Find(IReadOnlyList<FeedSettings> feeds, Func<FeedSettings, bool> isIt)
    {
        for (var i = 0; i < feeds.Count; i++)
            if (isIt(feeds[i]))
                return i;
        return -1;
    }

    private static Duration Or(TimeSpan? value, Duration otherwise) => value is { } v ? Duration.FromTimeSpan(v) : otherwise;

    private Price Or(string text, Price otherwise, string key)
    {
        if (text.Length == 0) return otherwise;
        if (text == "0") return default;
        if (Price.TryParse(Encoding.UTF8.GetBytes(text), out var price, out _)) return price;
        errors.Add($"{key} = '{text}': must be a number like 1000 or 0.5 with at most 8 decimals, or empty for the default.");
        return otherwise;
    }

    private void Require(bool holds, string key, object? value, string right)
    {
        if (holds) return;
        var error = string.Create(CultureInfo.InvariantCulture, $"{key} = '{value}': must be {right}.");
        if (!errors.Contains(error)) errors.Add(error);
    }
}
