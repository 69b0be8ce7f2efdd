using NodaTime;
using OracleNode.Market;
using OracleNode.Publishing;
using OracleNode.Updates;
using static OracleNode.Pipeline.PipelineHarness;

namespace OracleNode.Pipeline;

/// <summary>The node that signed last is gone: the one that stands by goes on from what the chains hold.</summary>
public sealed class AdoptionTests : IDisposable
{
    /// <summary>20:00 in New York: the listing market's last session ends.</summary>
    private static readonly Instant Close = Instant.FromUtc(2026, 6, 11, 0, 0);

    private static readonly Instant LastQuotes = Close - Duration.FromSeconds(10);

    /// <summary>What the other node still saw.</summary>
    private static readonly Instant LaterQuotes = Close - Duration.FromSeconds(5);

    private readonly ScriptedChain _first = new("first");
    private readonly ScriptedChain _second = new("second");
    private readonly PipelineHarness _node;

    public AdoptionTests() => _node = new PipelineHarness([_first, _second], runsWorkers: true, readPeriod: TimeSpan.FromMilliseconds(50));

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task Standby_WhileClosed_AttestsWhatTheNodeThatDiedHadSigned()
    {
        await CloseAsync();
        var died = _node.Clock.Now;
        OtherNodeSigns(_first, _second);
        await ReadAgainAsync();
        await _node.PassAsync();
        Assert.All(Tokens(), s => Assert.Equal((Price(s), LaterQuotes.ToUnixTimeMilliseconds(), FeedState.Closed), (s.Candidate!.Value.Price, s.Candidate.Value.ObservedAtUnixMillis, s.Candidate.Value.State)));
        Assert.All(Tokens(), s => Assert.Equal((Price(s), LaterQuotes), (s.Decision!.Price, s.Decision.ObservedAt)));

        // Nothing before the cadence is used up: the other node's word is fresh.
        Assert.All(_node.Planners, p => Assert.All(p.Decisions.ToArray(), d => Assert.Equal(PublishReason.Unchanged, d.Reason)));
        _node.Clock.Now = died + Duration.FromSeconds(61);
        await _node.PassAsync();
        var attested = await _node.LandAsync(_first);
        Assert.Equal([Tsla, Aapl, Spy, TslaToken], _node.Places(attested));
        Assert.All(attested.Records, r => Assert.Equal((LaterQuotes.ToUnixTimeMilliseconds(), FeedState.Closed), (r.ObservedAtUnixMillis, r.State)));
        Assert.Equal(Dollars(401), _node.Record(attested, TslaToken).Price);
    }

    [Fact]
    public async Task RecordThatOneChainAloneHolds_WhileClosed_IsNotAdopted()
    {
        await CloseAsync();
        OtherNodeSigns(_first);
        await ReadAgainAsync();
        await _node.PassAsync();
        Assert.All(Tokens(), s => Assert.Equal(LastQuotes.ToUnixTimeMilliseconds(), s.Candidate!.Value.ObservedAtUnixMillis));
        Assert.All(_node.Planners[0].Decisions.ToArray(), d => Assert.Equal(PublishReason.Superseded, d.Reason));
    }

    [Fact]
    public async Task RecordFromTheFuture_WhileClosed_IsNotAdopted()
    {
        await CloseAsync();
        var later = _node.Clock.Now + Duration.FromHours(1);
        foreach (var slot in _node.Slots)
            foreach (var chain in new[] { _first, _second })
                chain.Hold(slot.Id, Sequence(later, slot: 1), slot.Candidate!.Value with { Price = Dollars(1), ObservedAtUnixMillis = later.ToUnixTimeMilliseconds() });
        await ReadAgainAsync();
        await _node.PassAsync();
        Assert.All(Tokens(), s => Assert.Equal(LastQuotes.ToUnixTimeMilliseconds(), s.Candidate!.Value.ObservedAtUnixMillis));
    }

