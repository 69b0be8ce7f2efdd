using System.Numerics;
using FsCheck.Xunit;
using NodaTime;
using OracleNode.Chains.Evm;
using static OracleNode.Vendors.Chainlink.AggregatorSamples;

namespace OracleNode.Vendors.Chainlink;

/// <summary>Answers of an aggregator, good and bad: what is not told as a price says what it was and what would be right.</summary>
public class AggregatorParserTests
{
    private static readonly AggregatorParser Parser = new(new ChainlinkOptions(), Duration.FromMinutes(1));

    [Fact]
    public void TryRead_GoodAnswers_IsThePriceOfTheRound()
    {
        Assert.Null(Parser.TryRead(Usdc, BlockTime, Good, out var round));
        Assert.Equal((99_980_000, 8, (UInt128)RoundId, BlockTime - Duration.FromHours(3)), (round.Price.E8, round.Decimals, round.Id, round.UpdatedAt));
    }

    [Theory]
    [InlineData("USDC/USD")]
    [InlineData(" USDC  / USD ")]
    public void TryRead_DescriptionSpacedOtherwise_IsTheSamePair(string description) =>
        Assert.Null(Parser.TryRead(Usdc, BlockTime, Good with { Description = Description(description) }, out _));

    [Theory]
    [InlineData(24 * 3_600)]
    [InlineData((24 * 3_600) + (15 * 60))]
    public void TryRead_QuietWithinHeartbeatAndMargin_Stands(int age) =>
        Assert.Null(Parser.TryRead(Usdc, BlockTime, Good with { Round = Round(99_980_000, updatedAt: Seconds - age) }, out _));

    [Fact]
    public void TryRead_UpdatedWithinTheClocksLead_Stands() => Assert.Null(Parser.TryRead(Usdc, BlockTime, Good with { Round = Round(99_980_000, updatedAt: Seconds + 60) }, out _));

