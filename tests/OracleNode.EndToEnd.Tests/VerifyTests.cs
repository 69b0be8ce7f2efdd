using System.Text.Json;
using System.Text.Json.Nodes;
using OracleNode.Chains.Solana;
using OracleNode.Commands;
using OracleNode.Fixtures;
using OracleNode.Market;
using OracleNode.Publishing;
using OracleNode.Readers;
using OracleNode.Updates;

namespace OracleNode;

/// <summary>The <c>verify</c> verb and the node's own watch over the chains, on real engines, also when somebody meddles with what they hold.</summary>
public sealed class VerifyTests(VerifiedSystem verified) : IClassFixture<VerifiedSystem>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("oracle-verify-").FullName;

    private RestartableSystem System => verified.System;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("arbitrum", "TSLA")]
    [InlineData("base", "SPYx")]
    [InlineData("solana", "TSLA")]
    [InlineData("solana", "TSLAx")]
    public async Task StoredPrice_Untouched_IsVerifiedDownToTheSignature(string chain, string feed)
    {
        var (code, text, error) = await VerifyAsync(chain, feed);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("VERIFIED", text, StringComparison.Ordinal);
        Assert.DoesNotContain("FAILED", text, StringComparison.Ordinal);

        using var json = JsonDocument.Parse((await VerifyAsync(chain, System.IdOf(feed).ToString(), json: true)).Output);
        Assert.True(json.RootElement.GetProperty("verified").GetBoolean());
        var held = (await System.Readers.Single(r => r.Name == chain).ReadAsync(System.IdOf(feed)))!;
        var fields = json.RootElement.GetProperty("records")[0].GetProperty("fields");
        Assert.Equal(Price.FromE8(held.Price).ToString(), fields.GetProperty("price").GetProperty("value").GetString());
        Assert.Equal("Regular", fields.GetProperty("session").GetProperty("value").GetString());
        Assert.Equal(feed.EndsWith('x'), fields.TryGetProperty("multiplier", out _));
    }

    [Theory]
    [InlineData("arbitrum")]
    [InlineData("solana")]
    public async Task Envelope_SavedFromAChain_IsVerifiedWithoutOneAndNoLongerWhenChanged(string chain)
    {
        var file = Path.Combine(_folder, "envelope.bin");
        Assert.Equal(0, (await VerifyAsync(chain, "SPY", save: file)).Code);

        var byConfig = await VerifyBatchAsync(file);
        Assert.Equal((0, ""), (byConfig.Code, byConfig.Error));
        Assert.Contains("SPY", byConfig.Output, StringComparison.Ordinal);

        var keys = Path.Combine(_folder, "keys.txt");
        await File.WriteAllTextAsync(keys, $"# the deployment's signer\nepoch 1\n0 0x{Convert.ToHexStringLower(System.Devnet.Keys.Signer.PublicKey.Span)}\n", LocalSystem.Cancelled);
        Assert.Equal(0, (await VerifyBatchAsync(file, keys, Run.Devnet.Deployment)).Code);
        Assert.Equal(1, (await VerifyBatchAsync(file, keys, "production")).Code);

        var bytes = await File.ReadAllBytesAsync(file, LocalSystem.Cancelled);
        bytes[^1]++;
        await File.WriteAllBytesAsync(file, bytes, LocalSystem.Cancelled);
        var changed = await VerifyBatchAsync(file, keys, Run.Devnet.Deployment);
        Assert.Equal(1, changed.Code);
        Assert.Contains("FAILED", changed.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("arbitrum")]
    [InlineData("base")]
    public async Task EvmStorage_Tampered_IsFoundByVerifyAndByTheNode(string chain)
    {
        var reader = System.EvmReaders.Single(r => r.Name == chain);
        var (slot, before, after) = await FindPriceBitAsync(reader, System.IdOf("TSLA"));
        await reader.SetStorageAsync(slot, after);
        try
        {
            await RequireFoundAsync(chain, "TSLA");
        }
        finally
        {
            await reader.SetStorageAsync(slot, before);
        }

        await RequireMendedAsync(chain, "TSLA");
    }

    [Fact]
    public async Task SolanaAccount_Tampered_IsFoundByVerifyAndByTheNode()
    {
        var chain = System.Devnet.Solana;
        var address = SolanaAddress.Parse(System.Devnet.SolanaDeployed.Feeds.Single(f => f.Id == System.IdOf("TSLA")).Address);
        var account = (await chain.Rpc.GetAccountInfoAsync(address, LocalSystem.Cancelled))!;
        var tampered = (byte[])account.Data.Clone();
        // The record stands at 128, its price's last byte at 16 of it.
        tampered[128 + 16] ^= 1;
        await chain.SetAccountAsync(address, account.Owner, tampered, LocalSystem.Cancelled);
        try
        {
            await RequireFoundAsync(chain.Name, "TSLA");
        }
        finally
        {
            await chain.SetAccountAsync(address, account.Owner, account.Data, LocalSystem.Cancelled);
        }

        await RequireMendedAsync(chain.Name, "TSLA");
    }

    [Fact]
    public async Task Chain_ThatNothingReaches_LagsWhereItsCadenceAsksForMore()
    {
        await System.Wires["base"].CutAsync();
        try
        {
            await verified.UntilAsync("base", VerifiedSystem.Busy, ParityVerdict.Lags);
            var lag = verified.ParityOf("base", VerifiedSystem.Busy);
            Assert.Equal(PublishReason.Heartbeat, lag.Measurement.Due);
            Assert.True(lag.Measurement.Behind > NodaTime.Duration.FromSeconds(60), lag.ToString());

            // Nothing newer of the others was due anywhere; and the other chains are as they should be.
            Assert.Equal(ParityVerdict.Agrees, verified.ParityOf("base", "TSLA").Verdict);
            Assert.Equal(ParityVerdict.Agrees, verified.ParityOf("arbitrum", VerifiedSystem.Busy).Verdict);
            Assert.Equal(ParityVerdict.Agrees, verified.ParityOf("solana", VerifiedSystem.Busy).Verdict);
            var (_, ready, _) = await System.ReadinessAsync();
            Assert.True(ready);
        }
        finally
        {
            System.Wires["base"].Mend();
        }

        await RequireMendedAsync("base", VerifiedSystem.Busy);
    }

    [Fact]
    public async Task Feed_ThatIsNotKnown_IsBadUsageOrNotVerified()
    {
        var name = await VerifyAsync("arbitrum", "GME");
        Assert.Equal(2, name.Code);
        Assert.Contains("TSLA, AAPL, SPY, TSLAx, SPYx", name.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await VerifyAsync("mainnet", "TSLA")).Code);

        var unregistered = "0x" + new string('7', 64);
        foreach (var chain in new[] { "arbitrum", "solana" })
        {
            var (code, text, _) = await VerifyAsync(chain, unregistered);
            Assert.Equal(1, code);
            Assert.Contains("registered", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("base")]
    [InlineData("solana")]
    public async Task Endpoint_ThatIsDown_IsSaidAndNothingIsVerified(string chain)
    {
        var root = JsonNode.Parse(await File.ReadAllTextAsync(System.Devnet.ConfigurationPath, LocalSystem.Cancelled))!;
        // Nobody listens on the discard port.
        foreach (var c in root["OracleNode"]!["Chains"]!.AsObject().SelectMany(kind => kind.Value!.AsArray())) c!["RpcUrl"] = "http://127.0.0.1:9/";
        var file = Path.Combine(_folder, "down.json");
        await File.WriteAllTextAsync(file, root.ToJsonString(), LocalSystem.Cancelled);
        var (code, output, error) = await RunAsync(new(file, true, chain, "TSLA", null, null, null, null, false));
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(chain, error, StringComparison.Ordinal);
    }

    private async Task RequireFoundAsync(string chain, string feed)
    {
        var (code, text, _) = await VerifyAsync(chain, feed);
        Assert.Equal(1, code);
        Assert.Contains("FAILED  stored as signed: price: stored ", text, StringComparison.Ordinal);
        Assert.Single(text.Split('\n'), l => l.StartsWith("  FAILED", StringComparison.Ordinal));
        foreach (var other in System.Readers.Where(r => r.Name != chain)) Assert.Equal(0, (await VerifyAsync(other.Name, feed)).Code);

        await verified.UntilAsync(chain, feed, ParityVerdict.Differs);
        var found = verified.ParityOf(chain, feed).Measurement;
        // Quote and average are kept as distances from the price.
        Assert.Equal((ParityContent.NotAsSigned, RecordFields.Price), (found.Content, found.Fields & ~RecordFields.Detail));
        foreach (var other in System.Readers.Where(r => r.Name != chain)) Assert.Equal(ParityVerdict.Agrees, verified.ParityOf(other.Name, feed).Verdict);
        var (status, _, failing) = await System.ReadinessAsync();
        Assert.Equal((503, "parity"), (status, Assert.Single(failing)));
    }

    private async Task RequireMendedAsync(string chain, string feed)
    {
        await verified.UntilAsync(chain, feed, ParityVerdict.Agrees);
        await System.UntilAsync("the node is ready again", async () => (await System.ReadinessAsync()).Ready);
    }

    /// <summary>Wherever the contract keeps it: a bit of storage that moves the price a little, and nothing else that is read.</summary>
    private static async Task<(string Slot, string Before, string After)> FindPriceBitAsync(EvmReader reader, FeedId feed)
    {
        var held = (await reader.ReadAsync(feed))!;
        foreach (var slot in await reader.SlotsReadAsync(feed))
        {
            var before = await reader.StorageAsync(slot);
            var bytes = Convert.FromHexString(before.AsSpan(2));
            for (var i = bytes.Length - 1; i >= 0; i--)
            {
                bytes[i] ^= 1;
                var after = "0x" + Convert.ToHexStringLower(bytes);
                bytes[i] ^= 1;
                await reader.SetStorageAsync(slot, after);
                var seen = await reader.TryReadAsync(feed);
                await reader.SetStorageAsync(slot, before);
                if (seen is not null && seen.Price != held.Price && Math.Abs(seen.Price - held.Price) < 1_000 && seen with { Price = held.Price } == held with { Bid = seen.Bid, Ask = seen.Ask, Ema = seen.Ema } && seen.Bid <= seen.Ask)
                {
                    return (slot, before, after);
                }
            }
        }

        Assert.Fail("No bit of the storage read changes the price alone.");
        throw new InvalidOperationException();
    }

    private Task<(int Code, string Output, string Error)> VerifyAsync(string chain, string feed, bool json = false, string? save = null) =>
        RunAsync(new(System.Devnet.ConfigurationPath, true, chain, feed, save, null, null, null, json));

    private Task<(int Code, string Output, string Error)> VerifyBatchAsync(string file, string? keys = null, string? deployment = null) =>
        RunAsync(new(System.Devnet.ConfigurationPath, keys is null, null, null, null, file, deployment, keys, false));

    private static async Task<(int Code, string Output, string Error)> RunAsync(VerifyCommand.Request request)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await VerifyCommand.RunAsync(request, output, error, LocalSystem.Cancelled);
        return (code, output.ToString(), error.ToString());
    }
}
