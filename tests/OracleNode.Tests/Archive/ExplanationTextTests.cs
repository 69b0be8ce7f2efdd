using System.Text.Json;
using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Archive;

/// <summary>What stands beside a number is what the number is of.</summary>
public class ExplanationTextTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 6, 10, 15, 0);

    private static Explanation Of(FeedUnit unit, long e8, TokenTerms? token = null, ReserveAmounts? reserve = null) => new()
    {
        Feed = new Feed("feed", new InstrumentId(0), unit == FeedUnit.CurrencyUnit ? "currency:USDC" : "figi:BBG000N9MNX3@XNAS", "USD", unit),
        Header = new BatchHeader(1, 1, 28_497_571_216_000, 1, default, default),
        Record = new FeedRecord
        {
            FeedTag = 1,
            Price = Price.FromE8(e8),
            ConfidenceE8 = 1,
            State = FeedState.Live,
            Session = MarketSession.Regular,
            ObservedAtUnixMillis = Now.ToUnixTimeMilliseconds(),
            MaxAgeSeconds = 60,
            Token = token,
        },
        Evidence = new FeedEvidence
        {
            FeedTag = 1,
            DecidedAt = Now,
            State = FeedState.Live,
            Reason = DecisionReason.Accepted,
            HoldReasons = HoldReasons.None,
            Session = MarketSession.Regular,
            ClosedReason = ClosedReason.None,
            HaltReason = HaltReason.None,
            Settings = default,
            Calendar = default,
            Inputs = [],
            Reserve = reserve,
        },
        SourceNames = [],
        UpstreamNames = [],
        CalendarVersion = null,
        RecordsMatch = true,
        EvidenceMatches = true,
        SignatureIsGood = true,
        SettingsMatch = true,
        PublicKey = "0x",
    };

    private static string Text(Explanation explanation)
    {
        using var output = new StringWriter();
        ExplanationText.Write(explanation, output);
        return output.ToString();
    }

    [Theory]
    [InlineData(FeedUnit.UnderlyingShare, "feed 1.042 USD per share, Live")]
    [InlineData(FeedUnit.PremiumRatio, "feed 1.042 of the token's price by its share (1 is par), Live")]
    [InlineData(FeedUnit.ReserveRatio, "feed 1.042 of the shares that tokens stand for (1 is covered), Live")]
    [InlineData(FeedUnit.CurrencyUnit, "feed 1.042 USD per USDC, Live")]
    public void Number_OfAFeed_HasItsUnit(FeedUnit unit, string expected)
    {
        var text = Text(Of(unit, 104_200_000));
        Assert.Contains(expected, text);
        if (unit is FeedUnit.PremiumRatio or FeedUnit.ReserveRatio) Assert.DoesNotContain("USD", text);
    }

    [Fact]
    public void Anchor_OfAnIndication_IsNoMultiplier()
    {
        var terms = new TokenTerms(Multiplier.One, default, Now.ToUnixTimeSeconds(), Price.FromE8(40_000_000_000));
        var text = Text(Of(FeedUnit.IndicativeShare, 41_000_000_000, terms));
        Assert.Contains("anchor       400 USD per share of 2026-06-10T15:00:00Z", text);
        Assert.DoesNotContain("multiplier", text);

        // The same numbers of a token are a multiplier of one that applies since its last step.
        text = Text(Of(FeedUnit.RawToken, 41_000_000_000, terms));
        Assert.Contains("multiplier   1 shares per raw token x 400 USD per share", text);
        Assert.Contains("stepped      last at 2026-06-10T15:00:00Z", text);
    }

    [Fact]
    public void Reserve_OfARatio_ShowsBothAmounts()
    {
        var explanation = Of(FeedUnit.ReserveRatio, 100_025_000, reserve: new ReserveAmounts(1_000_250 * Multiplier.One.E18, 1_000_000 * Multiplier.One.E18, Now - Duration.FromHours(20)));
        Assert.Contains("1000250 shares in custody over 1000000 that tokens stand for, measured 2026-06-09T19:00:00Z", Text(explanation));
        var json = JsonDocument.Parse(ExplanationJson.Write(explanation)).RootElement;
        Assert.Equal(("ReserveRatio", "1000250000000000000000000", "2026-06-09T19:00:00Z"), (json.GetProperty("unit").GetString(), json.GetProperty("backingE18").GetString(), json.GetProperty("measuredAt").GetString()));
    }
}
