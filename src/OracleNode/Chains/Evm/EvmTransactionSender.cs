using System.Globalization;
using Microsoft.Extensions.Logging;
using OracleNode.Updates;

namespace OracleNode.Chains.Evm;

/// <summary>
/// Gets one transaction at a time from an account into a block: nonce from the chain, EIP-1559 fees under caps, replacement
/// with the same nonce and a higher fee, receipt. The chain is the truth for the nonce: what a former delivery left waiting is
/// replaced, so that an old payload does not land behind a newer one. Used by one caller at a time.
/// </summary>
/// <remarks>
/// <code>
/// nonce and fees -> send -> receipt? ---------------------------> Included
///       ^             |        | none within ReplaceAfter
///       |             |        v
///       |             +-- raise both fees, same nonce (else send the same again)
///       +-- nonce was used by another transaction
/// </code>
/// </remarks>
public sealed partial class EvmTransactionSender
{
    // A nonce that is taken from under us time and again means that something else spends from this account.
    private const int MaxNonceConflicts = 5;

    private const int UsedNoncePolls = 4;

    // Older versions than these are looked for when the nonce turns out to be used, and at the end.
    private const int VersionsPolled = 3;

    private readonly EvmOptions _options;
    private readonly EvmAccount _account;
    private readonly EvmRpcClient _rpc;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    // The nonce after our last receipt: an endpoint whose replicas lag may still count less.
    private ulong _seenNonce;

    // What the last delivery left in waiting, so that a replacement knows what it must outbid.
    private (ulong Nonce, EvmFees Fees)? _leftWaiting;

    public EvmTransactionSender(EvmOptions options, EvmAccount account, EvmRpcClient rpc, TimeProvider time, ILogger logger)
    {
        _options = options;
        _account = account;
        _rpc = rpc;
        _time = time;
        _logger = logger;
    }

    private UInt128 FeeCap => (UInt128)_options.MaxFeePerGasWei;

    /// <summary>Delivers a call, or a creation when <paramref name="to"/> is null. Throws only when cancelled.</summary>
    public async Task<EvmDelivery> DeliverAsync(EvmAddress? to, ReadOnlyMemory<byte> data, ulong gasLimit, CancellationToken cancellationToken)
    {
        var sent = new List<SignedEvmTransaction>();
        try
        {
            for (var conflict = 0; conflict <= MaxNonceConflicts; conflict++)
            {
                var delivery = await DeliverOnceAsync(to, data, gasLimit, sent, cancellationToken);
                if (delivery is not null) return delivery;
            }

            return End(EvmDeliveryStatus.Expired, string.Create(CultureInfo.InvariantCulture, $"{MaxNonceConflicts + 1} nonces in a row were used by other transactions: something else spends from {_account.Address}; give each node an account of its own"), sent);
        }
        catch (EvmRpcException e)
        {
            return End(EvmDeliveryStatus.Unreachable, e.Message, sent);
        }
    }

