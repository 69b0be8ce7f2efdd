using System.CommandLine;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Chains.Solana;
using OracleNode.Signing;

namespace OracleNode.Commands;

/// <summary><c>keys new --out FILE [--kind KIND]</c>: makes the key that signs prices, or one that pays on a chain. <c>keys prove</c> is <see cref="ProveCommand"/>.</summary>
internal static class KeysCommand
{
    /// <summary>Signs prices (<c>Signing:KeyFile</c>).</summary>
    public const string Signer = "ed25519";

    /// <summary>Pays on EVM chains (<c>RelayerKeyFile</c>).</summary>
    public const string Relayer = "secp256k1";

    /// <summary>Pays on Solana (<c>PayerKeyFile</c>).</summary>
    public const string Payer = "solana";

    public static Command Create(Option<string> config)
    {
        var output = new Option<string>("--out") { Description = "File to write; must not exist yet.", Required = true };
        var kind = new Option<string>("--kind")
        {
            Description = $"{Signer} signs prices (Signing:KeyFile), {Relayer} pays on EVM chains (RelayerKeyFile), {Payer} pays on Solana (PayerKeyFile).",
            DefaultValueFactory = _ => Signer,
        };
        kind.AcceptOnlyFromAmong(Signer, Relayer, Payer);
        var create = new Command("new", "Makes a key in a file that only its owner may read, and prints its public side.") { output, kind };
        create.SetAction(parsed => Run(parsed.GetRequiredValue(kind), parsed.GetRequiredValue(output), Console.Out, Console.Error));
        return new Command("keys", "Keys that sign and keys that pay.") { create, ProveCommand.Create(config) };
    }

    internal static int Run(string kind, string path, TextWriter output, TextWriter error)
    {
        try
        {
            output.WriteLine(kind switch
            {
                Relayer => $"address: {EvmAccount.CreateFile(path).Address}",
                Payer => $"address: {CreatePayer(path)}",
                _ => $"public key: 0x{Convert.ToHexStringLower(KeyFile.Create(path))}",
            });
            output.WriteLine($"private key: in '{path}', readable by its owner only. Back it up; {(kind == Signer ? "register the public key with every registry" : "fund the address")}.");
            return 0;
        }
        catch (Exception e) when (e is SigningException or ChainException)
        {
            error.WriteLine(e.Message);
            return 1;
        }
    }

    private static SolanaAddress CreatePayer(string path)
    {
        using var payer = SolanaKeyFile.Create(path);
        return payer.Address;
    }
}
