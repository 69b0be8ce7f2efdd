using OracleNode.Vendors.CorporateActions;
using OracleNode.Vendors.Session;

namespace OracleNode.Pipeline;

/// <summary>Runs every vendor session side by side. None waits for another, and none stops the start.</summary>
internal sealed partial class VendorSessions(IReadOnlyList<IVendorSession> sessions, IReadOnlyList<MarketStatusPoll> marketStatus, IReadOnlyList<CorporateActionPoll> corporateActions, ILogger<VendorSessions> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll([
            .. sessions.Select(s => Task.Run(() => RunAsync(s, stoppingToken), CancellationToken.None)),
            .. corporateActions.Select(s => Task.Run(() => s.RunAsync(stoppingToken), CancellationToken.None)),
            .. marketStatus.Select(s => Task.Run(() => s.RunAsync(stoppingToken), CancellationToken.None)),
        ]);

    /// <summary>A session does not throw; should a fault of ours make it, the others go on and it is said loudly.</summary>
    private async Task RunAsync(IVendorSession session, CancellationToken stoppingToken)
    {
        try
        {
            await session.RunAsync(stoppingToken);
        }
        catch (Exception e)
        {
            LogFault(e, session.Name);
        }
    }

    [LoggerMessage(EventId = 5201, EventName = "VendorSessionFault", Level = LogLevel.Critical, Message = "Source {Source}: its session ended with an unexpected fault, please report it. The source stays silent until the node is restarted.")]
    private partial void LogFault(Exception exception, string source);
}
