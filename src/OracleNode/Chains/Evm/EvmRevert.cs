using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace OracleNode.Chains.Evm;

/// <summary>Why a call reverted, in words: the contract's typed error with its values by name, so that both sides of a refusal show.</summary>
/// <param name="Name">The error's name, or <c>0x</c> and its selector when it is not one of ours.</param>
/// <param name="Words">Name and values, for a person.</param>
/// <param name="Skipped">The records that were passed over, when the error is <c>NothingStored</c>.</param>
internal sealed record EvmRevert(string Name, string Words, IReadOnlyList<SkippedRecord> Skipped)
{
    private const int SelectorLength = 4;
    private const int MaxBytesShown = 64;

    private static readonly Dictionary<uint, Definition> Known = new[]
    {
        // Solidity's own.
        "Error(string reason)",
        "Panic(uint256 code)",
        // Of submit.
        "WrongVersion(uint8 given, uint8 expected)",
        "WrongDeployment(uint64 given, uint64 expected)",
        "WrongEpoch(uint32 given, uint32 current)",
        "BadLength(uint256 given, uint256 expected)",
        "BadRun(uint16 count, uint16 first, uint8 level)",
        "BadRecordType(uint256 offset, uint8 given)",
        "QuorumNotMet(uint256 given, uint256 required)",
        "SignersNotAscending(uint8 previous, uint8 given)",
        "UnknownSigner(uint32 epoch, uint8 index)",
        "BadSignature(uint32 epoch, uint8 index)",
        "AttestedInFuture(uint64 attestedAtMillis, uint64 latestMillis)",
        "AttestedTooOld(uint64 attestedAtMillis, uint64 oldestMillis)",
        "NothingStored(bytes skipped)",
        // Of reading.
        "UnknownFeed(bytes32 feedId)",
        "NoDataPresent(bytes32 feedId, uint256 roundId)",
        "FeedIsPaused(bytes32 feedId)",
        "FeedIsRetired(bytes32 feedId)",
        "NotAPrice(bytes32 feedId, uint8 unit)",
        // Of administration.
        "NotOwner(address caller, address owner)",
        "NotPendingOwner(address caller, address pendingOwner)",
        "NotGuardian(address caller, address guardian)",
        "ZeroAddress()",
        "BadLimit(uint256 given, uint256 min, uint256 max)",
        "DuplicateFeed(bytes32 feedId)",
        "FeedTagCollision(bytes32 feedId, bytes32 existing)",
        "TooManyFeeds(uint256 count)",
        "ProxyNotCreated()",
        "BadTextLength(uint256 given, uint256 min, uint256 max)",
        "NotAscii(uint256 position, uint8 given)",
        "ParenthesisInDescription(uint256 position)",
        "BadUnit(uint8 given)",
        "BadDecimals(uint8 given, uint8 expected)",
        "BadBounds(int64 minPrice, int64 maxPrice)",
        "BoundTooPrecise(int64 given)",
        "FeedNotPaused(bytes32 feedId)",
        "BadProofOfPossession(uint32 epoch, uint8 index, bytes32 publicKey)",
        "SignerAlreadyRegistered(uint32 epoch, uint8 index)",
        "DuplicateKey(uint32 epoch, bytes32 publicKey, uint8 index)",
        "NotStagedEpoch(uint32 given, uint32 staged)",
        "KeyRevoked(bytes32 publicKey)",
        "KeyNotRegistered(bytes32 publicKey)",
        "BadThreshold(uint8 given, uint256 signers)",
        "BadOverlap(uint64 previousValidUntil, uint64 latest)",
        "EpochNotAccepted(uint32 epoch)",
    }.Select(Definition.Parse).ToDictionary(d => d.Selector);

    /// <summary>Names of every error known here, with the types of their values: <c>WrongEpoch(uint32,uint32)</c>.</summary>
    public static IEnumerable<string> KnownSignatures => Known.Values.Select(d => d.Signature);

    /// <summary>Reads revert data. Never throws: what cannot be read is shown as it is.</summary>
    public static EvmRevert Decode(ReadOnlySpan<byte> data)
    {
        if (data.Length < SelectorLength) return new EvmRevert("", data.IsEmpty ? "reverted without a reason" : $"reverted with {EvmHex.Data(data)}", []);
        var selector = BinaryPrimitives.ReadUInt32BigEndian(data);
        if (!Known.TryGetValue(selector, out var definition)) return Unreadable(data);
        try
        {
            return definition.Read(data[SelectorLength..]);
        }
        catch (FormatException)
        {
            return Unreadable(data);
        }
    }

    private static EvmRevert Unreadable(ReadOnlySpan<byte> data)
    {
        var name = EvmHex.Data(data[..SelectorLength]);
        var more = data.Length > MaxBytesShown ? "..." : "";
        return new EvmRevert(name, $"reverted with an unknown error {EvmHex.Data(data[..Math.Min(data.Length, MaxBytesShown)])}{more}", []);
    }

    private sealed record Definition(string Name, (string Type, string Name)[] Values, string Signature, uint Selector)
    {
        public static Definition Parse(string text)
        {
            var open = text.IndexOf('(', StringComparison.Ordinal);
            var name = text[..open];
            var values = text[(open + 1)..^1].Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split(' ')).Select(v => (v[0], v[1])).ToArray();
            var signature = $"{name}({string.Join(',', values.Select(v => v.Item1))})";
            return new Definition(name, values, signature, BinaryPrimitives.ReadUInt32BigEndian(AbiWriter.Selector(signature)));
        }

        public EvmRevert Read(ReadOnlySpan<byte> data)
        {
            var reader = new AbiReader(data);
            var words = new StringBuilder(Name).Append('(');
            IReadOnlyList<SkippedRecord> skipped = [];
            for (var i = 0; i < Values.Length; i++)
            {
                var (type, name) = Values[i];
                if (i > 0) words.Append(", ");
                words.Append(name).Append(' ');
                if (type is "string" or "bytes")
                {
                    var bytes = reader.BytesAt(reader.ReadSize());
                    if (Name == "NothingStored") skipped = SkippedRecord.ReadAll(bytes);
                    words.Append(Name == "NothingStored" ? string.Join(", ", skipped) : Show(type, bytes));
                }
                else
                {
                    words.Append(Show(type, reader.ReadWord()));
                }
            }

            return new EvmRevert(Name, words.Append(')').ToString(), skipped);
        }

        private static string Show(string type, ReadOnlySpan<byte> value)
        {
            if (type == "string")
            {
                var text = new StringBuilder("'");
                foreach (var b in value[..Math.Min(value.Length, MaxBytesShown)]) text.Append(b is >= 0x20 and < 0x7F ? (char)b : '?');
                return text.Append('\'').ToString();
            }

            if (type == "address") return new EvmAddress(value[12..]).ToString();
            if (type.StartsWith("uint", StringComparison.Ordinal)) return new BigInteger(value, isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture);
            if (type.StartsWith("int", StringComparison.Ordinal)) return new BigInteger(value, isUnsigned: false, isBigEndian: true).ToString(CultureInfo.InvariantCulture);
            return EvmHex.Data(value[..Math.Min(value.Length, MaxBytesShown)]);
        }
    }
}
