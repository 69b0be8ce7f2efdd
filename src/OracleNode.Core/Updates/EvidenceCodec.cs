using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Updates;

/// <summary>The canonical bytes of a record's evidence, and their hash: a leaf of the tree whose root is the batch header's evidence root.</summary>
public static class EvidenceCodec
{
    /// <summary>First byte. No inner node of the tree begins with it by rule, and none is as long as any evidence.</summary>
    public const byte Version = 1;

    /// <summary>First byte of evidence that ends with the amounts behind a reserve ratio; all else is the same.</summary>
    public const byte VersionWithReserve = 2;

    private static Duration Latest { get; } = Duration.FromNanoseconds(long.MaxValue);

    private const int FixedLength = 1 + 8 + 8 + 1 + 1 + 4 + 1 + 1 + 1 + Hash32.Length + Hash32.Length + 16 + 16 + 8 + 8 + 1;
    private const int InputLength = 2 + 2 + 1 + 1 + 8 + 8 + 8 + 8;
    private const int ReserveLength = 16 + 16 + 8;

    /// <summary>Bytes of the evidence with that many inputs, with or without the amounts of a reserve.</summary>
    public static int LengthOf(int inputs, bool withReserve = false) => FixedLength + (inputs * InputLength) + (withReserve ? ReserveLength : 0);

