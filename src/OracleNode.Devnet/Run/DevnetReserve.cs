using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using OracleNode.Market;
using OracleNode.Operator;
using OracleNode.Signing;

namespace OracleNode.Run;

/// <summary>What backs a token of a run: a statement that a made-up custodian signs at the start.</summary>
/// <param name="Token">The token, whose issue has its name.</param>
/// <param name="Folder">Where statement, signature and the node's state are.</param>
/// <param name="Keys">The custodian's is among them.</param>
internal sealed record DevnetReserve(DevnetToken Token, string Folder, DevnetKeys Keys) : IDerivedFeed
{
    private const string Custodian = "devnet-bank";

    /// <summary>Name of the ratio's feed.</summary>
    public string FeedName => Token.Name + "-reserve";

    private string StatementPath => Path.Combine(Folder, "custodian.json");

    /// <summary>Writes and signs the statement: a little more in custody than is in circulation.</summary>
    public void Attest(string deployment, Instant measuredAt)
    {
        var shares = DevnetFeeds.SupplyOf(Token) * 1.0005m * (decimal)Token.Multiplier;
        var statement = JsonSerializer.SerializeToUtf8Bytes(new
        {
            custodian = Custodian,
            measuredAt = NodaTime.Text.InstantPattern.ExtendedIso.Format(measuredAt),
            holdings = new[] { new { issue = Token.Name, shares = shares.ToString(CultureInfo.InvariantCulture) } },
        });
        using var key = KeyFile.Read(Keys.CustodianFile);
        File.WriteAllBytes(StatementPath, statement);
        File.WriteAllText(StatementPath + ".sig", Convert.ToHexStringLower(DocumentSignature.Sign(key, DocumentKind.Reserves, deployment, statement)));
    }

    public Feed Of(IReadOnlyList<Feed> before) => before.Single(f => f.Name == Token.Name) with { Name = FeedName, Unit = FeedUnit.ReserveRatio };

    /// <summary>Adds feed and custodian to the node's configuration.</summary>
    public void AddTo(JsonObject node, double speed)
    {
        node["Feeds"]!.AsArray().Add(new JsonObject
        {
            ["Name"] = FeedName,
            ["Underlying"] = Token.Name,
            ["Unit"] = "ReserveRatio",
            ["Reserve"] = new JsonObject { ["MaxAge"] = DevnetNodeConfiguration.DerivedMaxAge(speed) },
        });
        node["Operator"] = new JsonObject { ["StateFile"] = Path.Combine(Folder, "editions.json") };
        node["Reserves"] = new JsonObject
        {
            ["Custodians"] = new JsonArray(new JsonObject { ["Name"] = Custodian, ["PublicKeys"] = new JsonArray(Keys.CustodianKey), ["Statement"] = StatementPath }),
            ["Issues"] = new JsonArray(new JsonObject { ["Issue"] = Token.Name, ["Custodians"] = new JsonArray(Custodian) }),
            ["Period"] = "00:00:02",
            ["MaxSupplyAge"] = TimeSpan.FromSeconds(Math.Max(600, 60 * speed)).ToString("c", CultureInfo.InvariantCulture),
        };
    }
}
