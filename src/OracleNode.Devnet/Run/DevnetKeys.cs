using OracleNode.Chains.Evm;
using OracleNode.Chains.Solana;
using OracleNode.Signing;

namespace OracleNode.Run;

/// <summary>Fresh keys of one run, in files under its own folder, as an operator would have them.</summary>
internal sealed class DevnetKeys : IDisposable
{
    public DevnetKeys(string folder)
    {
        SignerFile = Path.Combine(folder, "signer.pem");
        KeyFile.Create(SignerFile);
        Signer = KeyFileSigner.Open(SignerFile);
        RelayerFile = Path.Combine(folder, "relayer.hex");
        Relayer = EvmAccount.CreateFile(RelayerFile);
        CustodianFile = Path.Combine(folder, "custodian.pem");
        CustodianKey = Convert.ToHexStringLower(KeyFile.Create(CustodianFile));
        PayerFile = Path.Combine(folder, "payer.json");
        Payer = SolanaKeyFile.Create(PayerFile);
    }

    public string SignerFile { get; }

    public KeyFileSigner Signer { get; }

    public string RelayerFile { get; }

    /// <summary>Pays on the EVM chains and owns the contracts there.</summary>
    public EvmAccount Relayer { get; }

    /// <summary>Attests what backs the tokens.</summary>
    public string CustodianFile { get; }

    /// <summary>Its public key, as the node's configuration has it.</summary>
    public string CustodianKey { get; }

    public string PayerFile { get; }

    /// <summary>Pays on Solana and owns the registry there.</summary>
    public SolanaKeypair Payer { get; }

    public void Dispose()
    {
        Signer.Dispose();
        Payer.Dispose();
    }
}
