namespace OracleNode.Chains.Solana;

/// <summary>A value and the slot the endpoint read it at.</summary>
internal sealed record AtSlot<T>(ulong Slot, T Value);

/// <summary>An account as an endpoint shows it.</summary>
internal sealed record SolanaAccount(SolanaAddress Owner, ulong Lamports, bool Executable, byte[] Data);

/// <summary>A blockhash and the last block height at which a transaction with it can still land.</summary>
internal readonly record struct LatestBlockhash(SolanaAddress Blockhash, ulong LastValidBlockHeight);

/// <summary>How far a transaction has come.</summary>
/// <param name="Slot">Slot it was processed in.</param>
/// <param name="Error">Why it failed; null when it succeeded.</param>
/// <param name="Commitment">How final its slot is.</param>
internal sealed record SignatureStatus(ulong Slot, SolanaTransactionError? Error, SolanaCommitment Commitment);

/// <summary>What a simulation found.</summary>
/// <param name="Error">Why it would fail; null when it would succeed.</param>
/// <param name="UnitsConsumed">Compute units it took.</param>
/// <param name="ReturnData">What the last program that set return data left; empty for none.</param>
/// <param name="Logs">The last lines of the programs' logs.</param>
internal sealed record SimulationResult(SolanaTransactionError? Error, ulong UnitsConsumed, byte[] ReturnData, IReadOnlyList<string> Logs);

/// <summary>A transaction on the ledger.</summary>
/// <param name="Slot">In which it was processed.</param>
/// <param name="Error">Why it failed; null when it succeeded.</param>
/// <param name="FeeLamports">What the payer paid, priority fee included.</param>
/// <param name="ComputeUnits">Compute units it took, where the endpoint says so.</param>
/// <param name="ReturnData">What the last program that set return data left; empty for none.</param>
/// <param name="Wire">The transaction as it travelled; empty where the endpoint does not have it.</param>
internal sealed record LandedTransaction(ulong Slot, SolanaTransactionError? Error, ulong FeeLamports, ulong? ComputeUnits, byte[] ReturnData, byte[] Wire);

/// <summary>A transaction that names an account.</summary>
/// <param name="Signature">Its id.</param>
/// <param name="Slot">In which it was processed.</param>
/// <param name="Failed">True when it changed nothing.</param>
internal readonly record struct NamedTransaction(string Signature, ulong Slot, bool Failed);

/// <summary>How final a slot must be. Ordered.</summary>
public enum SolanaCommitment
{
    Unknown = 0,
    Processed = 1,
    /// <summary>Voted on by two thirds of the stake: never rolled back in practice, within about a second.</summary>
    Confirmed = 2,
    /// <summary>31 confirmed blocks on top: about 13 seconds.</summary>
    Finalized = 3,
}
