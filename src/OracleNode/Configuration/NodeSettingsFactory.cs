using System.Globalization;
using NodaTime;
using NodaTime.Text;
using OracleNode.Chains;
using OracleNode.Deployment;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Publishing;
using OracleNode.Tokens;
using OracleNode.Updates;

namespace OracleNode.Configuration;

/// <summary>Checks the options against each other and makes the settings; every error is reported at once, each with key, value and what would be right.</summary>
internal sealed class NodeSettingsFactory
{
    private const string Root = "OracleNode";

    private readonly NodeOptions _options;
    private readonly List<string> _errors;

    private readonly bool _deployed;

    private List<TokenDefinition> _tokens = [];

    private NodeSettingsFactory(NodeOptions options, List<string> errors, bool deployed)
    {
        _options = options;
        _errors = errors;
        _deployed = deployed;
    }

    /// <summary>Binds and checks the section <c>OracleNode</c>.</summary>
    /// <param name="configuration">With that section.</param>
    /// <param name="deployed">False for what is done before contracts stand: their addresses may be empty, and no record is read.</param>
    /// <exception cref="ConfigurationException">Anything is wrong; it lists all of it.</exception>
    public static NodeSettings Create(IConfiguration configuration, bool deployed = true)
    {
        var errors = new List<string>();
        var section = configuration.GetSection(Root);
        if (!section.Exists()) throw new ConfigurationException([$"{Root}: the section is missing. Start from the appsettings.json that ships with the node."]);
        var options = StrictBinder.Bind<NodeOptions>(section, errors);

        // A value that did not parse is said once: its default must not be complained about as well.
        var unparsed = errors.Select(KeyOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var rules = new List<string>();
        var settings = new NodeSettingsFactory(options, rules, deployed).Build();
        errors.AddRange(rules.Where(e => !unparsed.Contains(KeyOf(e))));
        return errors.Count == 0 ? settings : throw new ConfigurationException(errors);
    }

    private static string KeyOf(string error) => error.Split(" = ", 2)[0];

    private NodeSettings Build()
    {
        CheckNode();
        var record = _deployed ? ReadRecord() : null;
        var instruments = BuildInstruments();
        var sources = BuildSources();
        _tokens = TokenListFactory.Create(_options.Tokens, $"{Root}:Tokens", _errors);
        var feeds = BuildFeeds(sources);
        CurrencyReaders.Check(_options.Feeds, feeds, _options.Sources, $"{Root}:Feeds", _errors);
        CheckChains();
        _errors.AddRange(_options.Redis.Validate($"{Root}:Redis"));
        _errors.AddRange(_options.Evidence.Validate($"{Root}:Evidence"));
        _errors.AddRange(_options.Recording.Validate($"{Root}:Recording"));
        _errors.AddRange(_options.Operator.Validate($"{Root}:Operator"));
        _errors.AddRange(_options.Clock.Validate($"{Root}:Clock"));
        _errors.AddRange(_options.Reserves.Validate($"{Root}:Reserves", _tokens));
        Require(_options.Reserves.Custodians.Count == 0 || _options.Operator.StateFile.Length > 0, "Operator:StateFile", _options.Operator.StateFile, "a file that this node may write, without which an older statement of a custodian would be taken over after a restart");
        _errors.AddRange(_options.XStocks.Validate($"{Root}:XStocks", _options.Instruments.Select(x => x.Ticker).ToHashSet(StringComparer.Ordinal)));
        return new NodeSettings
        {
            Options = _options,
            Deployment = Deployment,
            Record = record,
            Deploy = _options.Deploy is { } deploy ? DeploySettingsFactory.Create(_options, deploy, Deployment, feeds, _errors) : null,
            Instruments = instruments,
            Sources = sources,
            Feeds = feeds,
            Tokens = _tokens,
            Publishing = BuildPublishing(feeds),
            CorporateActions = PricingSettingsFactory.Create(_options.CorporateActions, $"{Root}:CorporateActions", _errors),
        };
    }

    private void CheckNode()
    {
        Require(IsName(_options.Node), "Node", _options.Node, "1 to 32 of a-z, 0-9 and -");
        Require(_options.NodeSlot is >= 0 and < BatchSequence.Slots, "NodeSlot", _options.NodeSlot, $"0 to {BatchSequence.Slots - 1}, and another one on every node of the deployment");
        Require(IsAscii(_options.Deployment, 64), "Deployment", _options.Deployment, "1 to 64 ASCII characters, the same that the contracts were deployed with");
        Require(_options.Signing.KeyFile.Length > 0, "Signing:KeyFile", _options.Signing.KeyFile, "the path of an Ed25519 key file; make one with: keys new --out FILE");
        Require(_options.Signing.Epoch >= 1, "Signing:Epoch", _options.Signing.Epoch, "at least 1");
        Require(_options.CalendarFile.Length > 0, "CalendarFile", _options.CalendarFile, "the path of a calendar file, e.g. Calendars/us-equities.json");
        Require(_options.Health.Listen.Length == 0 || (Uri.TryCreate(_options.Health.Listen, UriKind.Absolute, out var url) && url.Scheme == "http"), "Health:Listen", _options.Health.Listen, "an http URL like http://127.0.0.1:9464, or empty for no endpoints");
        Require(_options.Feeds.Count is > 0 and <= 4096, "Feeds", _options.Feeds.Count, "1 to 4096 feeds");
        Require(_options.Sources.Count > 0, "Sources", _options.Sources.Count, "at least one source");
        Require(ChainNames().Any(), "Chains", "", "at least one chain");
    }

    private ulong Deployment => IsAscii(_options.Deployment, 64) ? BatchMessage.DeploymentId(_options.Deployment) : 0;

    /// <summary>Reads the record, where one is named, and fills in the addresses that the chains leave empty.</summary>
    private DeploymentRecord? ReadRecord()
    {
        if (_options.Contracts.Length == 0) return null;
        try
        {
            var record = DeploymentRecordFile.Read(_options.Contracts);
            Require(record.DeploymentId == DeploymentRecord.IdText(Deployment), "Contracts", _options.Contracts, $"the record of deployment '{_options.Deployment}'; that one is of '{record.Deployment}'");
            foreach (var chain in _options.Chains.Evm)
            {
                if (chain.Contract.Length == 0 && record.Of(chain.Name) is { Kind: ChainKind.Evm } known) chain.Contract = known.Contract;
            }

            foreach (var chain in _options.Chains.Solana)
            {
                if (record.Of(chain.Name) is not { Kind: ChainKind.Solana } known) continue;
                if (chain.ProgramId.Length == 0) chain.ProgramId = known.Contract;
                if (chain.Registry.Length == 0) chain.Registry = known.Registry ?? "";
                if (chain.LookupTable.Length == 0) chain.LookupTable = known.LookupTable ?? "";
            }

            return record;
        }
        catch (ChainException e)
        {
            _errors.Add($"{Root}:Contracts = '{_options.Contracts}': {e.Message}");
            return null;
        }
    }

    private List<Instrument> BuildInstruments()
    {
        var instruments = new List<Instrument>();
        for (var i = 0; i < _options.Instruments.Count; i++)
        {
            var o = _options.Instruments[i];
            var key = $"Instruments:{i}";
            Require(Vendors.SymbolTable.IsWritable(o.Ticker), $"{key}:Ticker", o.Ticker, "a ticker like TSLA or BRK.B");
            Require(_options.Instruments.Count(x => x.Ticker == o.Ticker) == 1, $"{key}:Ticker", o.Ticker, "used by one instrument only");
            Require(o.Figi.Length == 12 && o.Figi.All(char.IsAsciiLetterOrDigit), $"{key}:Figi", o.Figi, "a FIGI of 12 letters and digits, e.g. BBG000N9P426");
            Require(_options.Instruments.Count(x => x.Figi == o.Figi && x.ListingMic == o.ListingMic) == 1, $"{key}:Figi", o.Figi, "used by one instrument only");
            Require(o.Isin.Length is 0 or 12, $"{key}:Isin", o.Isin, "an ISIN of 12 characters, or empty");
            Require(o.LuldTier is >= 0 and <= 2, $"{key}:LuldTier", o.LuldTier, "0 (no computed band), 1 or 2");
            Require(o.LuldLeveragePercent is >= 100 and <= 500, $"{key}:LuldLeveragePercent", o.LuldLeveragePercent, "100 (no leverage) to 500, e.g. 300 for three times, up or down");
            Require(o.ListingMic.Length == 4 && o.ListingMic.All(char.IsAsciiLetterUpper), $"{key}:ListingMic", o.ListingMic, "a MIC of 4 capital letters, e.g. XNAS");
            instruments.Add(new Instrument(o.Figi, o.Isin.Length == 0 ? null : o.Isin, o.ListingMic, BuildTickers(o, key)));
        }

        return instruments;
    }

    private List<TickerAlias> BuildTickers(InstrumentOptions o, string key)
    {
        const int Most = 7;
        var tickers = new List<TickerAlias> { Alias(o.Ticker, $"{key}:TickerValidFrom", o.TickerValidFrom, $"{key}:TickerValidTo", o.TickerValidTo) };
        Require(o.Tickers.Count <= Most, $"{key}:Tickers", o.Tickers.Count, $"at most {Most} further tickers");
        for (var i = 0; i < o.Tickers.Count; i++)
        {
            var (t, at) = (o.Tickers[i], $"{key}:Tickers:{i}");
            Require(Vendors.SymbolTable.IsWritable(t.Ticker), $"{at}:Ticker", t.Ticker, "a ticker like TSLA or BRK.B");
            Require(TickerNames().Count(n => n == t.Ticker) == 1, $"{at}:Ticker", t.Ticker, "used once: one configuration knows a ticker as one instrument");
            Require(t.ValidFrom.Length > 0 || t.ValidTo.Length > 0, at, t.Ticker, "dated: ValidFrom, ValidTo or both");
            tickers.Add(Alias(t.Ticker, $"{at}:ValidFrom", t.ValidFrom, $"{at}:ValidTo", t.ValidTo));
        }

        return tickers;
    }

    private TickerAlias Alias(string ticker, string fromKey, string from, string toKey, string to)
    {
        var alias = new TickerAlias(ticker, ParseDate(fromKey, from), ParseDate(toKey, to));
        Require(alias.ValidFrom is null || alias.ValidTo is null || alias.ValidFrom <= alias.ValidTo, toKey, to, $"not before the first date, {from}");
        return alias;
    }

    /// <summary>Every ticker of every instrument.</summary>
    private IEnumerable<string> TickerNames() => _options.Instruments.SelectMany(i => i.Tickers.Select(t => t.Ticker).Prepend(i.Ticker));

    private List<Source> BuildSources()
    {
        var upstreams = _options.Sources.Select(s => s.Upstream).Distinct(StringComparer.Ordinal).ToList();
        var sources = new List<Source>();
        _errors.AddRange(Vendors.SourceOptionsValidator.Validate(_options.Sources, TickerNames().ToHashSet(StringComparer.Ordinal), TokenNames.Of(_options)).Select(e => $"{Root}:{e}"));
        for (var i = 0; i < _options.Sources.Count; i++)
        {
            var o = _options.Sources[i];
            sources.Add(new Source(new SourceId(i), o.Name, new UpstreamId(upstreams.IndexOf(o.Upstream)), o.Upstream));
        }

        return sources;
    }

    private List<FeedSettings> BuildFeeds(List<Source> sources)
    {
        var feeds = new List<FeedSettings>();
        var ids = new Dictionary<ulong, string>();
        var ordered = _options.Feeds.Select((o, i) => (Options: o, Key: $"Feeds:{i}")).OrderBy(f => RankOf(f.Options));
        var markets = new MarketFeedFactory(_options.Feeds, sources, _options.Sources, TokenNames.Of(_options), $"{Root}:Feeds", _errors);
        foreach (var (o, key) in ordered)
        {
            Require(o.Name.Length is > 0 and <= 32 && o.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-'), $"{key}:Name", o.Name, "1 to 32 letters, digits, dots and dashes");
            Require(_options.Feeds.Count(x => x.Name == o.Name) == 1, $"{key}:Name", o.Name, "used by one feed only");
            Require(o.Quote == "USD" || o.Unit == FeedUnit.RawToken, $"{key}:Quote", o.Quote, "USD: no vendor here quotes in anything else; only a token's price (RawToken) is had in another currency");
            Require(o.Unit == FeedUnit.CurrencyUnit ? o.Instrument.Length == 0 : o.Instrument.Length == 0 != (o.Underlying.Length == 0), $"{key}:Instrument", o.Instrument, "set for a share feed, or else Underlying for a feed made from another, and not both; neither for a currency");

            var settings = RankOf(o) switch
            {
                0 => BuildShare(o, key, sources),
                1 => BuildToken(o, key, feeds),
                2 => BuildDerived(o, key, feeds),
                _ => markets.Create(o, feeds),
            };
            if (settings is null) continue;
            var tag = FeedIdentity.Compute(settings.Feed).Tag;
            Require(ids.TryAdd(tag, o.Name), key, o.Name, $"another feed than '{ids[tag]}', whose id begins with the same 8 bytes");
            feeds.Add(settings);
        }

        for (var i = 0; i < feeds.Count; i++) feeds[i] = feeds[i] with { Related = BuildRelated(feeds[i].Feed.Name, feeds) };
        return feeds;
    }

    private List<Guards.RelatedFeed> BuildRelated(string name, List<FeedSettings> feeds)
    {
        var related = new List<Guards.RelatedFeed>();
        var at = _options.Feeds.FindIndex(f => f.Name == name);
        var options = _options.Feeds[at].Related;
        Require(options.Count <= Guards.RelatedFeed.MaxPerFeed, $"Feeds:{at}:Related", options.Count, $"at most {Guards.RelatedFeed.MaxPerFeed} relations");
        Require(options.Count == 0 || RankOf(_options.Feeds[at]) == 0, $"Feeds:{at}:Related", options.Count, "empty for a token feed: its share's relations hold for it");
        for (var i = 0; i < options.Count; i++)
        {
            var (o, key) = (options[i], $"Feeds:{at}:Related:{i}");
            var place = feeds.FindIndex(f => f.Feed.Name == o.Feed && f.Pricing is not null);
            var (tolerates, moves) = (o.ToleranceBps is >= 1 and <= Pricing.SessionPricing.MaxBps, o.MovePercent is >= -Guards.RelatedFeed.MaxMovePercent and <= Guards.RelatedFeed.MaxMovePercent and not 0);
            var isOther = place >= 0 && o.Feed != name && options.Count(x => x.Feed == o.Feed) == 1;
            Require(isOther, $"{key}:Feed", o.Feed, "the name of another share feed, once");
            Require(tolerates, $"{key}:ToleranceBps", o.ToleranceBps, $"1 to {Pricing.SessionPricing.MaxBps}");
            Require(moves, $"{key}:MovePercent", o.MovePercent, $"-{Guards.RelatedFeed.MaxMovePercent} to {Guards.RelatedFeed.MaxMovePercent} and not 0");
            if (isOther && tolerates && moves) related.Add(new Guards.RelatedFeed(place, o.ToleranceBps, o.MovePercent));
        }

        return related;
    }

    private FeedSettings? BuildShare(FeedOptions o, string key, List<Source> sources)
    {
        var instrument = _options.Instruments.FindIndex(x => x.Ticker == o.Instrument);
        Require(instrument >= 0, $"{key}:Instrument", o.Instrument, $"the ticker of one of Instruments: {string.Join(", ", _options.Instruments.Select(x => x.Ticker))}");
        Require(o.Unit == FeedUnit.UnderlyingShare, $"{key}:Unit", o.Unit, "UnderlyingShare for a share feed");
        Require(o.Token.Length == 0, $"{key}:Token", o.Token, "empty for a share feed");
        Require(o.Profile is PricingProfile.Stock or PricingProfile.Etf, $"{key}:Profile", o.Profile, "Stock or Etf");
        if (instrument < 0 || o.Quote.Length == 0 || o.Unit != FeedUnit.UnderlyingShare) return null;

        var pricing = PricingSettingsFactory.Create(o, $"{Root}:{key}:Pricing", Voters(sources), hasHaltFeeds: _options.Sources.Any(s => Vendors.VendorKinds.IsHaltFeed(s.Vendor)), _errors);
        var i = _options.Instruments[instrument];
        return new FeedSettings(new Feed(o.Name, new InstrumentId(instrument), $"figi:{i.Figi}@{i.ListingMic}", o.Quote, o.Unit), pricing, null, null)
        {
            Sources = [.. sources.Select((s, at) => s with { IsListingMarket = Vendors.SourceOptionsValidator.ListingMicsOf(_options.Sources[at]).Contains(i.ListingMic) })],
            Luld = (LuldTier)i.LuldTier,
            LuldLeveragePercent = i.LuldLeveragePercent,
        };
    }

    /// <summary>Sources of prices: a list of halts never votes, nor does a market of tokens.</summary>
    private List<Source> Voters(List<Source> sources) => [.. sources.Where((_, i) => Vendors.VendorKinds.HasSharePrices(_options.Sources[i].Vendor))];

    private FeedSettings? BuildToken(FeedOptions o, string key, List<FeedSettings> shares)
    {
        var underlying = shares.FindIndex(s => s.Feed.Name == o.Underlying && s.Pricing is not null);
        Require(underlying >= 0, $"{key}:Underlying", o.Underlying, "the name of a share feed");
        var token = _tokens.FindIndex(t => t.Asset == o.Token);
        Require(token >= 0, $"{key}:Token", o.Token, "the Asset of one of Tokens:List, in CAIP-19 form, e.g. solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:MINT or eip155:42161/erc20:0x...");
        var units = token < 0 ? [FeedUnit.RawToken, FeedUnit.UiToken] : TokenListFactory.UnitsOf(_tokens[token].Standard);
        Require(units.Contains(o.Unit), $"{key}:Unit", o.Unit, TokenListFactory.WordsOf(units));
        if (underlying < 0 || token < 0 || !units.Contains(o.Unit)) return null;

        var share = shares[underlying].Feed;
        return new FeedSettings(new Feed(o.Name, share.Instrument, $"{share.Identity};{o.Token}", o.Quote, o.Unit), null, underlying, token)
        {
            Token = PricingSettingsFactory.Create(o.TokenLimits, $"{Root}:{key}:TokenLimits", _errors),
        };
    }

    /// <summary>What a feed is made from stands before it.</summary>
    private static int RankOf(FeedOptions o) => o.Unit switch
    {
        FeedUnit.WrapperShare or FeedUnit.ReserveRatio => 2,
        FeedUnit.CurrencyUnit => 3,
        FeedUnit.PremiumRatio => 4,
        FeedUnit.IndicativeShare => 5,
        FeedUnit.RawToken when o.Quote != "USD" => 4,
        _ => o.Underlying.Length == 0 ? 0 : 1,
    };

    private FeedSettings? BuildDerived(FeedOptions o, string key, List<FeedSettings> feeds)
    {
        var place = feeds.FindIndex(f => f.Feed.Name == o.Underlying && f.Feed.Unit == FeedUnit.RawToken);
        Require(place >= 0, $"{key}:Underlying", o.Underlying, $"the name of a token feed of unit RawToken, for one of {o.Unit}");
        var isWrapper = o.Unit == FeedUnit.WrapperShare;
        var asset = isWrapper && CaipAsset.TryParseErc20(o.Token, out var chain, out _) ? chain : 0;
        var isAsset = asset != 0;
        Require(isAsset == isWrapper, $"{key}:Token", o.Token, "the wrapper as a CAIP-19 asset: eip155:42161/erc20:0x...");
        Require(isWrapper || o.Token.Length == 0, $"{key}:Token", o.Token, "empty: the ratio is that of the token feed in Underlying");
        var rate = isWrapper ? DerivedSettingsFactory.Create(o.Wrapper, $"{Root}:{key}:Wrapper", _errors) : null;
        var reserve = isWrapper ? null : DerivedSettingsFactory.Create(o.Reserve, $"{Root}:{key}:Reserve", _errors);
        if (place < 0 || isAsset != isWrapper || (rate is null && reserve is null)) return null;

        var held = _tokens[feeds[place].TokenPlace!.Value];
        if (rate is not null) CheckWrapped(key, o, asset, rate.Formula, held);
        else Require(_options.Reserves.Issues.Any(i => i.Issue == held.Issue), $"{key}:Underlying", o.Underlying, $"a token whose issue '{held.Issue}' is one of Reserves:Issues: nobody says otherwise what backs it");

        var (token, share) = (feeds[place], feeds[feeds[place].Underlying!.Value].Feed);
        var feed = new Feed(o.Name, share.Instrument, isWrapper ? $"{share.Identity};{o.Token}" : token.Feed.Identity, o.Quote, o.Unit);
        DerivedFeedRules rules = isWrapper
            ? new WrapperFeedRules(feed, place, o.Token, rate!)
            : new ReserveFeedRules(feed, token.Underlying!.Value, new TokenId(token.TokenPlace!.Value), reserve!);
        return new FeedSettings(feed, null, token.Underlying, null) { Derived = rules };
    }

    /// <summary>A formula is known for a kind of token, and a wrapper holds the token that its feed is made from.</summary>
    private void CheckWrapped(string key, FeedOptions o, ulong chainId, WrapperFormula formula, TokenDefinition held)
    {
        var isThere = CaipAsset.TryParseErc20(held.Asset, out var heldOn, out _) && heldOn == chainId;
        Require(isThere, $"{key}:Underlying", o.Underlying, $"the feed of the token that {o.Token} holds, on the same chain: {held.Name} is {held.Asset}");
        var standard = formula switch
        {
            WrapperFormula.BackedWrapped => TokenStandard.Backed,
            WrapperFormula.DinariWrapped => TokenStandard.Dinari,
            _ => held.Standard,
        };
        Require(standard == held.Standard, $"{key}:Wrapper:Formula", formula, $"one for a token of standard {held.Standard}, which {held.Name} is; {formula} is for {standard}");
    }

    private void CheckChains()
    {
        var names = ChainNames().ToList();
        for (var i = 0; i < _options.Chains.Evm.Count; i++)
        {
            _errors.AddRange(_options.Chains.Evm[i].Validate($"{Root}:Chains:Evm:{i}", _deployed));
            Require(names.Count(n => n == _options.Chains.Evm[i].Name) == 1, $"Chains:Evm:{i}:Name", _options.Chains.Evm[i].Name, "used by one chain only");
        }

        for (var i = 0; i < _options.Chains.Solana.Count; i++)
        {
            _errors.AddRange(_options.Chains.Solana[i].Validate($"{Root}:Chains:Solana:{i}", _deployed));
            Require(names.Count(n => n == _options.Chains.Solana[i].Name) == 1, $"Chains:Solana:{i}:Name", _options.Chains.Solana[i].Name, "used by one chain only");
        }

        for (var i = 0; i < _options.Publishing.Overrides.Count; i++)
        {
            var o = _options.Publishing.Overrides[i];
            Require(o.Chain.Length == 0 || names.Contains(o.Chain), $"Publishing:Overrides:{i}:Chain", o.Chain, $"empty, or one of {string.Join(", ", names)}");
            Require(o.Feed.Length == 0 || _options.Feeds.Any(f => f.Name == o.Feed), $"Publishing:Overrides:{i}:Feed", o.Feed, "empty, or the name of a feed");
        }
    }

    private Dictionary<string, IReadOnlyList<PublishSettings>> BuildPublishing(List<FeedSettings> feeds)
    {
        var factory = new PublishingSettingsFactory(_options.Publishing, $"{Root}:Publishing", _errors);
        var publishing = ChainNames().Distinct().ToDictionary(name => name, name => (IReadOnlyList<PublishSettings>)factory.Create(name, feeds));
        factory.ReportAges();
        return publishing;
    }

    private IEnumerable<string> ChainNames() => _options.Chains.Evm.Select(c => c.Name).Concat(_options.Chains.Solana.Select(c => c.Name));

    private LocalDate? ParseDate(string key, string text)
    {
        if (text.Length == 0) return null;
        var parsed = LocalDatePattern.Iso.Parse(text);
        Require(parsed.Success, key, text, "a date like 2026-06-10, or empty");
        return parsed.Success ? parsed.Value : null;
    }

    private void Require(bool holds, string key, object? value, string right)
    {
        if (holds) return;
        var error = string.Create(CultureInfo.InvariantCulture, $"{Root}:{key} = '{value}': must be {right}.");
        if (!_errors.Contains(error)) _errors.Add(error);
    }

    private static bool IsName(string text) => text.Length is > 0 and <= 32 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static bool IsAscii(string text, int maxLength) => text.Length > 0 && text.Length <= maxLength && System.Text.Ascii.IsValid(text);
}
