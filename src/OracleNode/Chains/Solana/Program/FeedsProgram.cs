using System.Buffers.Binary;
using System.Text;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Chains.Solana;

/// <summary>
/// The instructions of our program that the node and its deployment send; the layout is in
/// <c>src/onchain/solana/README.md</c>.
/// </summary>
internal static class FeedsProgram
{
    /// <summary>Most signatures that one Submit may point at.</summary>
    public const int MaxSignatures = SignerSet.MaxKeys;

    /// <summary>1: makes an empty account of the program the registry of a deployment.</summary>
    public static SolanaInstruction InitRegistry(
        SolanaAddress program,
        SolanaAddress registry,
        SolanaAddress baseAddress,
        ulong deployment,
        SolanaAddress genesisHash,
        SolanaAddress owner,
        SolanaAddress guardian,
        ulong maxFutureMillis,
        ulong maxAttestationAgeMillis)
    {
        var data = new byte[1 + 8 + 32 + 32 + 32 + 8 + 8];
        data[0] = 1;
        BinaryPrimitives.WriteUInt64BigEndian(data.AsSpan(1), deployment);
        genesisHash.CopyTo(data.AsSpan(9));
        owner.CopyTo(data.AsSpan(41));
        guardian.CopyTo(data.AsSpan(73));
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(105), maxFutureMillis);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(113), maxAttestationAgeMillis);
        return new SolanaInstruction(program, [AccountUse.Writable(registry), AccountUse.Signer(baseAddress)], data);
    }

    /// <summary>2: adds a key to the pending signer set, proven by the Ed25519 instruction at <paramref name="proofIndex"/>.</summary>
    public static SolanaInstruction AddSigner(
        SolanaAddress program, SolanaAddress registry, SolanaAddress owner, int proofIndex, uint epoch, byte signerIndex, ReadOnlySpan<byte> publicKey)
    {
        var data = new byte[1 + 1 + 4 + 1 + 32];
        data[0] = 2;
        data[1] = (byte)proofIndex;
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(2), epoch);
        data[6] = signerIndex;
        publicKey.CopyTo(data.AsSpan(7));
        AccountUse[] accounts = [AccountUse.Writable(registry), AccountUse.Signer(owner), AccountUse.Readonly(SolanaPrograms.InstructionsSysvar)];
        return new SolanaInstruction(program, accounts, data);
    }

    /// <summary>3: makes the pending set current.</summary>
    public static SolanaInstruction ActivateSigners(
        SolanaAddress program, SolanaAddress registry, SolanaAddress owner, uint epoch, byte threshold, byte count, uint overlapSeconds)
    {
        var data = new byte[1 + 4 + 1 + 1 + 4];
        data[0] = 3;
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(1), epoch);
        data[5] = threshold;
        data[6] = count;
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(7), overlapSeconds);
        return new SolanaInstruction(program, [AccountUse.Writable(registry), AccountUse.Signer(owner)], data);
    }

    /// <summary>5: makes an empty account of the program the account of a feed; the program computes the feed id.</summary>
    public static SolanaInstruction InitFeed(
        SolanaAddress program, SolanaAddress registry, SolanaAddress owner, SolanaAddress account, Feed feed, Price min, Price max)
    {
        var identity = Encoding.ASCII.GetBytes(feed.Identity);
        var quote = Encoding.ASCII.GetBytes(feed.Quote);
        var data = new byte[1 + 1 + identity.Length + 1 + quote.Length + 1 + 1 + 8 + 8];
        data[0] = 5;
        data[1] = (byte)identity.Length;
        identity.CopyTo(data, 2);
        var rest = data.AsSpan(2 + identity.Length);
        rest[0] = (byte)quote.Length;
        quote.CopyTo(rest[1..]);
        rest = rest[(1 + quote.Length)..];
        rest[0] = (byte)feed.Unit;
        rest[1] = Price.Decimals;
        BinaryPrimitives.WriteInt64LittleEndian(rest[2..], min.E8);
        BinaryPrimitives.WriteInt64LittleEndian(rest[10..], max.E8);
        return new SolanaInstruction(program, [AccountUse.Readonly(registry), AccountUse.Signer(owner), AccountUse.Writable(account)], data);
    }

    /// <summary>8: other absolute bounds for a feed.</summary>
    public static SolanaInstruction SetBounds(SolanaAddress program, SolanaAddress registry, SolanaAddress owner, SolanaAddress account, Price min, Price max)
    {
        var data = new byte[1 + 8 + 8];
        data[0] = 8;
        BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(1), min.E8);
        BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(9), max.E8);
        return new SolanaInstruction(program, [AccountUse.Readonly(registry), AccountUse.Signer(owner), AccountUse.Writable(account)], data);
    }

    /// <summary>9: other limits on how far an attestation may lie from the cluster's time, ms.</summary>
    public static SolanaInstruction SetLimits(SolanaAddress program, SolanaAddress registry, SolanaAddress owner, ulong maxFutureMillis, ulong maxAttestationAgeMillis)
    {
        var data = new byte[1 + 8 + 8];
        data[0] = 9;
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(1), maxFutureMillis);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(9), maxAttestationAgeMillis);
        return new SolanaInstruction(program, [AccountUse.Writable(registry), AccountUse.Signer(owner)], data);
    }

    /// <summary>10: offers the registry to a new owner, who must accept.</summary>
    public static SolanaInstruction ProposeOwner(SolanaAddress program, SolanaAddress registry, SolanaAddress owner, SolanaAddress newOwner) =>
        new(program, [AccountUse.Writable(registry), AccountUse.Signer(owner)], (byte[])[10, .. newOwner.ToArray()]);

    /// <summary>11: takes the offer.</summary>
    public static SolanaInstruction AcceptOwner(SolanaAddress program, SolanaAddress registry, SolanaAddress pendingOwner) =>
        new(program, [AccountUse.Writable(registry), AccountUse.Signer(pendingOwner)], (byte[])[11]);

    /// <summary>12: sets the guardian; the zero address for none.</summary>
    public static SolanaInstruction SetGuardian(SolanaAddress program, SolanaAddress registry, SolanaAddress owner, SolanaAddress guardian) =>
        new(program, [AccountUse.Writable(registry), AccountUse.Signer(owner)], (byte[])[12, .. guardian.ToArray()]);

    /// <summary>6: stores the records of an envelope whose signatures stand in Ed25519 instructions of the same transaction.</summary>
    /// <param name="program">Program id.</param>
    /// <param name="registry">Registry account.</param>
    /// <param name="feeds">One feed account per record, in order.</param>
    /// <param name="signatures">Instruction index and signer index of each, ascending by signer.</param>
    /// <param name="envelope">Envelope without signatures, as <see cref="BatchEnvelope"/> encodes it.</param>
    public static SolanaInstruction Submit(
        SolanaAddress program,
        SolanaAddress registry,
        IReadOnlyList<SolanaAddress> feeds,
        IReadOnlyList<(int InstructionIndex, byte SignerIndex)> signatures,
        ReadOnlySpan<byte> envelope)
    {
        AccountUse[] accounts =
        [
            AccountUse.Readonly(registry),
            AccountUse.Readonly(SolanaPrograms.ClockSysvar),
            AccountUse.Readonly(SolanaPrograms.InstructionsSysvar),
            .. feeds.Select(AccountUse.Writable),
        ];
        return new SolanaInstruction(program, accounts, SubmitData.Encode(signatures, envelope));
    }
}
