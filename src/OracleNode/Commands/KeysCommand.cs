using System.CommandLine;
using OracleNode.Signing;

namespace OracleNode.Commands;

/// <summary><c>keys new --out FILE</c>: makes an Ed25519 signing key.</summary>
internal static class KeysCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--out") { Description = "File to write; must not exist yet.", Required = true };
        var create = new Command("new", "Makes an Ed25519 signing key in a file that only its owner may read, and prints the public key.") { output };
        create.SetAction(parsed => Run(parsed.GetRequiredValue(output), Console.Out, Console.Error));
        return new Command("keys", "Signing keys.") { create };
    }

    internal static int Run(string path, TextWriter output, TextWriter error)
    {
        try
        {
            var publicKey = KeyFile.Create(path);
            output.WriteLine($"public key: 0x{Convert.ToHexStringLower(publicKey)}");
            output.WriteLine($"private key: in '{path}', readable by its owner only. Back it up; register the public key with every registry.");
            return 0;
        }
        catch (SigningException e)
        {
            error.WriteLine(e.Message);
            return 1;
        }
    }
}
