using OracleNode.Updates;

namespace OracleNode.Chains.Solana;

/// <summary>Which chain accounts a batch's transactions name.</summary>
/// <param name="Program">Program id.</param>
/// <param name="Registry">Registry account.</param>
/// <param name="Base">Base of the seeded addresses.</param>
/// <param name="Deployment">Deployment id.</param>
/// <param name="Table">Shortens the transactions; null for none.</param>
internal sealed record SubmitTarget(SolanaAddress Program, SolanaAddress Registry, SolanaAddress Base, ulong Deployment, LookupTable? Table = null)
{
    /// <summary>What a lookup table has to hold to be of use, in the order to put it there.</summary>
    public IEnumerable<SolanaAddress> TableAddresses(IEnumerable<ulong> feedTags) =>
        [Registry, SolanaPrograms.ClockSysvar, SolanaPrograms.InstructionsSysvar, .. feedTags.Select(FeedAccount)];

    public SolanaAddress FeedAccount(ulong feedTag) => FeedsAddresses.Feed(Base, Deployment, feedTag, Program);
}

/// <summary>What a transaction asks of the cluster besides its work.</summary>
internal readonly record struct ComputeBudget(uint UnitLimit, ulong UnitPriceMicroLamports, uint LoadedAccountsDataLimitBytes);

/// <summary>
/// Builds the transaction of one run: compute budget, one Ed25519 check per signature, then Submit with the envelope that
/// carries no signatures.
/// </summary>
internal static class SubmitTransaction
{
    /// <summary>Compute budget instructions that stand before the Ed25519 checks.</summary>
    public const int BudgetInstructions = 3;

    public static SolanaMessage Compile(
        SubmitTarget target, SolanaAddress payer, SignedBatch batch, BatchRun run, ReadOnlySpan<byte> signedMessage, SolanaAddress blockhash, ComputeBudget budget)
    {
        var instructions = new List<SolanaInstruction>
        {
            ComputeBudgetProgram.SetComputeUnitLimit(budget.UnitLimit),
            ComputeBudgetProgram.SetComputeUnitPrice(budget.UnitPriceMicroLamports),
            ComputeBudgetProgram.SetLoadedAccountsDataSizeLimit(budget.LoadedAccountsDataLimitBytes),
        };
        var signatures = new List<(int, byte)>(batch.Signatures.Count);
        foreach (var signature in batch.Signatures)
        {
            var index = BudgetInstructions + signatures.Count;
            signatures.Add((index, signature.SignerIndex));
            instructions.Add(Ed25519Program.Verify(index, signature.PublicKey, signature.Signature, signedMessage));
        }

        var feeds = new SolanaAddress[run.Count];
        for (var i = 0; i < feeds.Length; i++) feeds[i] = target.FeedAccount(batch.Records[run.First + i].FeedTag);
        var envelope = BatchEnvelope.Encode(batch, run.First, run.Level, withSignatures: false);
        instructions.Add(FeedsProgram.Submit(target.Program, target.Registry, feeds, signatures, envelope));
        return SolanaMessage.Compile(payer, blockhash, instructions, target.Table);
    }

    /// <summary>The 47 bytes that the batch's signatures are over.</summary>
    public static byte[] SignedMessage(SignedBatch batch)
    {
        var message = new byte[BatchMessage.Length];
        BatchMessage.Write(batch.Header, message);
        return message;
    }

    /// <summary>A transaction error in words: which instruction, and what its code means.</summary>
    /// <param name="error">As the cluster reports it.</param>
    /// <param name="signatures">How many Ed25519 checks the transaction has.</param>
    public static string Describe(SolanaTransactionError error, int signatures)
    {
        if (error.InstructionIndex is not { } index)
        {
            return error.Name switch
            {
                "AccountNotFound" => "AccountNotFound: the payer holds no lamports; fund it",
                "InsufficientFundsForFee" => "InsufficientFundsForFee: the payer's balance does not cover the fee; fund it",
                "BlockhashNotFound" => "BlockhashNotFound: the blockhash is too old, or the endpoint does not know it yet",
                "AddressLookupTableNotFound" or "InvalidAddressLookupTableOwner" or "InvalidAddressLookupTableData" or "InvalidAddressLookupTableIndex" =>
                    $"{error.Name}: the lookup table is gone or no longer what it was; correct LookupTable, or leave it empty",
                "MaxLoadedAccountsDataSizeExceeded" => "MaxLoadedAccountsDataSizeExceeded: raise LoadedAccountsDataLimitBytes",
                _ => error.ToString(),
            };
        }

        if (index == BudgetInstructions + signatures)
        {
            return error.CustomCode is { } code ? $"the program refused: {FeedsProgramError.Describe(code)}" : $"the program failed: {error.InstructionError}";
        }

        return index >= BudgetInstructions && index < BudgetInstructions + signatures
            ? $"the Ed25519 program refused signature {index - BudgetInstructions}: {DescribeEd25519(error)}"
            : error.ToString();
    }

    // https://docs.rs/solana-precompile-error
    private static string DescribeEd25519(SolanaTransactionError error) => error.CustomCode switch
    {
        0 => "InvalidPublicKey",
        2 => "InvalidSignature",
        3 => "InvalidDataOffsets",
        4 => "InvalidInstructionDataSize",
        { } code => $"code {code}",
        null => error.InstructionError ?? error.Name,
    };
}
