using System.Globalization;
using OracleNode.Operator;
using OracleNode.Tokens;

namespace OracleNode.Reserves;

/// <summary>What backs tokens: who holds the shares, and for which issues it is added up against all of their tokens in <c>Tokens:List</c>.</summary>
public sealed class ReservesOptions
{
    /// <summary>Who holds shares.</summary>
    public List<CustodianOptions> Custodians { get; set; } = [];

    /// <summary>The issues that are watched.</summary>
    public List<ReserveIssueOptions> Issues { get; set; } = [];

    /// <summary>Pause between two looks at the supplies. 1 s to 1 h. Statements are looked at every <c>Operator:Period</c>.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A supply that was read longer ago, or of a chain that is so far behind, counts no more. Twice the period to 1 day.</summary>
    public TimeSpan MaxSupplyAge { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Every error, with key, value and what would be right.</summary>
    /// <param name="path">Where the options stand.</param>
    /// <param name="tokens">The tokens of the configuration.</param>
    internal IEnumerable<string> Validate(string path, IReadOnlyList<TokenDefinition> tokens)
    {
        if (Period < TimeSpan.FromSeconds(1) || Period > TimeSpan.FromHours(1)) yield return Wrong($"{path}:Period", Period, "00:00:01 to 01:00:00");
        if (MaxSupplyAge < 2 * Period || MaxSupplyAge > TimeSpan.FromDays(1)) yield return Wrong($"{path}:MaxSupplyAge", MaxSupplyAge, $"twice {path}:Period ({Period}) to 1.00:00:00");
        for (var i = 0; i < Custodians.Count; i++)
        {
            foreach (var error in Custodians[i].Validate($"{path}:Custodians:{i}")) yield return error;
            if (Custodians.Count(c => c.Name == Custodians[i].Name) > 1) yield return Wrong($"{path}:Custodians:{i}:Name", Custodians[i].Name, "used by one custodian only");
        }

        for (var i = 0; i < Issues.Count; i++)
        {
            var (o, key) = (Issues[i], $"{path}:Issues:{i}");
            if (tokens.All(t => t.Issue != o.Issue)) yield return Wrong($"{key}:Issue", o.Issue, $"the Issue of a token in Tokens:List: {string.Join(", ", tokens.Select(t => t.Issue).Distinct())}");
            if (Issues.Count(x => x.Issue == o.Issue) > 1) yield return Wrong($"{key}:Issue", o.Issue, "listed once");
            if (o.Custodians.Count == 0 || o.Custodians.Distinct().Count() != o.Custodians.Count || o.Custodians.Any(n => Custodians.All(c => c.Name != n)))
                yield return Wrong($"{key}:Custodians", string.Join(", ", o.Custodians), $"all who hold shares for it, each once: names of {path}:Custodians ({string.Join(", ", Custodians.Select(c => c.Name))})");
            if (o.MaxStatementAge < TimeSpan.FromMinutes(1) || o.MaxStatementAge > TimeSpan.FromDays(366)) yield return Wrong($"{key}:MaxStatementAge", o.MaxStatementAge, "00:01:00 to 366.00:00:00");
        }
    }

    internal static string Wrong(string key, object value, string right) => string.Create(CultureInfo.InvariantCulture, $"{key} = '{value}': must be {right}.");
}

/// <summary>Who holds shares and says so, signed.</summary>
public sealed class CustodianOptions
{
    /// <summary>Unique name, which its statements carry. 1 to 64 letters, digits, dots and dashes.</summary>
    public string Name { get; set; } = "";

    /// <summary>Ed25519 public keys, 64 hex digits each (as <c>keys new</c> prints them): whoever holds one of them may attest.</summary>
    public List<string> PublicKeys { get; set; } = [];

    /// <summary>The statement: a path or an http(s) URL; its signature is beside it with <c>.sig</c> appended. The format is in <c>Reserves/README.md</c>.</summary>
    public string Statement { get; set; } = "";

    internal IEnumerable<string> Validate(string key)
    {
        if (Name.Length is 0 or > 64 || !Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-')) yield return ReservesOptions.Wrong($"{key}:Name", Name, "1 to 64 letters, digits, dots and dashes");
        if (PublicKeys.Count == 0) yield return $"{key}:PublicKeys is missing: without a key nobody could say that a statement is genuine.";
        for (var i = 0; i < PublicKeys.Count; i++)
            if (!DocumentSignature.TryParseKey(PublicKeys[i], out _))
                yield return ReservesOptions.Wrong($"{key}:PublicKeys:{i}", PublicKeys[i], "an Ed25519 public key as 64 hex digits, as 'keys new' prints it");
        if (Statement.Length == 0 || (Statement.Contains("://", StringComparison.Ordinal) && !DocumentLocation.IsUrl(Statement, out _)))
            yield return ReservesOptions.Wrong($"{key}:Statement", Statement, "a path, or an http(s) URL without user name");
    }
}

/// <summary>An issue whose reserves are watched.</summary>
public sealed class ReserveIssueOptions
{
    /// <summary>The issue, as tokens in <c>Tokens:List</c> name it. Every chain it is issued on must be listed there: a token that is not counted makes the ratio too high.</summary>
    public string Issue { get; set; } = "";

    /// <summary>Names of all custodians that hold shares for it. What they hold is added up.</summary>
    public List<string> Custodians { get; set; } = [];

    /// <summary>A statement that was measured longer ago counts no more. 1 min to 366 days.</summary>
    public TimeSpan MaxStatementAge { get; set; } = TimeSpan.FromDays(2);
}
