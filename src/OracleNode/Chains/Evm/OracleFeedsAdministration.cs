using OracleNode.Market;

namespace OracleNode.Chains.Evm;

/// <summary>A feed as the contract is asked to register it.</summary>
/// <param name="Feed">Identity, quote and unit.</param>
/// <param name="MinPriceE8">Lowest price it takes, 1e-8; at most three significant digits.</param>
/// <param name="MaxPriceE8">Highest price it takes, 1e-8; at most three significant digits.</param>
/// <param name="Detailed">Stores bid, ask, moving average and counts as well.</param>
/// <param name="Description">For people, 1 to 64 printable ASCII characters without parentheses; the feed's proxy adds the unit in parentheses.</param>
internal sealed record EvmFeedRegistration(Feed Feed, long MinPriceE8, long MaxPriceE8, bool Detailed, string Description);

/// <summary>What the contract says of a registered feed.</summary>
internal sealed record EvmFeedInfo(byte Unit, byte Decimals, long MinPriceE8, long MaxPriceE8, string Description);

/// <summary>The calls of OracleFeeds that set it up and tell how it is set up. Mirrors <c>IOracleFeeds.sol</c>.</summary>
internal static class OracleFeedsAdministration
{
    private const int MaxDescription = 64;

    /// <summary>The arguments that follow the creation code.</summary>
    public static byte[] ConstructorArguments(ulong deployment, EvmAddress owner, ulong maxFutureMillis, ulong maxAttestationAgeMillis) =>
        new AbiWriter("constructor(uint64,address,uint64,uint64)", 4)
            .Unsigned(deployment).Address(owner).Unsigned(maxFutureMillis).Unsigned(maxAttestationAgeMillis).ToArray()[4..];

    public static byte[] RegisterSigner(byte index, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> proof) =>
        new AbiWriter("registerSigner(uint8,bytes32,bytes)", 3).Unsigned(index).Bytes32(publicKey).Bytes(proof).ToArray();

    public static byte[] ActivateEpoch(uint epoch, byte threshold, ulong previousValidUntil) =>
        new AbiWriter("activateEpoch(uint32,uint8,uint64)", 3).Unsigned(epoch).Unsigned(threshold).Unsigned(previousValidUntil).ToArray();

    public static byte[] RegisterFeed(EvmFeedRegistration feed) =>
        new AbiWriter("registerFeed(string,string,uint8,uint8,int64,int64,bool,string)", 8)
            .Text(feed.Feed.Identity).Text(feed.Feed.Quote).Unsigned((byte)feed.Feed.Unit).Unsigned(Price.Decimals)
            .Signed(feed.MinPriceE8).Signed(feed.MaxPriceE8).Unsigned(feed.Detailed ? 1UL : 0UL).Text(feed.Description).ToArray();

    public static byte[] SetBounds(FeedId feed, long minPriceE8, long maxPriceE8) =>
        new AbiWriter("setBounds(bytes32,int64,int64)", 3).Bytes32(feed.ToArray()).Signed(minPriceE8).Signed(maxPriceE8).ToArray();

    public static byte[] SetGuardian(EvmAddress guardian) => new AbiWriter("setGuardian(address)", 1).Address(guardian).ToArray();

    public static byte[] TransferOwnership(EvmAddress owner) => new AbiWriter("transferOwnership(address)", 1).Address(owner).ToArray();

    public static byte[] AcceptOwnership() => new AbiWriter("acceptOwnership()", 0).ToArray();

    public static byte[] Owner() => new AbiWriter("owner()", 0).ToArray();

    public static byte[] PendingOwner() => new AbiWriter("pendingOwner()", 0).ToArray();

    public static byte[] Guardian() => new AbiWriter("guardian()", 0).ToArray();

    public static byte[] MaxFutureMillis() => new AbiWriter("maxFutureMillis()", 0).ToArray();

    public static byte[] MaxAttestationAgeMillis() => new AbiWriter("maxAttestationAgeMillis()", 0).ToArray();

    public static byte[] KeyRevoked(Updates.Hash32 publicKey)
    {
        var key = new byte[Updates.Hash32.Length];
        publicKey.CopyTo(key);
        return new AbiWriter("keyRevoked(bytes32)", 1).Bytes32(key).ToArray();
    }

    public static byte[] FeedInfo(FeedId feed) => new AbiWriter("feedInfo(bytes32)", 1).Bytes32(feed.ToArray()).ToArray();

    public static byte[] FeedProxy(FeedId feed) => new AbiWriter("feedProxy(bytes32)", 1).Bytes32(feed.ToArray()).ToArray();

    public static EvmAddress ReadAddress(ReadOnlySpan<byte> result)
    {
        var reader = new AbiReader(result);
        var value = reader.ReadAddress();
        reader.End();
        return value;
    }

    /// <summary>Result of <c>feedInfo</c>.</summary>
    public static EvmFeedInfo ReadFeedInfo(ReadOnlySpan<byte> result)
    {
        var reader = new AbiReader(result);
        var (unit, decimals, min, max) = (reader.ReadByte(), reader.ReadByte(), reader.ReadInt64(), reader.ReadInt64());
        var text = reader.BytesAt(reader.ReadSize());
        if (text.Length > MaxDescription || text.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E)) throw new FormatException($"the description of {text.Length} bytes is not at most {MaxDescription} printable ASCII characters");
        return new EvmFeedInfo(unit, decimals, min, max, System.Text.Encoding.ASCII.GetString(text));
    }
}
