using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using OracleNode.Market;
using OracleNode.Pipeline;
using OracleNode.VendorServers;

namespace OracleNode.Vendors.Session;

/// <summary>The question for the session over a real socket.</summary>
public sealed class MarketStatusPollTests : IAsyncLifetime
{
    private readonly LoopbackHost _host;
    private string _answer = """{"timestamp":"2026-06-10T11:00:00-04:00","is_open":true}""";
    private int _status = StatusCodes.Status200OK;
    private string? _key;

    public MarketStatusPollTests()
    {
        Environment.SetEnvironmentVariable("ORACLENODE_TEST_STATUS_KEY", "status-key");
        _host = new LoopbackHost(HttpProtocols.Http1, _ => { }, app => app.MapGet("/v2/clock", context =>
        {
            _key = context.Request.Headers["APCA-API-KEY-ID"];
            context.Response.StatusCode = _status;
            return context.Response.WriteAsync(_answer);
        }));
    }

    public async ValueTask InitializeAsync() => await _host.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Clock_Asked_IsTheSourcesClaim()
    {
        var inbox = await AskAsync();
        var claim = inbox[0];
        Assert.Equal((ObservationKind.Session, SessionClaims.Regular, InstrumentId.Every, new UpstreamId(7)), (claim.Kind, claim.Claims, claim.Instrument, claim.Upstream));
        Assert.Equal("status-key", _key);
    }

    [Theory]
    [InlineData(200, "<html>")]
    [InlineData(200, "")]
    [InlineData(403, "{}")]
    [InlineData(500, "{}")]
    public async Task AnswerThatIsNone_Asked_ClaimsNothing(int status, string answer)
    {
        (_status, _answer) = (status, answer);
        Assert.Equal(0, (await AskAsync()).Count);
    }

    [Fact]
    public async Task AnswerWithoutEnd_Asked_ClaimsNothing()
    {
        _answer = new string(' ', 200_000);
        Assert.Equal(0, (await AskAsync()).Count);
    }

    private async Task<SourceInbox.Ring> AskAsync()
    {
        var options = new SourceOptions
        {
            Name = "alpaca-iex",
            Vendor = VendorKind.Alpaca,
            ApiKey = "env:ORACLENODE_TEST_STATUS_KEY",
            ApiSecret = "env:ORACLENODE_TEST_STATUS_KEY",
            MarketStatus = true,
            MarketStatusUrl = $"http://127.0.0.1:{_host.Port}/v2/clock",
        };
        var inbox = new SourceInbox(new PipelineSignal(), TimeProvider.System, 16);
        using var poll = new MarketStatusPoll(
            options, new Source(new SourceId(1), "alpaca-iex", new UpstreamId(7), "iex"), inbox, new SystemMarketClock(TimeProvider.System), TimeProvider.System, () => 0.5, NullLogger.Instance);
        await poll.AskAsync(TestContext.Current.CancellationToken);
        return inbox.Drain();
    }
}
