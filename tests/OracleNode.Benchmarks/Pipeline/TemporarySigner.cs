using OracleNode.Signing;

namespace OracleNode.Pipeline;

/// <summary>The node's own signer on a fresh key file that goes with it.</summary>
internal sealed class TemporarySigner : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("oraclenode-benchmarks-").FullName;

    public TemporarySigner()
    {
        var file = Path.Combine(_folder, "signer.pem");
        KeyFile.Create(file);
        Signer = KeyFileSigner.Open(file);
    }

    public KeyFileSigner Signer { get; }

    public void Dispose()
    {
        Signer.Dispose();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }
}
