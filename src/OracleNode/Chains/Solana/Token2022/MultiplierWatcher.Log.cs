using Microsoft.Extensions.Logging;
using NodaTime;
using OracleNode.Market;

namespace OracleNode.Chains.Solana;

public sealed partial class MultiplierWatcher
{
    [LoggerMessage(EventId = 4250, EventName = "MultiplierFirstReading", Level = LogLevel.Information,
        Message = "Mint {Mint}: multiplier {Multiplier}.")]
    private partial void LogFirstReading(SolanaAddress mint, Multiplier multiplier);

    [LoggerMessage(EventId = 4251, EventName = "MultiplierStaged", Level = LogLevel.Warning,
        Message = "Mint {Mint}: multiplier {Multiplier} is staged for {EffectiveAt}; check it against the issuer's announcement.")]
    private partial void LogStaged(SolanaAddress mint, Multiplier multiplier, Instant effectiveAt);

    [LoggerMessage(EventId = 4252, EventName = "MultiplierActivated", Level = LogLevel.Information,
        Message = "Mint {Mint}: multiplier went from {Before} to {After}, as staged.")]
    private partial void LogActivated(SolanaAddress mint, Multiplier before, Multiplier after);

    [LoggerMessage(EventId = 4253, EventName = "MultiplierUnannounced", Level = LogLevel.Warning,
        Message = "Mint {Mint}: multiplier went from {Before} to {After} without having been staged; check the issuer's announcements.")]
    private partial void LogUnannounced(SolanaAddress mint, Multiplier before, Multiplier after);

    [LoggerMessage(EventId = 4254, EventName = "MultiplierUnusable", Level = LogLevel.Error,
        Message = "Mint {Mint} has no usable multiplier: {Reason}. Its token feeds hold until it has; check the mint's address.")]
    private partial void LogUnusable(SolanaAddress mint, string reason);

    [LoggerMessage(EventId = 4255, EventName = "MultiplierReadFailed", Level = LogLevel.Warning,
        Message = "Multipliers cannot be read from {Endpoint}: {Reason}. Token feeds hold when the last reading is older than {MaxReadingAge}.")]
    private partial void LogFailed(string endpoint, string reason, TimeSpan maxReadingAge);

    [LoggerMessage(EventId = 4256, EventName = "MultiplierReadRecovered", Level = LogLevel.Information,
        Message = "Multipliers can be read from {Endpoint} again.")]
    private partial void LogRecovered(string endpoint);
}
