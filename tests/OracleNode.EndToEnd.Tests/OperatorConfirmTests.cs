using System.Text.Json.Nodes;
using NodaTime;
using OracleNode.Fixtures;
using OracleNode.Market;
using OracleNode.Readers;
using OracleNode.Relayers;

namespace OracleNode;

/// <summary>A price that the rules hold for want of evidence is published once an operator vouches for it.</summary>
[Collection(Restarts.Name)]
public sealed class OperatorConfirmTests(RestartableSystem system)
{
    private const string Moved = "AAPL";

    [Fact]
    public async Task Price_HeldForWantOfEvidence_IsPublishedOnceAnOperatorConfirmsIt()
    {
        await using var desk = await OperatorDesk.OpenAsync();
        JsonNode? before = null;
        system.Configure(node =>
        {
            before = node["Operator"]?.DeepClone();
            desk.Configure(node);
        });
        try
        {
            await system.StartNodeAsync();
            await system.SettledAsync();
            var id = system.IdOf(Moved);
            await system.StopNodeAsync();
            var market = await MoveOnChainAsync(id);

            await system.StartNodeAsync();
            await system.UntilOnEveryChainAsync("is held: so far no quorum alone may move it", Moved, r => r.State == (int)FeedState.Held && (r.HoldReasons & (uint)(HoldReasons.Jump | HoldReasons.Configuration)) != 0 && r.Price < market * 7 / 10);
            desk.Give(system.Devnet.Clock.Now, new JsonObject
            {
                ["action"] = "Confirm", ["feed"] = Moved, ["price"] = Price.FromE8(market).ToString(), ["until"] = system.In(Duration.FromMinutes(30)).ToString(),
            });
            foreach (var record in await system.UntilOnEveryChainAsync("is published as confirmed", Moved, r => r.IsFresh)) Assert.InRange(record.Price, market * 95 / 100, market * 105 / 100);
        }
        finally
        {
            await system.StopNodeAsync();
            system.Configure(node => node["Operator"] = before);
        }
    }

    /// <summary>Every chain gets a price of six tenths of the market's, as another node might have signed. Returns the market's, in 1e-8.</summary>
    private async Task<long> MoveOnChainAsync(FeedId feed)
    {
        var records = new List<PublishedRecord>();
        foreach (var reader in system.Readers) records.Add((await reader.ReadAsync(feed))!);
        var current = records.MaxBy(r => r.ObservedAtMillis)!;
        var price = current.Price * 6 / 10;
        var record = TestBatches.ToRecord(feed, current) with { Price = Price.FromE8(price), Ema = Price.FromE8(price), Bid = default, Ask = default };
        var batch = await TestBatches.SignAsync(system.Devnet, TestBatches.SequenceAt(system.Devnet.Clock.Now), [(feed, record)]);
        foreach (var relayer in await TestBatches.RelayersAsync(system.Devnet)) Assert.Equal(new Verdict(true, ""), await relayer.SendAsync(batch));
        return current.Price;
    }
}
