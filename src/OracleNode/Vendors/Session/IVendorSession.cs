namespace OracleNode.Vendors.Session;

/// <summary>One source's connection to its vendor, kept up until cancelled. Dispose it after <see cref="RunAsync"/> has returned.</summary>
public interface IVendorSession : IDisposable
{
    /// <summary>The source's name.</summary>
    string Name { get; }

    /// <summary>Where it stands, at this moment. Any thread.</summary>
    SessionHealth Health { get; }

    /// <summary>
    /// Connects and delivers until <paramref name="stopping"/>, whatever the vendor does; returns then and does not throw.
    /// Once per session.
    /// </summary>
    Task RunAsync(CancellationToken stopping);
}
