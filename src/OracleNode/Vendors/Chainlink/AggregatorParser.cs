using System.Globalization;
using System.Numerics;
using NodaTime;
using OracleNode.Chains.Evm;
using OracleNode.Market;
using OracleNode.Tokens;

namespace OracleNode.Vendors.Chainlink;

/// <summary>One configured aggregator.</summary>
/// <param name="Address">The contract that readers are given; a proxy as a rule.</param>
/// <param name="Currency">The currency whose price in dollars it tells.</param>
internal sealed record AggregatorSpec(EvmAddress Address, string Currency)
{
    /// <summary>What its description must be.</summary>
    public string Pair => $"{Currency} / USD";
}

/// <summary>Everything about an aggregator that stands after one block.</summary>
/// <param name="Round">Of <c>latestRoundData()</c>.</param>
/// <param name="Decimals">Of <c>decimals()</c>.</param>
/// <param name="Description">Of <c>description()</c>.</param>
/// <param name="Min">Of <c>minAnswer()</c> of the contract behind it.</param>
/// <param name="Max">Likewise of <c>maxAnswer()</c>.</param>
/// <param name="Sequencer">Of <c>latestRoundData()</c> of the sequencer's feed; null when none is configured.</param>
internal sealed record AggregatorAnswers(EvmStateAnswer Round, EvmStateAnswer Decimals, EvmStateAnswer Description, EvmStateAnswer Min, EvmStateAnswer Max, EvmStateAnswer? Sequencer);

/// <summary>What an aggregator says, checked.</summary>
/// <param name="Id">The round.</param>
/// <param name="Decimals">Of its answers.</param>
/// <param name="Price">The answer.</param>
/// <param name="UpdatedAt">When it was reported.</param>
internal readonly record struct AggregatorRound(UInt128 Id, int Decimals, Price Price, Instant UpdatedAt);

/// <summary>From answers to a price. Pure; an endpoint may answer anything, and a contract too.</summary>
internal sealed class AggregatorParser(ChainlinkOptions options, Duration maxClockLead)
{
    private const int RoundWords = 5;
    private const int RoundBits = 80;
    private const int MaxShownCharacters = 48;

    private readonly Duration _heartbeat = Duration.FromTimeSpan(options.Heartbeat);
    private readonly Duration _margin = Duration.FromTimeSpan(options.HeartbeatMargin);
    private readonly Duration _grace = Duration.FromTimeSpan(options.SequencerGrace);

    /// <summary>What is asked of every aggregator: round, decimals, description, and the contract behind it.</summary>
    public static EvmStateQuery[] QueriesOf(AggregatorSpec spec) =>
        [RoundOf(spec.Address), EvmWords.Call(spec.Address, "decimals()"), EvmWords.Call(spec.Address, "description()"), EvmWords.Call(spec.Address, "aggregator()")];

    /// <summary>What is asked of the contract behind it: its bounds.</summary>
    public static EvmStateQuery[] BoundsOf(EvmAddress behind) => [EvmWords.Call(behind, "minAnswer()"), EvmWords.Call(behind, "maxAnswer()")];

    /// <summary>The newest round of a contract.</summary>
    public static EvmStateQuery RoundOf(EvmAddress contract) => EvmWords.Call(contract, "latestRoundData()");

    /// <summary>The contract that <c>aggregator()</c> names; null when it names none.</summary>
    public static EvmAddress? Behind(in EvmStateAnswer answer)
    {
        if (EvmWords.CheckLength(answer, "aggregator()", 1) is not null || answer.Data.Span[..(AbiReader.WordLength - EvmAddress.Length)].ContainsAnyExcept((byte)0)) return null;
        var address = new EvmAddress(answer.Data.Span[(AbiReader.WordLength - EvmAddress.Length)..]);
        return address.IsZero ? null : address;
    }

    /// <summary>Reads what stands after a block.</summary>
    /// <param name="spec">The aggregator.</param>
    /// <param name="blockTime">The block's time.</param>
    /// <param name="answers">What was answered.</param>
    /// <param name="round">What it says.</param>
    /// <returns>Null when it may be believed; else what was found and what would be right.</returns>
    public string? TryRead(AggregatorSpec spec, Instant blockTime, AggregatorAnswers answers, out AggregatorRound round)
    {
        round = default;
        if (TryReadRound(answers.Round, "latestRoundData()", out var said) is { } error) return $"{error}; give the address of a feed's proxy in Symbol";
        if (CheckDescription(answers.Description, spec.Pair) is { } otherPair) return otherPair;
        Span<UInt128> decimals = stackalloc UInt128[1];
        if (EvmWords.TryRead(answers.Decimals, "decimals()", decimals) is { } noDecimals) return noDecimals;
        if (decimals[0] > AggregatorPrice.MaxDecimals) return string.Create(CultureInfo.InvariantCulture, $"it has {decimals[0]} decimals, more than {AggregatorPrice.MaxDecimals}");
        if (said.Answer.Sign <= 0) return $"its answer is {Shown(said.Answer)}, no price; it is asked again";
        if (AggregatorPrice.TryScale(said.Answer, (int)decimals[0], out var price) is { } noPrice) return noPrice;
        if (CheckTimes(said, blockTime, out var updatedAt) is { } wrongTime) return wrongTime;
        if (CheckBounds(said.Answer, answers) is { } atBound) return atBound;
        if (CheckSequencer(answers.Sequencer, blockTime) is { } down) return down;
        round = new AggregatorRound(said.Id, (int)decimals[0], price, updatedAt);
        return null;
    }

