using Microsoft.Extensions.Logging;

namespace OracleNode.Chains.Solana;

public sealed partial class SolanaPublisher
{
    [LoggerMessage(EventId = 4200, EventName = "SolanaConnected", Level = LogLevel.Information,
        Message = "{Chain}: connected to {Endpoint}, program {Program}, registry {Registry}, {Feeds} feeds.")]
    private partial void LogConnected(string chain, string endpoint, SolanaAddress program, SolanaAddress registry, int feeds);

    [LoggerMessage(EventId = 4201, EventName = "SolanaRegistryPaused", Level = LogLevel.Warning,
        Message = "{Chain}: the registry {Registry} is paused and stores nothing; its owner alone resumes it.")]
    private partial void LogRegistryPaused(string chain, SolanaAddress registry);

    [LoggerMessage(EventId = 4202, EventName = "SolanaPreviousEpoch", Level = LogLevel.Warning,
        Message = "{Chain}: this node signs for epoch {Epoch}, the registry is at {CurrentEpoch}; move the node before {ValidUntilUnixSeconds} (Unix s), or its batches are refused.")]
    private partial void LogPreviousEpoch(string chain, uint epoch, uint currentEpoch, long validUntilUnixSeconds);

    [LoggerMessage(EventId = 4203, EventName = "SolanaLowBalance", Level = LogLevel.Warning,
        Message = "{Chain}: the payer {Payer} holds {Lamports} lamports, below {LowBalanceLamports}; fund it before it is empty.")]
    private partial void LogLowBalance(string chain, SolanaAddress payer, ulong lamports, long lowBalanceLamports);

    [LoggerMessage(EventId = 4204, EventName = "SolanaBatchLanded", Level = LogLevel.Debug,
        Message = "{Chain}: batch {Sequence} of {Records} records landed in {Transactions} transactions, {ComputeUnits} compute units.")]
    private partial void LogLanded(string chain, ulong sequence, int records, int transactions, long? computeUnits);

    [LoggerMessage(EventId = 4205, EventName = "SolanaBatchNotLanded", Level = LogLevel.Warning,
        Message = "{Chain}: batch {Sequence} did not land: {Outcome}: {Detail}. A newer batch will be tried; look at the endpoint, the payer's balance and the registry if this repeats.")]
    private partial void LogNotLanded(string chain, ulong sequence, SubmissionOutcome outcome, string? detail);

    [LoggerMessage(EventId = 4206, EventName = "SolanaBatchStillNotLanded", Level = LogLevel.Debug,
        Message = "{Chain}: batch {Sequence} did not land either: {Outcome}: {Detail}.")]
    private partial void LogStillNotLanded(string chain, ulong sequence, SubmissionOutcome outcome, string? detail);

    [LoggerMessage(EventId = 4207, EventName = "SolanaLandsAgain", Level = LogLevel.Information,
        Message = "{Chain}: batch {Sequence} landed after {Outcome}.")]
    private partial void LogLandsAgain(string chain, ulong sequence, SubmissionOutcome outcome);

    [LoggerMessage(EventId = 4208, EventName = "SolanaTableIncomplete", Level = LogLevel.Warning,
        Message = "{Chain}: the lookup table {Table} lacks {Missing} of the accounts used, {First} the first; extend it, or transactions carry fewer records.")]
    private partial void LogTableIncomplete(string chain, SolanaAddress table, int missing, SolanaAddress first);
}
