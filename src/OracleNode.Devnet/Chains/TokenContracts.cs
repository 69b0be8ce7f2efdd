using System.Globalization;
using System.Text.Json;
using OracleNode.Chains.Evm;
using OracleNode.Updates;

namespace OracleNode.Chains;

/// <summary>
/// Tokens on a local EVM chain, as issuers' are on public ones: the contracts of <c>Tokens/*.sol</c>, compiled into <c>tokens.json</c> beside them. Sent by an account that anvil
/// holds the key of, which owns them.
/// </summary>
internal sealed class TokenContracts(EvmRpcClient rpc)
{
    private const int SelectorLength = 4;

    /// <summary>For any one of these. An estimate is of the block before: what stays as it is there, as a time does within a second, costs more to write in the next.</summary>
    private const ulong GasLimit = 10_000_000;

    private static readonly TimeSpan LandingPatience = TimeSpan.FromSeconds(60);
    private static readonly Dictionary<string, string> Code = Read();

    /// <summary>anvil's first development account.</summary>
    public static EvmAddress Owner { get; } = EvmAddress.Parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");

    /// <summary>Creates a contract.</summary>
    /// <param name="contract">Its name in the sources.</param>
    /// <param name="arguments">ABI-encoded constructor arguments.</param>
    /// <exception cref="ChainException">It did not land, or failed.</exception>
    public async Task<EvmAddress> DeployAsync(string contract, ReadOnlyMemory<byte> arguments, CancellationToken cancellationToken) =>
        await CreateAsync([.. Convert.FromHexString(Code[contract].AsSpan(2)), .. arguments.Span], cancellationToken);

    /// <summary>A token of Backed's kind that nothing stands in front of, with the given multiplier in force.</summary>
    public async Task<EvmAddress> DeployBackedAsync(UInt128 multiplierE18, CancellationToken cancellationToken)
    {
        var token = await DeployAsync("BackedLikeToken", default, cancellationToken);
        await InitializeAsync(token, multiplierE18, cancellationToken);
        return token;
    }

    /// <summary>A token with ERC-8056, with the given multiplier in force.</summary>
    public async Task<EvmAddress> DeployScaledAsync(UInt128 multiplierE18, CancellationToken cancellationToken)
    {
        var token = await DeployAsync("ScaledUiToken", default, cancellationToken);
        await InitializeAsync(token, multiplierE18, cancellationToken);
        return token;
    }

    /// <summary>A wrapper of Backed's kind over a token of Backed's kind.</summary>
    public Task<EvmAddress> DeployBackedWrapperAsync(EvmAddress token, CancellationToken cancellationToken) =>
        DeployAsync("BackedLikeWrapper", (byte[])[.. new byte[AbiReader.WordLength - EvmAddress.Length], .. token.ToArray()], cancellationToken);

    /// <summary>Sets the owner and the first multiplier of a token, behind a proxy or not.</summary>
    public Task InitializeAsync(EvmAddress token, UInt128 multiplierE18, CancellationToken cancellationToken) =>
        SendAsync(token, new AbiWriter("initialize(address,uint256)", 2).Address(Owner).Unsigned(multiplierE18).ToArray(), cancellationToken);

    /// <summary>Backed's kind: the next multiplier, and when it takes over (Unix seconds; 0 for at once).</summary>
    public Task ScheduleBackedAsync(EvmAddress token, UInt128 multiplierE18, long activationSeconds, CancellationToken cancellationToken) =>
        SendAsync(token, new AbiWriter("updateMultiplierValue(uint256,uint256)", 2).Unsigned(multiplierE18).Unsigned((ulong)activationSeconds).ToArray(), cancellationToken);

    /// <summary>ERC-8056: the next multiplier, and when it takes over (Unix seconds; 0 for at once).</summary>
    public Task ScheduleScaledAsync(EvmAddress token, UInt128 multiplierE18, long effectiveAtSeconds, CancellationToken cancellationToken) =>
        SendAsync(token, new AbiWriter("setUIMultiplier(uint256,uint256)", 2).Unsigned(multiplierE18).Unsigned((ulong)effectiveAtSeconds).ToArray(), cancellationToken);

    /// <summary>Sends a transaction and waits until it is in a block.</summary>
    /// <exception cref="ChainException">It did not land, or reverted.</exception>
    public async Task SendAsync(EvmAddress to, byte[] data, CancellationToken cancellationToken) => await SendCheckedAsync(to, data, cancellationToken);

    /// <summary>Creates a contract from creation code.</summary>
    public async Task<EvmAddress> CreateAsync(byte[] code, CancellationToken cancellationToken) =>
        (await SendCheckedAsync(null, code, cancellationToken)).ContractAddress ?? throw new ChainException("the chain says of no contract that it was created");

    private async Task<EvmReceipt> SendCheckedAsync(EvmAddress? to, byte[] data, CancellationToken cancellationToken)
    {
        var what = to is { } contract ? $"0x{Convert.ToHexStringLower(data.AsSpan(0, Math.Min(SelectorLength, data.Length)))} to {contract}" : "the creation of a contract";
        try
        {
            var hash = await rpc.SendAsync(
                "eth_sendTransaction",
                w =>
                {
                    w.WriteStartObject();
                    w.WriteString("from", Owner.ToString());
                    if (to is { } address) w.WriteString("to", address.ToString());
                    w.WriteString("gas", EvmHex.Quantity(GasLimit));
                    w.WriteString("data", EvmHex.Data(data));
                    w.WriteEndObject();
                },
                r => new Hash32(EvmHex.ReadData(r.GetString()) ?? throw new FormatException("no transaction hash")),
                cancellationToken);
            using var patience = new CancellationTokenSource(LandingPatience);
            while (true)
            {
                if (await rpc.GetTransactionReceiptAsync(hash, cancellationToken) is { } receipt)
                    return receipt.Succeeded ? receipt : throw new ChainException($"{what} reverted");
                if (patience.IsCancellationRequested) throw new ChainException(string.Create(CultureInfo.InvariantCulture, $"{what} was in no block after {LandingPatience}"));
                await Task.Delay(20, cancellationToken);
            }
        }
        catch (EvmRpcException e)
        {
            throw new ChainException($"{what}: {e.Message}", e);
        }
    }

    private static Dictionary<string, string> Read()
    {
        using var stream = typeof(TokenContracts).Assembly.GetManifestResourceStream("tokens.json") ?? throw new ChainException("the token contracts are not part of this build");
        return JsonSerializer.Deserialize<Dictionary<string, string>>(stream) ?? throw new ChainException("the token contracts are empty");
    }
}
