using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;

namespace OracleNode.Pipeline;

/// <summary>
/// Says when the chains differ on an issue's multiplier, with every chain's word, and when they agree again: at once, apart from a small step that was announced, which no two
/// chains make at one time.
/// </summary>
internal sealed class IssueAlarms(MarketFold market, IFoldReport report)
{
    private readonly bool[] _isSaid = new bool[market.Issues.Count];

    /// <summary>After the issues were compared.</summary>
    public void Look(Instant now)
    {
        for (var i = 0; i < _isSaid.Length; i++)
        {
            var issue = market.Issues[i];
            if (IsToBeSaid(issue, _isSaid[i], now) == _isSaid[i]) continue;
            _isSaid[i] = !_isSaid[i];
            if (_isSaid[i]) report.Alarm(null, AlarmKind.Token, $"the chains differ on the multiplier of {issue.Issue}: {Words(issue, now)}; each chain's token is published with its own, and all hold above 1 % or after {IssueStanding.MayDifferFor.TotalMinutes:F0} minutes");
            else report.MarketTrusted($"the multiplier of {issue.Issue}: {Words(issue, now)}");
        }
    }

    private static bool IsToBeSaid(IssueStanding issue, bool isSaid, Instant now) =>
        issue.DifferSince is { } since && (isSaid || issue.Holds || !issue.IsBetweenSteps || now - since >= IssueStanding.StepMayTake);

    private string Words(IssueStanding issue, Instant now) => string.Join(", ", issue.Tokens.Select(token =>
        $"{market.TokenListings[token].Name} {market.MultiplierOf(new TokenId(token))?.At(now).Current.ToString() ?? "unknown"}"));
}
