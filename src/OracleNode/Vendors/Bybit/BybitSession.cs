using OracleNode.Vendors.Session;

namespace OracleNode.Vendors.Bybit;

/// <summary>Bybit's stream with the listing beside it: neither waits for the other.</summary>
internal sealed class BybitSession(WebSocketSession stream, BybitInstrumentsPoll listing) : IVendorSession
{
    /// <inheritdoc/>
    public string Name => stream.Name;

    /// <inheritdoc/>
    public SessionHealth Health => stream.Health;

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken stopping) => Task.WhenAll(stream.RunAsync(stopping), listing.RunAsync(stopping));

    /// <inheritdoc/>
    public void Dispose()
    {
        stream.Dispose();
        listing.Dispose();
    }
}