    private string? CheckTimes(in RoundData said, Instant blockTime, out Instant updatedAt)
    {
        updatedAt = default;
        if (said.Id == 0 || said.UpdatedAt == 0) return string.Create(CultureInfo.InvariantCulture, $"it has no round yet (roundId {said.Id}, updatedAt {said.UpdatedAt}); give the address of a feed that reports");
        if (said.AnsweredIn < said.Id) return string.Create(CultureInfo.InvariantCulture, $"round {said.Id} carries the answer of round {said.AnsweredIn} on; it is asked again");
        if (said.UpdatedAt > long.MaxValue || !EpochTime.TryRead((long)said.UpdatedAt, EpochUnit.Seconds, out updatedAt))
            return string.Create(CultureInfo.InvariantCulture, $"its updatedAt {said.UpdatedAt} is not in Unix seconds; only a feed that keeps to AggregatorV3Interface can be read");
        if (updatedAt - blockTime > maxClockLead) return $"it was updated at {updatedAt}, which is after its block of {blockTime}; only a feed whose updatedAt is its report's block time can be read";
        if (blockTime - updatedAt > _heartbeat + _margin)
            return $"it was last updated at {updatedAt}, longer ago than Chainlink:Heartbeat {options.Heartbeat} and HeartbeatMargin {options.HeartbeatMargin} allow: its network is silent, or correct them";
        return null;
    }

    /// <summary>What lies beyond a bound is not reported, so that one who stands at it says nothing of where the market is.</summary>
    private string? CheckBounds(BigInteger answer, AggregatorAnswers answers)
    {
        if (TryReadSigned(answers.Min, "minAnswer()", out var min) is null && TryReadSigned(answers.Max, "maxAnswer()", out var max) is null && min < max)
        {
            return answer <= min || answer >= max
                ? $"its answer {Shown(answer)} is at or beyond its own bounds {Shown(min)} and {Shown(max)}, where it says nothing of the market; it is asked again"
                : null;
        }

        return options.RequireBounds
            ? "it does not tell its bounds (aggregator(), minAnswer(), maxAnswer()), so that it could stand at one unseen; set Chainlink:RequireBounds to false to take it, and CurrencyRules:MinPrice and MaxPrice of the feed instead"
            : null;
    }

    /// <summary>While a sequencer is down nobody can report; afterwards reports take their time.</summary>
    private string? CheckSequencer(in EvmStateAnswer? answer, Instant blockTime)
    {
        if (answer is not { } said) return null;
        if (TryReadRound(said, "latestRoundData() of Chainlink:SequencerFeed", out var status) is { } error) return error;
        if (!status.Answer.IsZero) return "the chain's sequencer is down, says Chainlink:SequencerFeed; it is asked again";
        if (status.StartedAt > long.MaxValue || !EpochTime.TryRead((long)status.StartedAt, EpochUnit.Seconds, out var since))
            return string.Create(CultureInfo.InvariantCulture, $"Chainlink:SequencerFeed says no time since when the sequencer is up ({status.StartedAt}); give the address of the chain's sequencer uptime feed");
        return blockTime - since < _grace ? $"the chain's sequencer is up again only since {since}, less than Chainlink:SequencerGrace {options.SequencerGrace}; it is asked again" : null;
    }

    private static string? CheckDescription(in EvmStateAnswer answer, string pair)
    {
        if (answer.Error is not null || answer.Data.IsEmpty) return $"it has no description(), which must be '{pair}'; give the address of a feed's proxy in Symbol";
        try
        {
            var reader = new AbiReader(answer.Data.Span);
            var text = reader.BytesAt(reader.ReadSize());
            // How far apart the words stand differs between publishers, what they are does not.
            return IsPair(text, pair) ? null : $"its description is '{Shown(text)}', not '{pair}': correct Symbol or Currency";
        }
        catch (FormatException e)
        {
            return $"description(): {e.Message}; it must be '{pair}'";
        }
    }

    private static bool IsPair(ReadOnlySpan<byte> text, string pair)
    {
        var at = 0;
        foreach (var c in pair)
        {
            if (c == ' ') continue;
            while (at < text.Length && text[at] == ' ') at++;
            if (at == text.Length || text[at++] != c) return false;
        }

        return text[at..].Trim((byte)' ').IsEmpty;
    }

    private static string? TryReadRound(in EvmStateAnswer answer, string function, out RoundData round)
    {
        round = default;
        if (EvmWords.CheckLength(answer, function, RoundWords) is { } error) return error;
        try
        {
            var reader = new AbiReader(answer.Data.Span);
            round = new RoundData(
                reader.ReadUnsigned(RoundBits), new BigInteger(reader.ReadWord(), isUnsigned: false, isBigEndian: true), reader.ReadUnsigned(128), reader.ReadUnsigned(128), reader.ReadUnsigned(RoundBits));
            return null;
        }
        catch (FormatException e)
        {
            return $"{function}: {e.Message}";
        }
    }

    private static string? TryReadSigned(in EvmStateAnswer answer, string function, out BigInteger value)
    {
        value = default;
        if (EvmWords.CheckLength(answer, function, 1) is { } error) return error;
        value = new BigInteger(answer.Data.Span, isUnsigned: false, isBigEndian: true);
        return null;
    }

    private static string Shown(BigInteger value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Shown(ReadOnlySpan<byte> text)
    {
        var shown = new char[Math.Min(text.Length, MaxShownCharacters)];
        for (var i = 0; i < shown.Length; i++) shown[i] = text[i] is >= 0x20 and < 0x7F ? (char)text[i] : '?';
        return new string(shown);
    }

    private readonly record struct RoundData(UInt128 Id, BigInteger Answer, UInt128 StartedAt, UInt128 UpdatedAt, UInt128 AnsweredIn);
}
