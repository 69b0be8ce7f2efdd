using System.Globalization;
using System.Text;
using System.Text.Json;
using OracleNode.Chains.Solana;

namespace OracleNode.Chains.Evm;

/// <summary>
/// Signatures made to split verifiers, before the contract, libsodium and Solana's native program. The committed table is what
/// they say; a difference is either an error here or a change there that somebody has to look at.
/// </summary>
public sealed class Ed25519EdgeCaseTests(LocalOracleFeeds local, LocalCluster cluster) : IClassFixture<LocalOracleFeeds>, IClassFixture<LocalCluster>
{
    private const string Accepted = "accepted";
    private const string Refused = "refused";
    private const string KeyRefused = "key refused";

    private static readonly string[] Folder = ["src", "onchain", "evm", "test", "vectors"];

    [Fact]
    public async Task Verdicts_OfAllThreeVerifiers_AreThoseOfTheTable()
    {
        var rows = await RowsAsync();
        var table = Table(rows);
        var committed = await File.ReadAllTextAsync(RepositoryFiles.Path([.. Folder, "ed25519-verdicts.md"]), TestContext.Current.CancellationToken);
        if (table != committed)
        {
            var actual = Path.Combine(AppContext.BaseDirectory, "ed25519-verdicts.md");
            await File.WriteAllTextAsync(actual, table, TestContext.Current.CancellationToken);
            Assert.Fail($"The verdicts are not those of ed25519-verdicts.md; what they are is in {actual}.");
        }

        // The rule behind the table: nobody accepts what another chain's verifier would make of a key that the contract knows.
        Assert.All(rows.Where(row => row.Libsodium == Refused || row.Solana == Refused), row => Assert.NotEqual(Accepted, row.Contract));
        Assert.All(rows.Where(row => row.Contract == Refused), row => Assert.Equal((Refused, Refused), (row.Libsodium, row.Solana)));
        Assert.Single(rows, row => row.Contract == Accepted);
    }

    private async Task<List<Row>> RowsAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(RepositoryFiles.Path([.. Folder, "ed25519-edges.json"]), cancellationToken));
        var contract = await LocalEd25519.OfAsync(local.Chain.Rpc, local.Deployed.Contract, cancellationToken);
        var payer = SolanaKeypair.Generate();
        await cluster.Chain.AirdropAsync(payer.Address, 1_000_000_000_000, cancellationToken);

        string[] Column(string name) => [.. json.RootElement.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];
        byte[][] Bytes(string name) => [.. Column(name).Select(text => Convert.FromHexString(text[2..]))];
        var (names, keys, messages, r, s) = (Column("name"), Bytes("key"), Bytes("message"), Bytes("r"), Bytes("s"));
        var rows = new List<Row>();
        for (var i = 0; i < names.Length; i++)
        {
            byte[] signature = [.. r[i], .. s[i]];
            var answer = (await contract.VerifyAsync([new(keys[i], [(messages[i], signature)])], cancellationToken))[0];
            rows.Add(new Row(
                names[i],
                answer is null ? KeyRefused : answer[0] ? Accepted : Refused,
                Libsodium.Verifies(keys[i], messages[i], signature) ? Accepted : Refused,
                await SolanaVerifiesAsync(payer, keys[i], messages[i], signature) ? Accepted : Refused));
        }

        return rows;
    }

    private async Task<bool> SolanaVerifiesAsync(SolanaKeypair payer, byte[] key, byte[] message, byte[] signature)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var blockhash = await cluster.Chain.Rpc.GetLatestBlockhashAsync(cancellationToken);
        var instruction = Ed25519Program.Verify(0, key, signature, message);
        var transaction = SolanaTransaction.Sign(SolanaMessage.Compile(payer.Address, blockhash.Blockhash, [instruction]), payer);
        var result = await cluster.Chain.Rpc.SimulateTransactionAsync(transaction, cancellationToken);
        return result.Error is null;
    }

    private static string Table(List<Row> rows)
    {
        var text = new StringBuilder("""
            # What three verifiers say of signatures made to split them

            The cases are in `ed25519-edges.json`, made by `ed25519-edges.mjs`: vectors 0 to 11 of "Taming the many EdDSAs" (Chalkias,
            Garillot, Nikolaenko), then the same classes for messages of ours with known discrete logarithms. `contract` is
            `Ed25519.register` and the verifier it makes, on anvil; `libsodium` is what signs and checks in the node (NSec); `Solana`
            is the native Ed25519 program in LiteSVM. `Ed25519EdgeCaseTests` fails when this table is not what they say.

            Small: of order 1, 2, 4 or 8, T0 to T7 being the multiples of one of order 8. Mixed: such a point added to one of prime
            order. "Good without cofactor": S*B = R + k*A; "with cofactor only": 8*S*B = 8*R + 8*k*A alone.

            | case | contract | libsodium | Solana |
            |---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var row in rows) text.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {row.Contract} | {row.Libsodium} | {row.Solana} |\n");
        return text.ToString();
    }

    private sealed record Row(string Name, string Contract, string Libsodium, string Solana);
}