    /// <summary>One nonce; null when another transaction used it.</summary>
    private async Task<EvmDelivery?> DeliverOnceAsync(EvmAddress? to, ReadOnlyMemory<byte> data, ulong gasLimit, List<SignedEvmTransaction> sent, CancellationToken cancellationToken)
    {
        var nonce = await NextNonceAsync(cancellationToken);
        var (fresh, baseFee) = await FreshFeesAsync(cancellationToken);
        var fees = fresh;
        if (_leftWaiting is { } waiting && waiting.Nonce == nonce)
        {
            fees = EvmFees.Replacement(waiting.Fees, fresh, (uint)_options.ReplacementBumpBps, FeeCap) ?? fresh;
        }

        if (fees is not { } offer)
        {
            LogFeeCap(_options.Name, baseFee, FeeCap);
            return End(EvmDeliveryStatus.Expired, $"the base fee is {baseFee} wei per gas, above {nameof(EvmOptions.MaxFeePerGasWei)} {FeeCap}: nothing sent", sent);
        }

        var started = _time.GetTimestamp();
        var ours = sent.Count;
        var replacements = 0;
        var failures = 0;
        var mayHaveArrived = false;
        EvmRpcException? lastFailure = null;
        while (true)
        {
            var transaction = new Eip1559Transaction(_options.ChainId, nonce, offer.MaxPriorityFeePerGas, offer.MaxFeePerGas, gasLimit, to, 0, data).Sign(_account);
            // Kept before it is sent: a send whose answer is lost may still have arrived.
            if (sent.Count == ours || sent[^1].Hash != transaction.Hash) sent.Add(transaction);
            var answer = await SendAsync(transaction, cancellationToken);
            var pause = _options.ReplaceAfter;
            switch (answer)
            {
                case null or { Error.Kind: EvmRpcErrorKind.AlreadyKnown }:
                    _leftWaiting = (nonce, offer);
                    mayHaveArrived = true;
                    failures = 0;
                    LogSent(_options.Name, transaction.Hash, nonce, offer, gasLimit);
                    break;

                case { Error.Kind: EvmRpcErrorKind.NonceTooLow }:
                    // Perhaps by a version of ours whose receipt this endpoint does not show yet.
                    var (found, _) = await WaitAsync(sent, ours, started, mayHaveArrived ? UsedNoncePolls * _options.ReceiptPollInterval : TimeSpan.Zero, cancellationToken);
                    found ??= await FindReceiptAsync(sent, ours, cancellationToken);
                    if (found is not null) return Included(found, nonce, sent);
                    LogNonceUsed(_options.Name, nonce);
                    _leftWaiting = null;
                    return null;

                case { Error.Kind: EvmRpcErrorKind.NonceTooHigh }:
                    LogNonceUsed(_options.Name, nonce);
                    _seenNonce = 0;
                    _leftWaiting = null;
                    return null;

                case { Error.Kind: EvmRpcErrorKind.ReplacementUnderpriced or EvmRpcErrorKind.FeeTooLow }:
                    // Ours are known by hash from the second on; the first may face one from before a restart, whose price we do not know.
                    _leftWaiting = (nonce, offer);
                    pause = TimeSpan.Zero;
                    lastFailure = answer;
                    break;

                case { Error.Kind: EvmRpcErrorKind.InsufficientFunds }:
                    return End(EvmDeliveryStatus.Refused, await FundsDetailAsync(offer, gasLimit, cancellationToken), sent);

                case { Error.Kind: EvmRpcErrorKind.Gas or EvmRpcErrorKind.Reverted }:
                    return End(EvmDeliveryStatus.Refused, answer.Message, sent);

                default:
                    // It may or may not have arrived: look for it, then send the same bytes again.
                    lastFailure = answer;
                    failures++;
                    mayHaveArrived = true;
                    pause = _options.ReceiptPollInterval;
                    LogSendFailed(_options.Name, transaction.Hash, answer.Message);
                    break;
            }

            var (receipt, failure) = await WaitAsync(sent, ours, started, pause, cancellationToken);
            if (receipt is not null) return Included(receipt, nonce, sent);
            if (failure is not null) lastFailure = failure;
            if (_time.GetElapsedTime(started) >= _options.ReceiptTimeout)
            {
                return await EndWaitAsync(sent, ours, nonce, offer, failure ?? (failures > 0 ? lastFailure : null), cancellationToken);
            }

            // A send that failed is repeated as it is; one that was taken, or was too cheap, is replaced by a dearer one.
            if (failures > 0) continue;
            if (replacements >= _options.MaxReplacements)
            {
                if (pause == TimeSpan.Zero) return End(EvmDeliveryStatus.Expired, $"still too cheap after {replacements} replacements, at {offer}: {lastFailure?.Message}", sent);
                continue;
            }

            EvmFees? now = null;
            try
            {
                (now, _) = await FreshFeesAsync(cancellationToken);
            }
            catch (EvmRpcException e)
            {
                lastFailure = e;
            }

            if (EvmFees.Replacement(offer, now, (uint)_options.ReplacementBumpBps, FeeCap) is { } raised)
            {
                replacements++;
                LogReplaced(_options.Name, nonce, raised, replacements);
                offer = raised;
            }
            else if (pause == TimeSpan.Zero)
            {
                LogFeeCap(_options.Name, offer.MaxFeePerGas, FeeCap);
                return End(EvmDeliveryStatus.Expired, $"too cheap at {offer}, and {nameof(EvmOptions.MaxFeePerGasWei)} {FeeCap} allows no more: {lastFailure?.Message}", sent);
            }
        }
    }

    /// <summary>The first nonce no block has used. A transaction that waits with it is replaced.</summary>
    private async Task<ulong> NextNonceAsync(CancellationToken cancellationToken)
    {
        var latest = await RetryAsync(ct => _rpc.GetTransactionCountAsync(_account.Address, EvmBlockTag.Latest, ct), cancellationToken);
        var pending = await RetryAsync(ct => _rpc.GetTransactionCountAsync(_account.Address, EvmBlockTag.Pending, ct), cancellationToken);
        var nonce = Math.Max(latest, _seenNonce);
        if (pending > nonce) LogReplacingWaiting(_options.Name, pending - nonce, nonce);
        return nonce;
    }