    /// <summary>Writes the evidence of a decision as it stands now, straight from it.</summary>
    /// <param name="feedTag">The feed.</param>
    /// <param name="decision">The decision; at most 255 inputs.</param>
    /// <param name="multiplier">For a token: the reading in force.</param>
    /// <param name="settings">Commitment to the configuration.</param>
    /// <param name="calendar">Fingerprint of the calendar in force, 32 bytes.</param>
    public static byte[] Encode(ulong feedTag, FeedDecision decision, in MultiplierTerms? multiplier, in Hash32 settings, ReadOnlySpan<byte> calendar)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return Encode(
            feedTag, decision.DecidedAt, decision.State, decision.Reason, decision.HoldReasons, decision.Session, decision.ClosedReason, decision.HaltReason,
            settings, calendar, multiplier, decision.Inputs, decision.Reserve);
    }

    /// <summary>Writes evidence.</summary>
    public static byte[] Encode(FeedEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        Span<byte> calendar = stackalloc byte[Hash32.Length];
        evidence.Calendar.CopyTo(calendar);
        return Encode(
            evidence.FeedTag, evidence.DecidedAt, evidence.State, evidence.Reason, evidence.HoldReasons, evidence.Session, evidence.ClosedReason, evidence.HaltReason,
            evidence.Settings, calendar, evidence.Multiplier, [.. evidence.Inputs], evidence.Reserve);
    }

    /// <summary>Reads evidence back. False for anything but canonical bytes; never throws.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out FeedEvidence? evidence)
    {
        evidence = null;
        if (bytes.Length < FixedLength || bytes[0] is not (Version or VersionWithReserve)) return false;
        var withReserve = bytes[0] == VersionWithReserve;
        if (bytes.Length != LengthOf(bytes[FixedLength - 1], withReserve)) return false;
        var inputs = new InputVerdict[bytes[FixedLength - 1]];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (!TryReadInput(bytes.Slice(FixedLength + (i * InputLength), InputLength), out inputs[i])) return false;
        }

        var versions = bytes[26..];
        var terms = versions[(2 * Hash32.Length)..];
        var current = BinaryPrimitives.ReadUInt128BigEndian(terms);
        var activation = BinaryPrimitives.ReadInt64BigEndian(terms[32..]);
        evidence = new FeedEvidence
        {
            FeedTag = BinaryPrimitives.ReadUInt64BigEndian(bytes[1..]),
            DecidedAt = FromNanos(BinaryPrimitives.ReadInt64BigEndian(bytes[9..])),
            State = (FeedState)bytes[17],
            Reason = (DecisionReason)bytes[18],
            HoldReasons = (HoldReasons)BinaryPrimitives.ReadUInt32BigEndian(bytes[19..]),
            Session = (MarketSession)bytes[23],
            ClosedReason = (ClosedReason)bytes[24],
            HaltReason = (HaltReason)bytes[25],
            Settings = new Hash32(versions[..Hash32.Length]),
            Calendar = new Hash32(versions.Slice(Hash32.Length, Hash32.Length)),
            Multiplier = current == 0
                ? null
                : new MultiplierTerms(
                    new Multiplier(current), new Multiplier(BinaryPrimitives.ReadUInt128BigEndian(terms[16..])),
                    activation == 0 ? null : FromNanos(activation), FromNanos(BinaryPrimitives.ReadInt64BigEndian(terms[40..]))),
            Inputs = inputs,
            Reserve = withReserve ? ReadReserve(bytes[^ReserveLength..]) : null,
        };
        return Encode(evidence).AsSpan().SequenceEqual(bytes);
    }

    /// <summary>The evidence root of a batch: the Merkle root over the hashes of its records' evidence, in record order.</summary>
    /// <param name="evidence">1 to 65535 canonical encodings.</param>
    public static Hash32 RootOf(IReadOnlyList<byte[]> evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentOutOfRangeException.ThrowIfZero(evidence.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(evidence.Count, ushort.MaxValue);
        return MerkleTree.OfHashed(evidence).Root;
    }

    private static byte[] Encode(
        ulong feedTag, Instant decidedAt, FeedState state, DecisionReason reason, HoldReasons holds, MarketSession session, ClosedReason closed, HaltReason halt,
        in Hash32 settings, ReadOnlySpan<byte> calendar, in MultiplierTerms? multiplier, ReadOnlySpan<InputVerdict> inputs, in ReserveAmounts? reserve)
    {
        var bytes = new byte[LengthOf(inputs.Length, reserve is not null)];
        var span = bytes.AsSpan();
        span[0] = reserve is null ? Version : VersionWithReserve;
        BinaryPrimitives.WriteUInt64BigEndian(span[1..], feedTag);
        BinaryPrimitives.WriteInt64BigEndian(span[9..], ToNanos(decidedAt));
        span[17] = (byte)state;
        span[18] = (byte)reason;
        BinaryPrimitives.WriteUInt32BigEndian(span[19..], (uint)holds);
        span[23] = (byte)session;
        span[24] = (byte)closed;
        span[25] = (byte)halt;
        settings.CopyTo(span[26..]);
        calendar.CopyTo(span[(26 + Hash32.Length)..]);
        if (multiplier is { } terms && !terms.Current.IsNone)
        {
            var at = span[(26 + (2 * Hash32.Length))..];
            BinaryPrimitives.WriteUInt128BigEndian(at, terms.Current.E18);
            BinaryPrimitives.WriteUInt128BigEndian(at[16..], terms.Next.E18);
            BinaryPrimitives.WriteInt64BigEndian(at[32..], terms.ActivationAt is { } activation ? ToNanos(activation) : 0);
            BinaryPrimitives.WriteInt64BigEndian(at[40..], ToNanos(terms.ReadAt));
        }

        span[FixedLength - 1] = (byte)inputs.Length;
        var rest = span[FixedLength..];
        foreach (ref readonly var input in inputs)
        {
            Write(input, rest);
            rest = rest[InputLength..];
        }

        if (reserve is { } amounts)
        {
            BinaryPrimitives.WriteUInt128BigEndian(rest, amounts.BackingE18);
            BinaryPrimitives.WriteUInt128BigEndian(rest[16..], amounts.IssuedE18);
            BinaryPrimitives.WriteInt64BigEndian(rest[32..], ToNanos(amounts.MeasuredAt));
        }

        return bytes;
    }

    private static ReserveAmounts ReadReserve(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]), FromNanos(BinaryPrimitives.ReadInt64BigEndian(bytes[32..])));

    private static void Write(in InputVerdict input, Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)input.Source.Index);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)input.Upstream.Index);
        bytes[4] = (byte)input.Reason;
        bytes[5] = (byte)input.Kind;
        BinaryPrimitives.WriteInt64BigEndian(bytes[6..], input.Value.E8);
        BinaryPrimitives.WriteInt64BigEndian(bytes[14..], input.Bid.E8);
        BinaryPrimitives.WriteInt64BigEndian(bytes[22..], input.Ask.E8);
        BinaryPrimitives.WriteInt64BigEndian(bytes[30..], ToNanos(input.EventTime));
    }

    private static bool TryReadInput(ReadOnlySpan<byte> bytes, out InputVerdict input)
    {
        input = default;
        if (!TryReadPrice(bytes[6..], out var value) || !TryReadPrice(bytes[14..], out var bid) || !TryReadPrice(bytes[22..], out var ask)) return false;
        input = new InputVerdict(
            new SourceId(BinaryPrimitives.ReadUInt16BigEndian(bytes)), new UpstreamId(BinaryPrimitives.ReadUInt16BigEndian(bytes[2..])),
            (InputReason)bytes[4], (ObservationKind)bytes[5], value, bid, ask, FromNanos(BinaryPrimitives.ReadInt64BigEndian(bytes[30..])));
        return true;
    }

    private static bool TryReadPrice(ReadOnlySpan<byte> bytes, out Price price)
    {
        var e8 = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return Price.TryFromE8(e8, out price) || e8 == 0;
    }

    // 64 bits of nanoseconds reach from 1677 to 2262; what a vendor stamps beyond is cut to the end, as it is refused anyway.
    private static long ToNanos(Instant instant)
    {
        var sinceEpoch = instant - NodaConstants.UnixEpoch;
        if (sinceEpoch > Latest) return long.MaxValue;
        return sinceEpoch < -Latest ? -long.MaxValue : sinceEpoch.ToInt64Nanoseconds();
    }

    private static Instant FromNanos(long nanos) => NodaConstants.UnixEpoch + Duration.FromNanoseconds(nanos);
}
