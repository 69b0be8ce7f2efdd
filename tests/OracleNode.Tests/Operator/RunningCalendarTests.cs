using System.Text;
using System.Text.Json.Nodes;
using NodaTime;
using OracleNode.Market;

namespace OracleNode.Operator;

public class RunningCalendarTests
{
    private static readonly Instant Now = Instant.FromUtc(2024, 12, 30, 15, 0);

    private readonly RunningCalendar _calendar = new(Shipped("us-equities.json"), Shipped("us-overnight.json"));

    [Fact]
    public void ClosureWithItsReason_Replaced_IsInForce()
    {
        // 9 January 2026, which the shipped edition has as a trading day.
        var edition = Edited("us-equities.json", "v2", json =>
        {
            ((JsonObject)json["unscheduledClosures"]!)["2026-01-09"] = "Mourning";
            json["changes"] = new JsonObject { ["2026-01-09"] = "National day of mourning" };
        });
        var whole = _calendar.Replace(edition, Now, _ => true, out _, out _, out var refusal);
        Assert.Null(refusal);
        Assert.Contains("v2", whole!.Calendar.Version);
        Assert.Same(whole, _calendar.Current);
        Assert.Equal(MarketSession.Closed, whole.Calendar.SessionAt(Instant.FromUtc(2026, 1, 9, 16, 0)).Session);

        // What the log holds gives the same calendar again.
        Assert.Equal(whole.Calendar.Version, TradingCalendar.Parse(whole.Utf8Json.Span).Version);
    }

    [Fact]
    public void ClosureWithoutItsReason_Replaced_IsRefusedAndTheRunningOneStays()
    {
        var before = _calendar.Current;
        Assert.Null(_calendar.Replace(Edited("us-equities.json", "v2", json => ((JsonObject)json["unscheduledClosures"]!)["2026-01-09"] = "Mourning"), Now, _ => true, out _, out _, out var refusal));
        Assert.Contains("2026-01-09", refusal);
        Assert.Same(before, _calendar.Current);
    }

    [Fact]
    public void OvernightVenuesEdition_Replaced_TakesThePlaceOfItsOwn()
    {
        var edition = Edited("us-overnight.json", "night-2", json => json["changes"] = new JsonObject { ["2026-01-09"] = "none" });
        var whole = _calendar.Replace(edition, Now, _ => true, out _, out _, out var refusal);
        Assert.Null(refusal);
        Assert.EndsWith("night-2", whole!.Calendar.Version);
    }

    [Fact]
    public void TheRunningEdition_Replaced_ChangesNothing()
    {
        Assert.Null(_calendar.Replace(Shipped("us-equities.json"), Now, _ => true, out _, out _, out var refusal));
        Assert.Null(refusal);
    }

    [Fact]
    public void EditionThatThePipelineHasNoRoomFor_Replaced_ChangesNothingAndIsTakenLater()
    {
        var before = _calendar.Current;
        var edition = Edited("us-overnight.json", "night-2", json => json["changes"] = new JsonObject { ["2026-01-09"] = "none" });
        Assert.Null(_calendar.Replace(edition, Now, _ => false, out _, out var replaced, out var refusal));
        Assert.Equal((null, Pipeline.RareInputQueue.IsFull), (replaced, refusal));
        Assert.Same(before, _calendar.Current);
        Assert.NotNull(_calendar.Replace(edition, Now, _ => true, out _, out _, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("not json")]
    public void WhatIsNoCalendar_Replaced_IsRefused(string text)
    {
        Assert.Null(_calendar.Replace(Encoding.UTF8.GetBytes(text), Now, _ => true, out _, out _, out var refusal));
        Assert.NotNull(refusal);
    }

    private static byte[] Edited(string file, string version, Action<JsonObject> edit)
    {
        var json = JsonNode.Parse(Shipped(file))!.AsObject();
        json["version"] = version;
        edit(json);
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    private static byte[] Shipped(string file) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Calendars", file));
}