    private async Task<(EvmFees? Fees, UInt128 BaseFee)> FreshFeesAsync(CancellationToken cancellationToken)
    {
        var block = await RetryAsync(_rpc.GetLatestBlockAsync, cancellationToken);
        var tip = await RetryAsync(_rpc.GetMaxPriorityFeePerGasAsync, cancellationToken);
        return (EvmFees.First(block.BaseFeePerGas, tip, FeeCap, (UInt128)_options.MaxPriorityFeePerGasWei), block.BaseFeePerGas);
    }

    /// <summary>Sends; null when the endpoint took it.</summary>
    private async Task<EvmRpcException?> SendAsync(SignedEvmTransaction transaction, CancellationToken cancellationToken)
    {
        try
        {
            await _rpc.SendRawTransactionAsync(transaction, cancellationToken);
            return null;
        }
        catch (EvmRpcException e)
        {
            return e;
        }
    }

    /// <summary>Looks for a receipt until one is there, the pause is over or the delivery's time is up. Endpoint failures are waited out.</summary>
    private async Task<(EvmReceipt? Receipt, EvmRpcException? Failure)> WaitAsync(List<SignedEvmTransaction> sent, int ours, long started, TimeSpan pause, CancellationToken cancellationToken)
    {
        var waitStarted = _time.GetTimestamp();
        EvmRpcException? failure = null;
        while (true)
        {
            try
            {
                if (await FindReceiptAsync(sent, Math.Max(ours, sent.Count - VersionsPolled), cancellationToken) is { } receipt) return (receipt, null);
                failure = null;
            }
            catch (EvmRpcException e)
            {
                failure = e;
            }

            if (_time.GetElapsedTime(waitStarted) >= pause || _time.GetElapsedTime(started) >= _options.ReceiptTimeout) return (null, failure);
            await Task.Delay(_options.ReceiptPollInterval, _time, cancellationToken);
        }
    }

    /// <summary>The receipt of whichever version was included, newest first.</summary>
    private async Task<EvmReceipt?> FindReceiptAsync(List<SignedEvmTransaction> sent, int from, CancellationToken cancellationToken)
    {
        for (var i = sent.Count - 1; i >= from; i--)
        {
            var hash = sent[i].Hash;
            if (await RetryAsync(ct => _rpc.GetTransactionReceiptAsync(hash, ct), cancellationToken) is { } receipt) return receipt;
        }

        return null;
    }

    private async Task<EvmDelivery> EndWaitAsync(List<SignedEvmTransaction> sent, int ours, ulong nonce, EvmFees offer, EvmRpcException? failure, CancellationToken cancellationToken)
    {
        // A nonce that never got used may have been wrong: the next delivery asks the chain alone.
        _seenNonce = 0;
        if (failure is null)
        {
            if (await FindReceiptAsync(sent, ours, cancellationToken) is { } late) return Included(late, nonce, sent);
            return End(EvmDeliveryStatus.Expired, string.Create(CultureInfo.InvariantCulture, $"no receipt within {_options.ReceiptTimeout} for nonce {nonce} in {sent.Count - ours} versions, the last at {offer}"), sent);
        }

        return End(EvmDeliveryStatus.Unreachable, failure.Message, sent);
    }

    private EvmDelivery Included(EvmReceipt receipt, ulong nonce, List<SignedEvmTransaction> sent)
    {
        _seenNonce = nonce + 1;
        _leftWaiting = null;
        LogIncluded(_options.Name, receipt.TransactionHash, receipt.BlockNumber, receipt.GasUsed);
        return new EvmDelivery(EvmDeliveryStatus.Included, null, receipt, Ids(sent));
    }

    private async Task<string> FundsDetailAsync(EvmFees offer, ulong gasLimit, CancellationToken cancellationToken)
    {
        var needed = offer.MaxFeePerGas * gasLimit;
        string has;
        try
        {
            has = (await _rpc.GetBalanceAsync(_account.Address, cancellationToken)).ToString(CultureInfo.InvariantCulture);
        }
        catch (EvmRpcException)
        {
            has = "too few";
        }

        return $"{_account.Address} has {has} wei, a transaction may need {needed}: top the account up";
    }

    private async Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        await EvmRetry.RunAsync(call, _options, _time, cancellationToken);

    private static EvmDelivery End(EvmDeliveryStatus status, string detail, List<SignedEvmTransaction> sent) => new(status, detail, null, Ids(sent));

    private static string[] Ids(List<SignedEvmTransaction> sent) => [.. sent.Select(t => t.Hash.ToString())];
}
