namespace OracleNode.Chains.Solana;

/// <summary>
/// A compiled transaction message: the bytes that are signed. Accounts stand in the order the runtime demands: payer, writable
/// signers, other signers, writable, the rest; within a class in order of first use. With a lookup table it is of version 0, and
/// the accounts in the table follow, the writable ones first; signers and programs are never taken from a table.
/// https://solana.com/docs/core/transactions
/// </summary>
internal sealed class SolanaMessage
{
    /// <summary>Largest transaction, signatures included, that the network carries in one packet.</summary>
    public const int MaxTransactionBytes = 1232;

    private const int MaxAccounts = 256;
    private const byte Version0 = 0x80;

    private SolanaMessage(byte[] bytes, SolanaAddress[] accounts, int requiredSignatures)
    {
        Bytes = bytes;
        Accounts = accounts;
        RequiredSignatures = requiredSignatures;
    }

    /// <summary>The bytes to sign.</summary>
    public byte[] Bytes { get; }

    /// <summary>Every account used, in the message's order, those from the table last.</summary>
    public IReadOnlyList<SolanaAddress> Accounts { get; }

    /// <summary>How many of the first accounts sign.</summary>
    public int RequiredSignatures { get; }

    /// <summary>Bytes of the whole transaction once signed.</summary>
    public int TransactionLength => CompactLength.SizeOf(RequiredSignatures) + RequiredSignatures * 64 + Bytes.Length;

    /// <summary>Compiles the instructions; the payer is the first signer.</summary>
    /// <param name="payer">Pays the fees.</param>
    /// <param name="recentBlockhash">Bounds how long the transaction can land.</param>
    /// <param name="instructions">The work, in order.</param>
    /// <param name="table">Shortens the message where it holds the accounts; null for a legacy message.</param>
    /// <exception cref="ArgumentException">More than 256 accounts.</exception>
    public static SolanaMessage Compile(SolanaAddress payer, SolanaAddress recentBlockhash, IReadOnlyList<SolanaInstruction> instructions, LookupTable? table = null)
    {
        var uses = new List<AccountUse>();
        var places = new Dictionary<SolanaAddress, int>();
        void Use(AccountUse use)
        {
            if (places.TryGetValue(use.Address, out var place))
            {
                var known = uses[place];
                uses[place] = new AccountUse(use.Address, known.IsSigner || use.IsSigner, known.IsWritable || use.IsWritable);
                return;
            }

            places.Add(use.Address, uses.Count);
            uses.Add(use);
        }

        Use(AccountUse.WritableSigner(payer));
        foreach (var instruction in instructions)
        {
            foreach (var use in instruction.Accounts) Use(use);
            Use(AccountUse.Readonly(instruction.Program));
        }

        var programs = instructions.Select(instruction => instruction.Program).ToHashSet();
        bool IsTabled(AccountUse use) => table is not null && !use.IsSigner && !programs.Contains(use.Address) && table.TryFind(use.Address, out _);

        // Stable: the payer, used first, stays first among the writable signers.
        var ordered = uses.OrderBy(IsTabled).ThenByDescending(use => use.IsSigner).ThenByDescending(use => use.IsWritable).ToArray();
        if (ordered.Length > MaxAccounts)
        {
            throw new ArgumentException($"A transaction names at most {MaxAccounts} accounts, not {ordered.Length}.", nameof(instructions));
        }

        for (var i = 0; i < ordered.Length; i++) places[ordered[i].Address] = i;
        var accounts = Array.ConvertAll(ordered, use => use.Address);
        var signers = ordered.Count(use => use.IsSigner);
        var tabled = ordered.Count(IsTabled);
        var bytes = Encode(ordered.AsSpan(..^tabled), signers, places, recentBlockhash, instructions);
        if (tabled != 0) bytes = [Version0, .. bytes, .. EncodeLookup(table!, ordered.AsSpan(^tabled..))];
        return new SolanaMessage(bytes, accounts, signers);
    }

    /// <summary>The lookups of a version 0 message: one table, the places of writable accounts, those of the others.</summary>
    private static byte[] EncodeLookup(LookupTable table, ReadOnlySpan<AccountUse> tabled)
    {
        List<byte> writable = [], readable = [];
        foreach (var use in tabled)
        {
            if (!table.TryFind(use.Address, out var place)) throw new ArgumentException($"{use.Address} is not in the table.", nameof(tabled));
            (use.IsWritable ? writable : readable).Add(place);
        }

        var bytes = new byte[1 + 32 + CompactLength.SizeOf(writable.Count) + writable.Count + CompactLength.SizeOf(readable.Count) + readable.Count];
        bytes[0] = 1; // tables
        table.Address.CopyTo(bytes.AsSpan(1));
        var rest = bytes.AsSpan(33);
        foreach (var places in (ReadOnlySpan<List<byte>>)[writable, readable])
        {
            rest = rest[CompactLength.Write(rest, places.Count)..];
            places.CopyTo(rest);
            rest = rest[places.Count..];
        }

        return bytes;
    }

    private static byte[] Encode(
        ReadOnlySpan<AccountUse> ordered, int signers, Dictionary<SolanaAddress, int> places, SolanaAddress recentBlockhash, IReadOnlyList<SolanaInstruction> instructions)
    {
        var (readonlySigners, readonlyOthers) = (0, 0);
        foreach (var use in ordered)
        {
            if (use.IsWritable) continue;
            if (use.IsSigner) readonlySigners++;
            else readonlyOthers++;
        }

        var length = 3 + CompactLength.SizeOf(ordered.Length) + ordered.Length * 32 + 32 + CompactLength.SizeOf(instructions.Count);
        foreach (var instruction in instructions)
        {
            length += 1
                + CompactLength.SizeOf(instruction.Accounts.Count) + instruction.Accounts.Count
                + CompactLength.SizeOf(instruction.Data.Length) + instruction.Data.Length;
        }

        var bytes = new byte[length];
        bytes[0] = (byte)signers;
        bytes[1] = (byte)readonlySigners;
        bytes[2] = (byte)readonlyOthers;
        var rest = bytes.AsSpan(3);
        rest = rest[CompactLength.Write(rest, ordered.Length)..];
        foreach (var use in ordered)
        {
            use.Address.CopyTo(rest);
            rest = rest[32..];
        }

        recentBlockhash.CopyTo(rest);
        rest = rest[32..];
        rest = rest[CompactLength.Write(rest, instructions.Count)..];
        foreach (var instruction in instructions)
        {
            rest[0] = (byte)places[instruction.Program];
            rest = rest[1..];
            rest = rest[CompactLength.Write(rest, instruction.Accounts.Count)..];
            foreach (var use in instruction.Accounts)
            {
                rest[0] = (byte)places[use.Address];
                rest = rest[1..];
            }

            rest = rest[CompactLength.Write(rest, instruction.Data.Length)..];
            instruction.Data.Span.CopyTo(rest);
            rest = rest[instruction.Data.Length..];
        }

        return bytes;
    }
}
