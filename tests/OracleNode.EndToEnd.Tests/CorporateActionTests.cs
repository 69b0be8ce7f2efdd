using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using OracleNode.Fixtures;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.VendorServers;

namespace OracleNode;

/// <summary>What vendors, the tokens' issuer and an operator announce arrives in the rules of a running node, joined to one action, and leaves them when it is off.</summary>
[Collection(GeneratedDay.Name)]
public sealed class CorporateActionTests(GeneratedSystem system)
{
    private static readonly string[] Symbols = ["TSLA", "AAPL", "SPY"];

    [Theory]
    [InlineData("AAPL", null)]
    [InlineData("TSLA", "TSLAx")]
    public async Task SplitOfNextWeek_Announced_IsKnownByItsWitnessesUntilItIsOff(string share, string? token)
    {
        await system.SettledAsync();
        var on = system.Devnet.Timeline.Date.PlusDays(7);
        CorporateActionBook[] vendors = [system.Devnet.Alpaca.CorporateActions, system.Devnet.Massive.CorporateActions];
        foreach (var book in vendors) book.Announce(new AnnouncedAction("split", share, on, 3, 1, 0));
        await system.UntilAsync("the vendors' word has arrived", () => Known(share, on) is { Classes: EvidenceClasses.Vendor } known && known.Ratio == new ShareRatio(3, 1));
        Assert.False(Known(share, on)!.MayPause);

        if (token is not null) system.Devnet.XStocks.CorporateActions.Announce(new AnnouncedAction("split", token, on, 3, 1, 0));
        else system.Operator.PutActions(system.Devnet.Clock.Now, Split(share, on));
        var classes = EvidenceClasses.Vendor | (token is null ? EvidenceClasses.Operator : EvidenceClasses.IssuerChain);
        await system.UntilAsync("two kinds of witnesses say it", () => Known(share, on)?.Classes == classes);
        Assert.True(Known(share, on)!.IsProven);
        Assert.All(system.Snapshot.Feeds, f => Assert.True(f.State is FeedState.Live or FeedState.Degraded, $"{f.Name} is {f.State}"));

        foreach (var book in vendors) book.Remove("split");
        if (token is not null) system.Devnet.XStocks.CorporateActions.Remove("split");
        else system.Operator.PutActions(system.Devnet.Clock.Now, Withdrawn(Split(share, on)));
        await system.UntilAsync("everybody has taken it back", () => Known(share, on) is null);
        Assert.Null(system.Snapshot.Surroundings.Documents.Single(d => d.Kind == "corporate-actions").Problem);
    }

    private static JsonObject Split(string share, LocalDate on) => new()
    {
        ["reference"] = "split",
        ["ticker"] = share,
        ["kind"] = "Split",
        ["newShares"] = 3,
        ["oldShares"] = 1,
        ["effectiveOn"] = $"{on:uuuu-MM-dd}",
        ["by"] = "the test",
        ["reason"] = "a test",
    };

    private static JsonObject Withdrawn(JsonObject action)
    {
        action["withdrawn"] = true;
        return action;
    }

    // Of that date alone: the steps of tokens that other tests make are known too.
    private CorporateAction? Known(string share, LocalDate on) =>
        system.Devnet.Node!.Services.GetRequiredService<NodeParts>().Plan.Market.Actions.Of(new InstrumentId(Array.IndexOf(Symbols, share))).SingleOrDefault(a => a.EffectiveOn == on);
}