    public static TheoryData<string, string> Bad => new()
    {
        { "no code", "no contract with that function stands there" },
        { "reverts", "reverts" },
        { "short", "answers 128 bytes, not 160" },
        { "long", "answers 192 bytes, not 160" },
        { "round id of 81 bits", "does not fit uint80" },
        { "zero", "its answer is 0, no price" },
        { "negative", "its answer is -1, no price" },
        { "most negative", "no price" },
        { "huge", "more than any price" },
        { "no round", "no round yet" },
        { "never updated", "no round yet" },
        { "carried over", "carries the answer of round" },
        { "updated in milliseconds", "is not in Unix seconds" },
        { "updated in 2^255", "is not in Unix seconds" },
        { "updated ahead", "after its block" },
        { "overdue", "longer ago than Chainlink:Heartbeat" },
        { "other pair", "its description is 'USDT / USD', not 'USDC / USD'" },
        { "inverse pair", "not 'USDC / USD'" },
        { "longer pair", "not 'USDC / USD'" },
        { "shorter pair", "not 'USDC / USD'" },
        { "no description", "it has no description()" },
        { "empty description", "not 'USDC / USD'" },
        { "control characters", "'US?C / USD'" },
        { "description past the end", "pass the end" },
        { "description far away", "points past the end" },
        { "description of one word", "end after" },
        { "decimals 19", "it has 19 decimals" },
        { "decimals huge", "does not fit uint128" },
        { "decimals of two words", "answers 64 bytes, not 32" },
        { "at its floor", "at or beyond its own bounds" },
        { "below its floor", "at or beyond its own bounds" },
        { "at its ceiling", "at or beyond its own bounds" },
        { "no bounds", "it does not tell its bounds" },
        { "bounds revert", "it does not tell its bounds" },
        { "bounds reversed", "it does not tell its bounds" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void TryRead_BadAnswer_SaysWhatItWas(string what, string word)
    {
        var answers = what switch
        {
            "no code" => Good with { Round = new EvmStateAnswer(default, null) },
            "reverts" => Good with { Round = Reverted },
            "short" => Good with { Round = Words(1, 2, 3, 4) },
            "long" => Good with { Round = Words(1, 2, 3, 4, 5, 6) },
            "round id of 81 bits" => Good with { Round = Round(99_980_000, id: BigInteger.One << 80) },
            "zero" => Good with { Round = Round(0) },
            "negative" => Good with { Round = Round(-1) },
            "most negative" => Good with { Round = Round(-(BigInteger.One << 255)) },
            "huge" => Good with { Round = Round((BigInteger.One << 255) - 1) },
            "no round" => Good with { Round = Round(99_980_000, id: 0) },
            "never updated" => Good with { Round = Round(99_980_000, updatedAt: 0) },
            "carried over" => Good with { Round = Round(99_980_000, answeredIn: RoundId - 1) },
            "updated in milliseconds" => Good with { Round = Round(99_980_000, updatedAt: Seconds * 1_000) },
            "updated in 2^255" => Good with { Round = Round(99_980_000, updatedAt: BigInteger.One << 126) },
            "updated ahead" => Good with { Round = Round(99_980_000, updatedAt: Seconds + 61) },
            "overdue" => Good with { Round = Round(99_980_000, updatedAt: Seconds - (24 * 3_600) - (15 * 60) - 1) },
            "other pair" => Good with { Description = Description("USDT / USD") },
            "inverse pair" => Good with { Description = Description("USD / USDC") },
            "longer pair" => Good with { Description = Description("USDC / USD 7d") },
            "shorter pair" => Good with { Description = Description("USDC / US") },
            "no description" => Good with { Description = Reverted },
            "empty description" => Good with { Description = Description("") },
            "control characters" => Good with { Description = Description("US\nC / USD") },
            "description past the end" => Good with { Description = Words(32, 64, 0) },
            "description far away" => Good with { Description = Words(BigInteger.One << 100, 10, 0) },
            "description of one word" => Good with { Description = Words(32) },
            "decimals 19" => Good with { Decimals = Words(19) },
            "decimals huge" => Good with { Decimals = Words(BigInteger.One << 200) },
            "decimals of two words" => Good with { Decimals = Words(8, 8) },
            "at its floor" => Good with { Min = Words(99_980_000) },
            "below its floor" => Good with { Min = Words(99_980_001) },
            "at its ceiling" => Good with { Max = Words(99_980_000) },
            "no bounds" => Good with { Min = new EvmStateAnswer(default, null), Max = Reverted },
            "bounds revert" => Good with { Min = Reverted },
            _ => Good with { Min = Words(100), Max = Words(-100) },
        };
        var problem = Parser.TryRead(Usdc, BlockTime, answers, out var round);
        Assert.Contains(word, problem, StringComparison.Ordinal);
        Assert.True(round.Price.IsNone);
    }

    [Fact]
    public void TryRead_BoundsOf192Bits_AreBounds() =>
        Assert.Null(Parser.TryRead(Usdc, BlockTime, Good with { Min = Words(-(BigInteger.One << 191)), Max = Words((BigInteger.One << 191) - 1) }, out _));

    [Fact]
    public void TryRead_NoBoundsNeeded_TakesOneThatTellsNone()
    {
        var parser = new AggregatorParser(new ChainlinkOptions { RequireBounds = false }, Duration.FromMinutes(1));
        Assert.Null(parser.TryRead(Usdc, BlockTime, Good with { Min = Reverted, Max = Reverted }, out _));
        // Those that are told bind all the same.
        Assert.NotNull(parser.TryRead(Usdc, BlockTime, Good with { Min = Words(99_980_000) }, out _));
    }

    [Theory]
    [InlineData(0, 3_600, null)]
    [InlineData(0, 3_599, "up again only since")]
    [InlineData(1, 36_000, "sequencer is down")]
    [InlineData(-1, 36_000, "sequencer is down")]
    public void TryRead_Sequencer_MustBeUpForTheGrace(int answer, int since, string? word)
    {
        var problem = Parser.TryRead(Usdc, BlockTime, Good with { Sequencer = Round(answer, startedAt: Seconds - since) }, out _);
        if (word is null) Assert.Null(problem);
        else Assert.Contains(word, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_SequencerFeedThatIsNone_SaysSo()
    {
        Assert.Contains("latestRoundData() of Chainlink:SequencerFeed", Parser.TryRead(Usdc, BlockTime, Good with { Sequencer = new EvmStateAnswer(default, null) }, out _), StringComparison.Ordinal);
        Assert.Contains("says no time", Parser.TryRead(Usdc, BlockTime, Good with { Sequencer = Round(0, startedAt: 0) }, out _), StringComparison.Ordinal);
    }

    [Property(MaxTest = 3000)]
    public void TryRead_RandomBytes_NeverThrows(byte[] round, byte[] decimals, byte[] description, byte[] bound)
    {
        var of = new EvmStateAnswer(bound, null);
        Assert.NotNull(Parser.TryRead(Usdc, BlockTime, new AggregatorAnswers(new EvmStateAnswer(round, null), new EvmStateAnswer(decimals, null), new EvmStateAnswer(description, null), of, of, of), out _));
        Parser.TryRead(Usdc, BlockTime, Good with { Description = new EvmStateAnswer(description, null) }, out _);
        Parser.TryRead(Usdc, BlockTime, Good with { Sequencer = of, Min = of }, out _);
        AggregatorParser.Behind(of);
    }

    [Fact]
    public void TryRead_MutatedAnswers_NeverThrowsAndTellsOnlyWhatStandsThere()
    {
        var (random, told) = (new Random(9), 0);
        for (var i = 0; i < 20_000; i++)
        {
            var answers = Good;
            answers = answers with { Round = Mutate(answers.Round), Decimals = Mutate(answers.Decimals), Description = Mutate(answers.Description), Min = Mutate(answers.Min), Max = Mutate(answers.Max) };
            if (Parser.TryRead(Usdc, BlockTime, answers, out var round) is not null) continue;
            told++;
            var (answer, decimals) = (new BigInteger(answers.Round.Data.Span[32..64], isBigEndian: true), new BigInteger(answers.Decimals.Data.Span, isBigEndian: true));
            var (min, max) = (new BigInteger(answers.Min.Data.Span, isBigEndian: true), new BigInteger(answers.Max.Data.Span, isBigEndian: true));
            Assert.InRange(decimals, 0, 18);
            Assert.True(answer > min && answer < max && answer > 0);
            Assert.True(BigInteger.Abs((answer * BigInteger.Pow(10, 18 - (int)decimals)) - (round.Price.E8 * BigInteger.Pow(10, 10))) * 2 <= BigInteger.Pow(10, 10));
            Assert.InRange(round.UpdatedAt, BlockTime - Duration.FromMinutes((24 * 60) + 15), BlockTime + Duration.FromMinutes(1));
        }

        Assert.InRange(told, 100, 19_000);

        EvmStateAnswer Mutate(EvmStateAnswer answer)
        {
            var bytes = answer.Data.ToArray();
            if (random.Next(3) == 0) bytes[random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length - 1 - random.Next(4)] ^= (byte)(1 << random.Next(8));
            return new EvmStateAnswer(random.Next(60) == 0 ? bytes[..random.Next(bytes.Length)] : bytes, null);
        }
    }
}
