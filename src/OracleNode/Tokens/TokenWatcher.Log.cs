using NodaTime;
using OracleNode.Market;

namespace OracleNode.Tokens;

internal sealed partial class TokenWatcher
{
    [LoggerMessage(EventId = 4250, EventName = "MultiplierFirstReading", Level = LogLevel.Information,
        Message = "Token {Token}: multiplier {Multiplier}, by code {CodeHash}.")]
    private partial void LogFirstReading(string token, Multiplier multiplier, string codeHash);

    [LoggerMessage(EventId = 4251, EventName = "MultiplierStaged", Level = LogLevel.Warning,
        Message = "Token {Token}: multiplier {Multiplier} is staged for {EffectiveAt}; check it against the issuer's announcement.")]
    private partial void LogStaged(string token, Multiplier multiplier, Instant effectiveAt);

    [LoggerMessage(EventId = 4252, EventName = "MultiplierActivated", Level = LogLevel.Information,
        Message = "Token {Token}: multiplier went from {Before} to {After}, as staged.")]
    private partial void LogActivated(string token, Multiplier before, Multiplier after);

    [LoggerMessage(EventId = 4253, EventName = "MultiplierUnannounced", Level = LogLevel.Warning,
        Message = "Token {Token}: multiplier went from {Before} to {After} without having been staged; check the issuer's announcements.")]
    private partial void LogUnannounced(string token, Multiplier before, Multiplier after);

    [LoggerMessage(EventId = 4254, EventName = "MultiplierUnusable", Level = LogLevel.Error,
        Message = "Token {Token} ({Asset}) has no usable multiplier: {Reason}. Its feeds hold until it has; check its address and standard.")]
    private partial void LogUnusable(string token, string asset, string reason);

    [LoggerMessage(EventId = 4255, EventName = "TokensReadFailed", Level = LogLevel.Warning,
        Message = "Tokens of {Chain} cannot be read from {Endpoint}: {Reason}. Their feeds hold when the last reading is older than {MaxReadingAge}.")]
    private partial void LogFailed(string chain, string endpoint, string reason, TimeSpan maxReadingAge);

    [LoggerMessage(EventId = 4256, EventName = "TokensReadRecovered", Level = LogLevel.Information,
        Message = "Tokens of {Chain} can be read from {Endpoint} again.")]
    private partial void LogRecovered(string chain, string endpoint);

    [LoggerMessage(EventId = 4257, EventName = "MultiplierOverridden", Level = LogLevel.Warning,
        Message = "Token {Token}: the schedule of {OldMultiplier} for {OldEffectiveAt} is dropped, {Multiplier} is staged for {EffectiveAt} instead; check it against the issuer's announcement.")]
    private partial void LogOverridden(string token, Multiplier oldMultiplier, Instant oldEffectiveAt, Multiplier multiplier, Instant effectiveAt);

    [LoggerMessage(EventId = 4258, EventName = "MultiplierWithdrawn", Level = LogLevel.Warning,
        Message = "Token {Token}: the schedule of {Multiplier} for {EffectiveAt} is dropped and nothing is staged instead.")]
    private partial void LogWithdrawn(string token, Multiplier multiplier, Instant effectiveAt);

    [LoggerMessage(EventId = 4259, EventName = "TokenPaused", Level = LogLevel.Warning,
        Message = "Token {Token}: {Issuer} has paused it. Its feeds hold until {Issuer} resumes it.")]
    private partial void LogPaused(string token, string issuer);

    [LoggerMessage(EventId = 4260, EventName = "TokenResumed", Level = LogLevel.Information,
        Message = "Token {Token}: {Issuer} has resumed it.")]
    private partial void LogResumed(string token, string issuer);

    [LoggerMessage(EventId = 4261, EventName = "TokenCodeChanged", Level = LogLevel.Error,
        Message = "Token {Token}: the code behind it changed from {Before} to {After}. The feeds of all tokens of {Issuer} are paused: read the new code, then send a signed Resume, or put its hash into CodeHash where that is set.")]
    private partial void LogCodeChanged(string token, string issuer, string before, string after);

    [LoggerMessage(EventId = 4262, EventName = "TokenChainStandsStill", Level = LogLevel.Warning,
        Message = "{Chain} answers, but its time has stood at {ChainTime}: its tokens' feeds hold until it moves on.")]
    private partial void LogStandsStill(string chain, Instant chainTime);

    [LoggerMessage(EventId = 4263, EventName = "TokenChainMovesAgain", Level = LogLevel.Information,
        Message = "{Chain}'s time moves on again.")]
    private partial void LogMovesAgain(string chain);

    [LoggerMessage(EventId = 4264, EventName = "TokenChainHeightForgotten", Level = LogLevel.Warning,
        Message = "{Chain} had answered for block {Forgotten} and since then only for lower ones, now for {Height}: the former is given up; an endpoint of it may be of another chain.")]
    private partial void LogHeightForgotten(string chain, ulong forgotten, ulong height);
}
