using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Pipeline;
using OracleNode.Tokens;
using OracleNode.Updates;

namespace OracleNode.Reserves;

/// <summary>An anvil chain on which tests put tokens and vaults of their own.</summary>
public sealed class LocalTokens : IAsyncLifetime
{
    private const ulong ChainId = 42161;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oracle-tokens-");
    private Dictionary<string, string> _code = [];
    private EvmAddress _sender;

    internal AnvilChain Chain { get; private set; } = null!;

    /// <summary>The chain's time, and the node's.</summary>
    internal IMarketClock Clock { get; } = new MorningClock();

    internal ulong NowSeconds => (ulong)Clock.Now.ToUnixTimeSeconds();

    internal HttpClient Http { get; } = EvmRpcClient.CreateHttpClient();

    internal EvmTokenChainOptions Options => new() { Name = "arbitrum", ChainId = ChainId, RpcUrl = Chain.RpcUrl.ToString(), RequestTimeout = TimeSpan.FromSeconds(20) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var tools = await NodeToolchain.PrepareAsync(null, Token);
        var compiled = Path.Combine(_folder.FullName, "tokens.json");
        var contracts = RepositoryFiles.Path("tests", "OracleNode.Tests", "Reserves", "Contracts");
        await tools.RunNodeAsync([Path.Combine(contracts, "compile.mjs"), Path.Combine(contracts, "Tokens.sol"), compiled], Token);
        _code = JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(compiled, Token))!;
        Chain = await AnvilChain.StartAsync(tools, "local", ChainId, Clock, NullLogger.Instance, Token);
        _sender = await Chain.Rpc.SendAsync("eth_accounts", null, r => EvmAddress.Parse(r[0].GetString()!), Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (Chain is not null) await Chain.DisposeAsync();
        Http.Dispose();
        _folder.Delete(recursive: true);
    }

    internal async Task<EvmAddress> DeployAsync(string contract) => (await SendAsync(null, _code[contract])).ContractAddress!.Value;

    internal Task CallAsync(EvmAddress contract, string signature, params Span<UInt128> arguments)
    {
        var data = new AbiWriter(signature, arguments.Length);
        foreach (var argument in arguments) data.Unsigned(argument);
        return SendAsync(contract, EvmHex.Data(data.ToArray()));
    }

    internal Task CallAsync(EvmAddress contract, string signature, EvmAddress address) =>
        SendAsync(contract, EvmHex.Data(new AbiWriter(signature, 1).Address(address).ToArray()));

    internal Task CallAsync(EvmAddress contract, string signature, EvmAddress address, UInt128 argument) =>
        SendAsync(contract, EvmHex.Data(new AbiWriter(signature, 2).Address(address).Unsigned(argument).ToArray()));

    internal static TokenDefinition TokenAt(EvmAddress address, TokenStandard standard, string name = "TSLAx-arbitrum")
    {
        var lower = EvmHex.Data(address.ToArray());
        return new TokenDefinition(name, $"eip155:{ChainId}/erc20:{lower}", "arbitrum", lower, standard, "TSLAx", "Backed", null, null);
    }

    private async Task<EvmReceipt> SendAsync(EvmAddress? to, string data)
    {
        var hash = await Chain.Rpc.SendAsync(
            "eth_sendTransaction",
            w =>
            {
                w.WriteStartObject();
                w.WriteString("from", _sender.ToString());
                if (to is { } contract) w.WriteString("to", contract.ToString());
                w.WriteString("data", data);
                w.WriteString("gas", "0x2dc6c0");
                w.WriteEndObject();
            },
            r => new Hash32(EvmHex.ReadData(r.GetString())!),
            Token);
        while (true)
        {
            if (await Chain.Rpc.GetTransactionReceiptAsync(hash, Token) is { } receipt)
            {
                Assert.True(receipt.Succeeded);
                return receipt;
            }

            await Task.Delay(20, Token);
        }
    }

    /// <summary>Runs on from ten in the morning of a trading day, whatever the hour is.</summary>
    private sealed class MorningClock : IMarketClock
    {
        private readonly long _started = Stopwatch.GetTimestamp();

        public Instant Now => Instant.FromUtc(2026, 6, 10, 14, 0) + Duration.FromTimeSpan(Stopwatch.GetElapsedTime(_started));
    }
}
