using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OracleNode.Chains.Evm;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Chains;

/// <summary>Compiles the Solidity sources and sets OracleFeeds up on a local chain: contract, signers, epoch, feeds.</summary>
internal sealed class EvmDeployer
{
    private const string ContractName = "OracleFeeds";

    // A compile takes most of a minute on a small machine.
    private static readonly TimeSpan CompileTimeout = TimeSpan.FromMinutes(10);

    private readonly NodeToolchain _tools;
    private readonly ILogger _logger;

    public EvmDeployer(NodeToolchain tools, ILogger logger)
    {
        _tools = tools;
        _logger = logger;
    }

    /// <summary>The creation code of OracleFeeds, compiled when its sources have changed since the last time.</summary>
    /// <exception cref="ChainException">It does not compile.</exception>
    public async Task<byte[]> CompileAsync(Action<string>? report, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(_tools.Repository, "artifacts", "onchain");
        var artifact = Path.Combine(folder, $"evm-{await SourceHashAsync(cancellationToken)}.json");
        if (!File.Exists(artifact))
        {
            await using var compiling = await ExclusiveFile.HoldAsync(Path.Combine(folder, "evm.lock"), CompileTimeout, () => report?.Invoke("waiting for another process that compiles the contracts"), cancellationToken);
            if (!File.Exists(artifact))
            {
                report?.Invoke("compiling the Solidity contracts");
                var unfinished = artifact + ".new";
                await _tools.RunNodeAsync([Path.Combine("evm", "build.mjs"), unfinished], cancellationToken);
                File.Move(unfinished, artifact, overwrite: true);
            }
        }

        return await ReadCodeAsync(artifact, cancellationToken);
    }

    /// <summary>Deploys and sets up; the account becomes the owner and needs a balance.</summary>
    /// <param name="code">From <see cref="CompileAsync"/>.</param>
    /// <exception cref="ChainException">The chain refused a step, or holds something else than planned.</exception>
    public async Task<EvmDeployment> DeployAsync(AnvilChain chain, EvmAccount owner, byte[] code, EvmDeploymentPlan plan, CancellationToken cancellationToken)
    {
        var options = new EvmOptions { Name = chain.Name, RpcUrl = chain.RpcUrl.ToString(), ChainId = chain.ChainId, ReceiptPollInterval = TimeSpan.FromMilliseconds(20) };
        var sender = new EvmTransactionSender(options, owner, chain.Rpc, TimeProvider.System, _logger);
        var gas = 0UL;

        async Task<EvmReceipt> SendAsync(string what, EvmAddress? to, byte[] data)
        {
            var receipt = await DeliverAsync(chain, sender, owner, what, to, data, cancellationToken);
            gas += receipt.GasUsed;
            return receipt;
        }

        byte[] creation =
        [
            .. code,
            .. new AbiWriter("constructor(uint64,address,uint64,uint64)", 4)
                .Unsigned(plan.Deployment).Address(owner.Address).Unsigned(plan.MaxFutureMillis).Unsigned(plan.MaxAttestationAgeMillis).ToArray().AsSpan(4),
        ];
        var created = await SendAsync("creating OracleFeeds", null, creation);
        var contract = created.ContractAddress ?? throw new ChainException($"{chain.Name}: the receipt of OracleFeeds' creation names no contract.");

        var staged = (uint)OracleFeedsContract.ReadUInt64(await chain.Rpc.CallAsync(new EvmCall(owner.Address, contract, OracleFeedsContract.CurrentEpoch()), EvmBlockTag.Latest, cancellationToken)) + 1;
        foreach (var signer in plan.Signers)
        {
            var proof = signer.Sign(ProofOfPossession.ForEvm(plan.Deployment, chain.ChainId, contract.ToArray(), staged, signer.Index, signer.PublicKey));
            await SendAsync($"registering signer {signer.Index}", contract, new AbiWriter("registerSigner(uint8,bytes32,bytes)", 3).Unsigned(signer.Index).Bytes32(signer.PublicKey).Bytes(proof).ToArray());
        }

        await SendAsync($"activating epoch {staged}", contract, new AbiWriter("activateEpoch(uint32,uint8,uint64)", 3).Unsigned(staged).Unsigned(plan.Threshold).Unsigned(0).ToArray());
        foreach (var (feed, min, max, detailed) in plan.Feeds)
        {
            var register = new AbiWriter("registerFeed(string,string,uint8,uint8,int64,int64,bool,string)", 8)
                .Text(feed.Identity).Text(feed.Quote).Unsigned((byte)feed.Unit).Unsigned(Price.Decimals).Signed(min).Signed(max).Unsigned(detailed ? 1UL : 0UL).Text($"{feed.Name} / {feed.Quote}");
            await SendAsync($"registering {feed.Name}", contract, register.ToArray());
        }

        FeedId[] ids = [.. plan.Feeds.Select(f => FeedIdentity.Compute(f.Feed))];
        var registered = await chain.Rpc.CallAsync(new EvmCall(owner.Address, contract, OracleFeedsContract.ReadMany(ids)), EvmBlockTag.Latest, cancellationToken);
        return new EvmDeployment(contract, staged, OracleFeedsContract.ReadFeeds(registered, ids), gas);
    }

    private static async Task<EvmReceipt> DeliverAsync(AnvilChain chain, EvmTransactionSender sender, EvmAccount owner, string what, EvmAddress? to, byte[] data, CancellationToken cancellationToken)
    {
        ulong gas;
        try
        {
            gas = await chain.Rpc.EstimateGasAsync(new EvmCall(owner.Address, to, data), cancellationToken);
        }
        catch (EvmRpcException e)
        {
            var reason = e.Error is { Data.IsEmpty: false } error ? EvmRevert.Decode(error.Data.Span).Words : e.Message;
            throw new ChainException($"{chain.Name}: {what} is refused: {reason}", e);
        }

        var delivery = await sender.DeliverAsync(to, data, gas + gas / 5, cancellationToken);
        return delivery.Receipt switch
        {
            { Succeeded: true } receipt => receipt,
            { } reverted => throw new ChainException($"{chain.Name}: {what} reverted in block {reverted.BlockNumber} after {reverted.GasUsed} gas."),
            null => throw new ChainException($"{chain.Name}: {what} failed ({delivery.Status}): {delivery.Detail}"),
        };
    }

    private static async Task<byte[]> ReadCodeAsync(string artifact, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(artifact);
        using var document = await JsonDocument.ParseAsync(file, cancellationToken: cancellationToken);
        var code = document.RootElement.TryGetProperty(ContractName, out var contract) && contract.TryGetProperty("bytecode", out var bytecode)
            ? EvmHex.ReadData(bytecode.GetString())
            : null;
        return code is { Length: > 0 } ? code : throw new ChainException($"{artifact} holds no bytecode of {ContractName}; remove the file and try again.");
    }

    private async Task<string> SourceHashAsync(CancellationToken cancellationToken)
    {
        var evm = Path.Combine(_tools.Folder, "evm");
        var sources = Path.Combine(evm, "src");
        if (!Directory.Exists(sources)) throw new ChainException($"{sources} is missing: the clone is not complete.");
        string[] files = [Path.Combine(evm, "build.mjs"), Path.Combine(_tools.Folder, "package-lock.json"), .. Directory.GetFiles(sources, "*.sol").Order(StringComparer.Ordinal)];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(file) + "\n"));
            hash.AppendData(await File.ReadAllBytesAsync(file, cancellationToken));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
