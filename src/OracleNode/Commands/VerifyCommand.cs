using System.CommandLine;
using NodaTime;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Chains.Solana;
using OracleNode.Configuration;
using OracleNode.Market;
using OracleNode.Signing;
using OracleNode.Updates;
using OracleNode.Verification;

namespace OracleNode.Commands;

/// <summary><c>verify</c>: is what a chain holds, or an envelope in a file, what registered keys signed? Believes nobody in between.</summary>
internal static class VerifyCommand
{
    /// <summary>Every check holds.</summary>
    public const int Verified = 0;

    /// <summary>A check does not hold.</summary>
    public const int NotVerified = 1;

    /// <summary>Nothing was verified: bad usage, an unreadable file, an endpoint that cannot be reached.</summary>
    public const int NothingVerified = 2;

    /// <param name="config">The option that every verb has.</param>
    public static Command Create(Option<string> config)
    {
        var chain = new Option<string>("--chain") { Description = "Name of a configured chain." };
        var feed = new Option<string>("--feed") { Description = "Name of a configured feed, or a feed id of 32 bytes in hex." };
        var save = new Option<string>("--save") { Description = "With --chain: also write the envelope that was found to this new file." };
        var batch = new Option<string>("--batch") { Description = "Instead of a chain: a file with an envelope, binary or hex." };
        var deployment = new Option<string>("--deployment") { Description = "With --batch: deployment name it must be of; else the configuration's." };
        var keys = new Option<string>("--keys") { Description = "With --batch: file that names the signers, a line each: index and public key; also 'epoch N', 'threshold N'. Else the key of the configuration." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var verify = new Command(Name, "Verifies a stored price, or an envelope in a file, down to the signature: 0 all holds, 1 something does not, 2 nothing could be verified.")
        {
            chain, feed, save, batch, deployment, keys, json,
        };
        verify.SetAction((parsed, cancellationToken) => RunAsync(
            new Request(
                parsed.GetRequiredValue(config), parsed.GetResult(config) is { Implicit: false }, parsed.GetValue(chain), parsed.GetValue(feed), parsed.GetValue(save),
                parsed.GetValue(batch), parsed.GetValue(deployment), parsed.GetValue(keys), parsed.GetValue(json)),
            Console.Out, Console.Error, cancellationToken));
        return verify;
    }

    /// <summary>The verb.</summary>
    public const string Name = "verify";

    internal static async Task<int> RunAsync(Request request, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            var report = request switch
            {
                { Batch: { } file, Chain: null, Feed: null, Save: null } => VerifyBatch(file, request),
                { Chain: { } chain, Feed: { } feed, Batch: null, Deployment: null, Keys: null } => await VerifyChainAsync(chain, feed, request, cancellationToken),
                _ => throw new VerificationException("Name either --chain and --feed (and if you like --save), or --batch (and if you like --deployment and --keys)."),
            };
            await output.WriteAsync(request.Json ? report.ToJson() + Environment.NewLine : report.ToText());
            return report.Verified ? Verified : NotVerified;
        }
        catch (Exception e) when (e is VerificationException or ConfigurationException or ChainException or SigningException)
        {
            await error.WriteLineAsync(e.Message);
            return NothingVerified;
        }
    }

    private static VerificationReport VerifyBatch(string file, Request request)
    {
        var settings = request.ConfigNamed || request.Keys is null ? ReadSettings(request) : null;
        var keys = request.Keys is { } path ? SignerKeysFile.Read(path) : KeysOf(settings!);
        if (request.Deployment is { } name && (name.Length == 0 || !System.Text.Ascii.IsValid(name))) throw new VerificationException($"--deployment '{BatchFile.Printable(name, 80)}': a deployment name is ASCII and not empty.");
        var deployment = request.Deployment is { } named ? BatchMessage.DeploymentId(named) : settings?.Deployment;
        var names = settings?.Feeds.ToDictionary(f => FeedIdentity.Compute(f.Feed).Tag, f => $"{f.Feed.Name} ({FeedUnitWords.Of(f.Feed)})") ?? [];
        return RecordVerification.OfBatch(file, BatchFile.Read(file), deployment, keys, SystemClock.Instance.GetCurrentInstant(), names);
    }

    private static async Task<VerificationReport> VerifyChainAsync(string chain, string feed, Request request, CancellationToken cancellationToken)
    {
        var settings = ReadSettings(request);
        var (id, name, unit) = Find(settings, feed);
        using var http = EvmRpcClient.CreateHttpClient();
        ChainEvidence evidence;
        if (settings.Options.Chains.Evm.Find(c => c.Name == chain) is { } evm)
        {
            evidence = await new EvmEvidence(evm, http, TimeProvider.System).FindAsync(id, cancellationToken);
        }
        else if (settings.Options.Chains.Solana.Find(c => c.Name == chain) is { } solana)
        {
            using var rpc = new SolanaRpcClient(new Uri(solana.RpcUrl), solana.RequestTimeout, solana.Commitment, TimeProvider.System);
            evidence = await new SolanaEvidence(solana, rpc, TimeProvider.System).FindAsync(id, cancellationToken);
        }
        else
        {
            throw new VerificationException($"--chain '{BatchFile.Printable(chain, 80)}': the configuration knows {string.Join(", ", settings.Publishing.Keys)}.");
        }

        if (request.Save is { } path) Save(path, evidence);
        return RecordVerification.OfChain(evidence, id, name, chain, settings.Deployment, unit);
    }

    private static (FeedId Id, string Name, string? Unit) Find(NodeSettings settings, string feed)
    {
        foreach (var known in settings.Feeds.Select(f => f.Feed))
        {
            var id = FeedIdentity.Compute(known);
            if (known.Name == feed || string.Equals(id.ToString(), feed, StringComparison.OrdinalIgnoreCase)) return (id, known.Name, FeedUnitWords.Of(known));
        }

        return BatchFile.ReadHex(feed) is { Length: FeedId.Length } bytes
            ? (new FeedId(bytes), "feed " + new FeedId(bytes), null)
            : throw new VerificationException($"--feed '{BatchFile.Printable(feed, 80)}': neither a feed of the configuration ({string.Join(", ", settings.Feeds.Select(f => f.Feed.Name))}) nor a feed id of 32 bytes in hex.");
    }

    private static NodeSettings ReadSettings(Request request) => NodeSettingsFactory.Create(ConfigurationFile.Read(request.Config));

    /// <summary>The one signer that a node's own configuration knows.</summary>
    private static SignerKeys KeysOf(NodeSettings settings)
    {
        var signing = settings.Options.Signing;
        using var signer = KeyFileSigner.Open(signing.KeyFile);
        return new SignerKeys($"{signing.KeyFile}", signing.Epoch, 1, new Dictionary<byte, byte[]> { [signing.SignerIndex] = signer.PublicKey.ToArray() });
    }

    private static void Save(string path, ChainEvidence evidence)
    {
        if (evidence.Transaction is not { } transaction) throw new VerificationException($"--save '{path}': no envelope was found: {evidence.StoredProblem ?? evidence.TransactionProblem}");
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            file.Write(transaction.Envelope);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new VerificationException($"--save '{path}': must be a new file that can be written: {e.Message}", e);
        }
    }

    /// <summary>What was asked for.</summary>
    /// <param name="ConfigNamed">The configuration was named, not only taken by default.</param>
    internal sealed record Request(string Config, bool ConfigNamed, string? Chain, string? Feed, string? Save, string? Batch, string? Deployment, string? Keys, bool Json);
}
