using Microsoft.Extensions.Logging.Abstractions;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Fixtures;
using OracleNode.Updates;

namespace OracleNode.Relayers;

/// <summary>Sends batches to OracleFeeds from an account of its own.</summary>
internal sealed class EvmRelayer : IRelayer
{
    // More than any batch of the tests needs: the transaction is sent without asking first whether it would succeed.
    private const ulong GasLimit = 3_000_000;

    private static readonly UInt128 Balance = (UInt128)10 * 1_000_000_000_000_000_000;

    private readonly AnvilChain _chain;
    private readonly EvmAddress _contract;
    private readonly EvmAccount _account = EvmAccount.Create();
    private readonly EvmTransactionSender _sender;

    private EvmRelayer(AnvilChain chain, EvmAddress contract)
    {
        _chain = chain;
        _contract = contract;
        var options = new EvmOptions { Name = chain.Name, RpcUrl = chain.RpcUrl.ToString(), ChainId = chain.ChainId, ReceiptPollInterval = TimeSpan.FromMilliseconds(20) };
        _sender = new EvmTransactionSender(options, _account, chain.Rpc, TimeProvider.System, NullLogger.Instance);
    }

    public string Name => _chain.Name;

    public static async Task<EvmRelayer> CreateAsync(AnvilChain chain, EvmAddress contract)
    {
        var relayer = new EvmRelayer(chain, contract);
        await chain.SetBalanceAsync(relayer._account.Address, Balance, LocalSystem.Cancelled);
        return relayer;
    }

    public Task<Verdict> SendAsync(SignedBatch batch, Func<byte[], byte[]>? spoil = null)
    {
        var envelope = BatchEnvelope.Encode(batch);
        return SendAsync(spoil?.Invoke(envelope) ?? envelope);
    }

    public Task<Verdict> SendRunAsync(SignedBatch batch, int first, int level) => SendAsync(BatchEnvelope.Encode(batch, first, level, withSignatures: true));

    public async Task<Verdict> SendAsync(byte[] envelope)
    {
        var data = OracleFeedsContract.Submit(envelope);
        var delivery = await _sender.DeliverAsync(_contract, data, GasLimit, LocalSystem.Cancelled);
        Assert.True(delivery.Receipt is not null, $"{Name}: {delivery.Status}: {delivery.Detail}");
        if (delivery.Receipt.Succeeded) return new Verdict(true, "");
        try
        {
            await _chain.Rpc.CallAsync(new EvmCall(_account.Address, _contract, data), EvmBlockTag.Latest, LocalSystem.Cancelled);
            return new Verdict(false, "reverted, and a call a moment later did not");
        }
        catch (EvmRpcException e) when (e.Error is { } error)
        {
            return new Verdict(false, EvmRevert.Decode(error.Data.Span).Words);
        }
    }
}
