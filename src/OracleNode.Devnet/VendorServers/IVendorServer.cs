namespace OracleNode.VendorServers;

/// <summary>
/// A vendor on this machine: real protocol, real socket, data of the market clock's present and past only. It can be stopped and
/// started again on the same port, and made to fail in the ways vendors do.
/// </summary>
internal interface IVendorServer : IAsyncDisposable
{
    /// <summary>The vendor, for people.</summary>
    string Name { get; }

    /// <summary>Where clients connect; known after the first start and the same from then on.</summary>
    Uri Url { get; }

    bool IsRunning { get; }

    /// <summary>Failures to play.</summary>
    VendorFaults Faults { get; }

    /// <summary>Market events sent to clients so far.</summary>
    long EventsSent { get; }

    /// <summary>Ends when the data does; fails when the data cannot be read on.</summary>
    Task Completion { get; }

    /// <summary>Listens, and follows the market from the first start on, also while stopped.</summary>
    Task StartAsync(CancellationToken cancellationToken = default);

    /// <summary>Stops listening and drops every client without a word, as a machine that died.</summary>
    Task StopAsync();

    /// <summary>Drops every client without a closing handshake; they may connect again.</summary>
    void Disconnect();

    /// <summary>Sends every client a series of answers that break the protocol in different ways.</summary>
    void SendGarbage();
}
