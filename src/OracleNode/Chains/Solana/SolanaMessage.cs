namespace OracleNode.Chains.Solana;

/// <summary>
/// A compiled legacy transaction message: the bytes that are signed. Accounts stand in the order the runtime demands:
/// payer, writable signers, other signers, writable, the rest; within a class in order of first use.
/// https://solana.com/docs/core/transactions
/// </summary>
internal sealed class SolanaMessage
{
    /// <summary>Largest transaction, signatures included, that the network carries in one packet.</summary>
    public const int MaxTransactionBytes = 1232;

    private const int MaxAccounts = 256;

    private SolanaMessage(byte[] bytes, SolanaAddress[] accounts, int requiredSignatures)
    {
        Bytes = bytes;
        Accounts = accounts;
        RequiredSignatures = requiredSignatures;
    }

    /// <summary>The bytes to sign.</summary>
    public byte[] Bytes { get; }

    /// <summary>Every account used, in the message's order.</summary>
    public IReadOnlyList<SolanaAddress> Accounts { get; }

    /// <summary>How many of the first accounts sign.</summary>
    public int RequiredSignatures { get; }

    /// <summary>Bytes of the whole transaction once signed.</summary>
    public int TransactionLength => CompactLength.SizeOf(RequiredSignatures) + RequiredSignatures * 64 + Bytes.Length;

    /// <summary>Compiles the instructions; the payer is the first signer.</summary>
    /// <exception cref="ArgumentException">More than 256 accounts.</exception>
    public static SolanaMessage Compile(SolanaAddress payer, SolanaAddress recentBlockhash, IReadOnlyList<SolanaInstruction> instructions)
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

        // Stable: the payer, used first, stays first among the writable signers.
        var ordered = uses.OrderByDescending(use => use.IsSigner).ThenByDescending(use => use.IsWritable).ToArray();
        if (ordered.Length > MaxAccounts)
        {
            throw new ArgumentException($"A transaction names at most {MaxAccounts} accounts, not {ordered.Length}.", nameof(instructions));
        }

        for (var i = 0; i < ordered.Length; i++) places[ordered[i].Address] = i;
        var accounts = Array.ConvertAll(ordered, use => use.Address);
        var signers = ordered.Count(use => use.IsSigner);
        var bytes = Encode(ordered, signers, places, recentBlockhash, instructions);
        return new SolanaMessage(bytes, accounts, signers);
    }

    private static byte[] Encode(
        AccountUse[] ordered, int signers, Dictionary<SolanaAddress, int> places, SolanaAddress recentBlockhash, IReadOnlyList<SolanaInstruction> instructions)
    {
        var length = 3 + CompactLength.SizeOf(ordered.Length) + ordered.Length * 32 + 32 + CompactLength.SizeOf(instructions.Count);
        foreach (var instruction in instructions)
        {
            length += 1
                + CompactLength.SizeOf(instruction.Accounts.Count) + instruction.Accounts.Count
                + CompactLength.SizeOf(instruction.Data.Length) + instruction.Data.Length;
        }

        var bytes = new byte[length];
        bytes[0] = (byte)signers;
        bytes[1] = (byte)ordered.Count(use => use is { IsSigner: true, IsWritable: false });
        bytes[2] = (byte)ordered.Count(use => use is { IsSigner: false, IsWritable: false });
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
