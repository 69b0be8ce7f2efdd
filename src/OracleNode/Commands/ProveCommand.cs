using System.CommandLine;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Chains.Solana;
using OracleNode.Configuration;
using OracleNode.Deployment;
using OracleNode.Signing;
using OracleNode.Updates;

namespace OracleNode.Commands;

/// <summary><c>keys prove</c>: the proof of possession of this node's signing key for one contract, as a file for whoever deploys or rotates.</summary>
internal static class ProveCommand
{
    public static Command Create(Option<string> config)
    {
        var chain = new Option<string>("--chain") { Description = "Name of the chain in the configuration.", Required = true };
        var contract = new Option<string?>("--contract") { Description = "Contract (EVM) or program (Solana), as the plan of deploy names it; default: the chain's configured one." };
        var output = new Option<string>("--out") { Description = "File to write; must not exist yet.", Required = true };
        var prove = new Command("prove", "Proves that this node holds its signing key, for Signing:Epoch and Signing:SignerIndex of one contract. The file holds no secret.") { chain, contract, output };
        prove.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(config), parsed.GetRequiredValue(chain), parsed.GetValue(contract), parsed.GetRequiredValue(output), Console.Out, Console.Error, cancellationToken));
        return prove;
    }

    public static async Task<int> RunAsync(string file, string chain, string? contract, string path, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            var settings = NodeSettingsFactory.Create(ConfigurationFile.Read(file), deployed: false);
            var signing = settings.Options.Signing;
            using var signer = KeyFileSigner.Open(signing.KeyFile);
            var (address, message) = MessageOf(settings, chain, contract, signer.PublicKey.Span);
            var proof = await signer.SignAsync(message, cancellationToken);
            new ProofFile(chain, address, signing.Epoch, signing.SignerIndex, EvmHex.Data(signer.PublicKey.Span), EvmHex.Data(proof)).Write(path);
            await output.WriteLineAsync($"proof of {EvmHex.Data(signer.PublicKey.Span)} as signer {signing.SignerIndex} of epoch {signing.Epoch} at {address} on {chain}, deployment '{settings.Options.Deployment}': in '{path}', for Deploy:ProofFiles of who deploys.");
            return 0;
        }
        catch (Exception e) when (e is ConfigurationException or ChainException or SigningException)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static (string Address, byte[] Message) MessageOf(NodeSettings settings, string chain, string? contract, ReadOnlySpan<byte> key)
    {
        var (chains, signing) = (settings.Options.Chains, settings.Options.Signing);
        if (chains.Evm.FirstOrDefault(c => c.Name == chain) is { } evm)
        {
            var text = contract ?? evm.Contract;
            if (!EvmAddress.TryParse(text, out var address) || address.IsZero) throw Wrong(text, "the address of OracleFeeds: 0x and 40 hex digits, in checksum case when the case is mixed");
            return (address.ToString(), ProofOfPossession.ForEvm(settings.Deployment, evm.ChainId, address.ToArray(), signing.Epoch, signing.SignerIndex, key));
        }

        if (chains.Solana.FirstOrDefault(c => c.Name == chain) is { } solana)
        {
            var text = contract ?? solana.ProgramId;
            if (!SolanaAddress.TryParse(text, out var program) || program == default) throw Wrong(text, "the program's address: the base58 of 32 bytes");
            return (program.ToString(), ProofOfPossession.ForSolana(settings.Deployment, SolanaAddress.Parse(solana.GenesisHash).ToArray(), program.ToArray(), signing.Epoch, signing.SignerIndex, key));
        }

        throw new ConfigurationException([$"--chain = '{chain}': must be one of {string.Join(", ", chains.Evm.Select(c => c.Name).Concat(chains.Solana.Select(c => c.Name)))}."]);

        static ConfigurationException Wrong(string text, string right) => new([$"--contract = '{text}': must be {right}."]);
    }
}
