using Grpc.Core;
using OracleNode.Vendors.Finazon.Wire;

namespace OracleNode.VendorServers.Finazon;

/// <summary>The gRPC face of <see cref="FinazonServer.GetTradesAsync"/>.</summary>
internal sealed class FinazonSipService(FinazonServer server) : SipService.SipServiceBase
{
    /// <inheritdoc/>
    public override Task<GetSipTradesResponse> GetTrades(GetSipTradesRequest request, ServerCallContext context) =>
        server.GetTradesAsync(request, context);
}

/// <summary>The gRPC face of <see cref="FinazonServer.GetSnapshotAsync"/>.</summary>
internal sealed class FinazonSnapshotService(FinazonServer server) : SnapshotService.SnapshotServiceBase
{
    /// <inheritdoc/>
    public override Task<GetSnapshotResponse> GetSnapshot(GetSnapshotRequest request, ServerCallContext context) =>
        server.GetSnapshotAsync(request, context);
}