    [Fact]
    public async Task OlderRecord_WhileClosed_NeverMovesObservedAtBack()
    {
        await CloseAsync();
        var before = _node.Slots.Select(s => s.Candidate!.Value).ToList();
        foreach (var slot in _node.Slots)
            foreach (var chain in new[] { _first, _second })
                chain.Hold(slot.Id, Sequence(_node.Clock.Now, slot: 1), slot.Candidate!.Value with { Price = Dollars(1), ObservedAtUnixMillis = (LastQuotes - Duration.FromSeconds(1)).ToUnixTimeMilliseconds() });
        await ReadAgainAsync();
        await _node.PassAsync();
        Assert.Equal(before, _node.Slots.Select(s => s.Candidate!.Value));
    }

    [Fact]
    public async Task HeldInASession_AdoptsOnlyOnceTheOtherNodeIsNotHeardFrom()
    {
        await _node.ConnectedAsync();
        _node.ReadMultiplier(1);
        await QuoteAndLandAsync();

        // This node has lost its vendors, the other one has not.
        _node.Clock.Now += Duration.FromMinutes(5);
        var signed = _node.Clock.Now;
        var observed = signed - Duration.FromSeconds(1);
        foreach (var slot in _node.Slots)
            foreach (var chain in new[] { _first, _second })
                chain.Hold(slot.Id, Sequence(signed, slot: 1), slot.Candidate!.Value with { Price = Dollars(401), ObservedAtUnixMillis = observed.ToUnixTimeMilliseconds() });
        await ReadAgainAsync();
        await _node.PassAsync();
        Assert.Equal((FeedState.Held, Dollars(400)), (_node.Slots[Tsla].Candidate!.Value.State, _node.Slots[Tsla].Candidate!.Value.Price));
        Assert.Equal(PublishReason.Superseded, _node.Planners[0].Decisions[Tsla].Reason);

        // Its heartbeat and the time to land are over.
        _node.Clock.Now = signed + Duration.FromSeconds(121);
        await _node.PassAsync();
        var taken = await _node.LandAsync(_first);
        Assert.Equal((FeedState.Held, Dollars(401), observed.ToUnixTimeMilliseconds()), (_node.Record(taken, Tsla).State, _node.Record(taken, Tsla).Price, _node.Record(taken, Tsla).ObservedAtUnixMillis));
        Assert.Equal(PublishReason.StateChange, _node.Planners[0].Decisions[Tsla].Reason);
    }

    private static Price Price(FeedSlot slot) => Dollars(slot.Feed.Name switch { "AAPL" => 201, "SPY" => 601, _ => 401 });

    private FeedSlot[] Tokens() => _node.Slots;

    /// <summary>This node's last quotes are published, and the market closes.</summary>
    private async Task CloseAsync()
    {
        await _node.ConnectedAsync();
        _node.ReadMultiplier(1);
        _node.Clock.Now = LastQuotes;
        await QuoteAndLandAsync();
        _node.Clock.Now = Close;
        await _node.PassAsync();
        await LandBothAsync();
        await _node.PassAsync(Duration.FromSeconds(1));
    }

    private async Task QuoteAndLandAsync()
    {
        _node.Quote(Tsla, 400);
        _node.Quote(Aapl, 200);
        _node.Quote(Spy, 600);
        await _node.PassAsync();
        await LandBothAsync();
    }

    private void OtherNodeSigns(params ScriptedChain[] chains)
    {
        foreach (var slot in _node.Slots)
        {
            var record = slot.Candidate!.Value;
            record = record with
            {
                Price = Price(slot),
                Ema = Price(slot),
                Bid = default,
                Ask = default,
                ObservedAtUnixMillis = LaterQuotes.ToUnixTimeMilliseconds(),
                Token = record.Token is { } terms ? terms with { Underlying = Dollars(401) } : null,
            };
            foreach (var chain in chains) chain.Hold(slot.Id, Sequence(_node.Clock.Now, slot: 1), record);
        }
    }

    private async Task LandBothAsync()
    {
        await _node.LandAsync(_first);
        await _node.LandAsync(_second);
    }

    /// <summary>Until both chains were read as a whole once more.</summary>
    private async Task ReadAgainAsync()
    {
        var (first, second) = (_first.Reads, _second.Reads);
        await _node.UntilAsync(() => _first.Reads >= first + 2 && _second.Reads >= second + 2);
    }
}
