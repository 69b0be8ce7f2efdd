using System.CommandLine;
using OracleNode.Operator;
using OracleNode.Signing;

namespace OracleNode.Commands;

/// <summary><c>operator sign --kind KIND --key FILE --deployment NAME FILE</c>: signs a document that running nodes take over.</summary>
internal static class OperatorCommands
{
    public static Command Create()
    {
        var kind = new Option<string>("--kind") { Description = "calendar, commands, corporate-actions, or reserves (by a custodian).", Required = true };
        kind.AcceptOnlyFromAmong([.. Enum.GetValues<DocumentKind>().Where(k => k != DocumentKind.None).Select(DocumentSignature.NameOf)]);
        var key = new Option<string>("--key") { Description = "Ed25519 key file (keys new --out FILE); its public key is one of Operator:PublicKeys.", Required = true };
        var deployment = new Option<string>("--deployment") { Description = "Deployment the document is for, as in the nodes' configuration.", Required = true };
        var file = new Argument<string>("FILE") { Description = "The document; its signature is written beside it as FILE.sig." };
        var sign = new Command("sign", "Signs a document for running nodes.") { kind, key, deployment, file };
        sign.SetAction(parsed => Run(
            parsed.GetRequiredValue(kind), parsed.GetRequiredValue(key), parsed.GetRequiredValue(deployment), parsed.GetRequiredValue(file), Console.Out, Console.Error));
        return new Command("operator", "Documents that operators sign.") { sign };
    }

    internal static int Run(string kind, string keyFile, string deployment, string path, TextWriter output, TextWriter error)
    {
        var of = DocumentSignature.KindOf(kind);
        try
        {
            if (deployment.Length is 0 or > 64 || !System.Text.Ascii.IsValid(deployment))
            {
                error.WriteLine($"--deployment = '{deployment}': must be 1 to 64 ASCII characters, as in the nodes' configuration.");
                return 1;
            }

            var document = File.ReadAllBytes(path);
            if (Complaint(of, document) is { } complaint)
            {
                error.WriteLine($"'{path}' is not signed: {complaint}");
                return 1;
            }

            using var key = KeyFile.Read(keyFile);
            var signature = DocumentSignature.Sign(key, of, deployment, document);

            // In one step: a node that looks meanwhile sees the old signature or the new one.
            var temporary = path + ".sig.new";
            File.WriteAllText(temporary, Convert.ToHexStringLower(signature) + "\n");
            File.Move(temporary, path + ".sig", overwrite: true);
            output.WriteLine($"{path}.sig: {kind} for deployment '{deployment}', by 0x{Convert.ToHexStringLower(key.PublicKey.Export(NSec.Cryptography.KeyBlobFormat.RawPublicKey))}");
            return 0;
        }
        catch (Exception e) when (e is SigningException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine(e.Message);
            return 1;
        }
    }

    /// <summary>What no node would take is not worth a signature. Names of feeds and instruments are the node's to check.</summary>
    private static string? Complaint(DocumentKind kind, byte[] document)
    {
        if (document.Length > DocumentLocation.MaxBytes) return $"it has {document.Length} bytes; at most {DocumentLocation.MaxBytes} are read";
        try
        {
            switch (kind)
            {
                case DocumentKind.Calendar:
                    Market.TradingCalendar.Parse(document);
                    break;
                case DocumentKind.Commands:
                    StandingCommands.RequireWellFormed(document);
                    break;
                case DocumentKind.CorporateActions:
                    AnnouncedActions.RequireWellFormed(document);
                    break;
                case DocumentKind.Reserves:
                    Reserves.CustodianStatement.Read(document);
                    break;
            }

            return null;
        }
        catch (Exception e) when (e is Market.CalendarException or DocumentException)
        {
            return e.Message;
        }
    }
}
