using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Deployment;

/// <summary>What an OracleFeeds contract says of itself.</summary>
internal sealed record EvmContractState(
    byte[] Code, ulong Deployment, ulong MaxFutureMillis, ulong MaxAttestationAgeMillis, EvmAddress Owner, EvmAddress PendingOwner, EvmAddress Guardian, uint CurrentEpoch)
{
    /// <summary>keccak256 of its code, lower-case hex with 0x.</summary>
    public string CodeHash => HashOf(Code);

    public static string HashOf(ReadOnlySpan<byte> code)
    {
        var hash = new byte[Keccak256.Length];
        Keccak256.Hash(code, hash);
        return EvmHex.Data(hash);
    }
}

/// <summary>A feed as the contract has it.</summary>
internal sealed record EvmFeedState(EvmFeedInfo Info, EvmAddress Proxy);

/// <summary>Asks one OracleFeeds contract how it is set up; failed calls are tried again as the options say.</summary>
internal sealed class EvmContractReader(EvmOptions options, EvmRpcClient rpc, EvmAddress contract, TimeProvider time)
{
    /// <summary>Its code; empty where there is none.</summary>
    public Task<byte[]> CodeAsync(CancellationToken cancellationToken) => RetryAsync(ct => rpc.GetCodeAsync(contract, ct), cancellationToken);

    /// <summary>Everything but signers and feeds; null when there is no code.</summary>
    /// <exception cref="EvmRpcException">The endpoint failed, or the code there is no OracleFeeds.</exception>
    /// <exception cref="FormatException">An answer is not of its form.</exception>
    public async Task<EvmContractState?> StateAsync(CancellationToken cancellationToken)
    {
        var code = await CodeAsync(cancellationToken);
        if (code.Length == 0) return null;
        return new EvmContractState(
            code,
            await NumberAsync(OracleFeedsContract.Deployment(), cancellationToken),
            await NumberAsync(OracleFeedsAdministration.MaxFutureMillis(), cancellationToken),
            await NumberAsync(OracleFeedsAdministration.MaxAttestationAgeMillis(), cancellationToken),
            await AddressAsync(OracleFeedsAdministration.Owner(), cancellationToken),
            await AddressAsync(OracleFeedsAdministration.PendingOwner(), cancellationToken),
            await AddressAsync(OracleFeedsAdministration.Guardian(), cancellationToken),
            (uint)await NumberAsync(OracleFeedsContract.CurrentEpoch(), cancellationToken));
    }

    /// <summary>Threshold, number of signers and last second of an epoch.</summary>
    public async Task<(byte Threshold, ushort Signers, ulong ValidUntilUnixSeconds)> EpochAsync(uint epoch, CancellationToken cancellationToken) =>
        OracleFeedsContract.ReadEpochInfo(await CallAsync(OracleFeedsContract.EpochInfo(epoch), cancellationToken));

    /// <summary>Key at a place of an epoch; zero when there is none.</summary>
    public async Task<Hash32> SignerAsync(uint epoch, byte index, CancellationToken cancellationToken) =>
        OracleFeedsContract.ReadBytes32(await CallAsync(OracleFeedsContract.SignerKey(epoch, index), cancellationToken));

    /// <summary>Was the key revoked for good?</summary>
    public async Task<bool> IsKeyRevokedAsync(Hash32 publicKey, CancellationToken cancellationToken) =>
        await NumberAsync(OracleFeedsAdministration.KeyRevoked(publicKey), cancellationToken) != 0;

    /// <summary>Every feed registered.</summary>
    public async Task<HashSet<FeedId>> FeedIdsAsync(CancellationToken cancellationToken) =>
        [.. OracleFeedsContract.ReadIds(await CallAsync(OracleFeedsContract.FeedIds(), cancellationToken))];

    /// <summary>A registered feed.</summary>
    public async Task<EvmFeedState> FeedAsync(FeedId feed, CancellationToken cancellationToken) => new(
        OracleFeedsAdministration.ReadFeedInfo(await CallAsync(OracleFeedsAdministration.FeedInfo(feed), cancellationToken)),
        await AddressAsync(OracleFeedsAdministration.FeedProxy(feed), cancellationToken));

    private async Task<ulong> NumberAsync(byte[] data, CancellationToken cancellationToken) => OracleFeedsContract.ReadUInt64(await CallAsync(data, cancellationToken));

    private async Task<EvmAddress> AddressAsync(byte[] data, CancellationToken cancellationToken) => OracleFeedsAdministration.ReadAddress(await CallAsync(data, cancellationToken));

    private Task<byte[]> CallAsync(byte[] data, CancellationToken cancellationToken) =>
        RetryAsync(ct => rpc.CallAsync(new EvmCall(default, contract, data), EvmBlockTag.Latest, ct), cancellationToken);

    private Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) => EvmRetry.RunAsync(call, options, time, cancellationToken);
}
