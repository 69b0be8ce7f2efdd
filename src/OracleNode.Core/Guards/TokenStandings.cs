using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// What is known of tokens besides the multiplier that each is priced with: does the issuer pause it, does the code that was accepted still answer, do the chains
/// agree on an issue. Not for use by two threads at once.
/// </summary>
internal sealed class TokenStandings
{
    /// <summary>A difference of multipliers up to one part in this is that of binary and decimal numbers.</summary>
    private static readonly UInt128 Tolerance = 1_000_000_000_000;

    /// <summary>A difference above one part in this holds at once.</summary>
    private static readonly UInt128 LargeDifference = 100;

    /// <summary>A reading older than this is compared with nothing.</summary>
    internal static readonly Duration ComparedFor = Duration.FromMinutes(10);

    private readonly TokenListing[] _tokens;
    private readonly bool[] _isPaused;
    private readonly string?[] _accepted;
    private readonly string?[] _latest;
    private readonly string?[] _remembered;
    private readonly bool[] _isChanged;
    private readonly IssueStanding[] _issues;
    private readonly IssueStanding?[] _issueOf;
    private readonly int[] _issuerOf;
    private readonly bool[] _isIssuerStopped;
    private readonly bool[] _wasStopped;

    /// <param name="tokens">Every token, in the order of their ids.</param>
    public TokenStandings(IReadOnlyList<TokenListing> tokens)
    {
        _tokens = [.. tokens];
        _isPaused = new bool[_tokens.Length];
        _accepted = [.. _tokens.Select(t => t.CodeHash)];
        _latest = new string?[_tokens.Length];
        _remembered = new string?[_tokens.Length];
        _isChanged = new bool[_tokens.Length];
        _issues = [.. Enumerable.Range(0, _tokens.Length).GroupBy(i => _tokens[i].Issue, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => new IssueStanding(g.Key, [.. g]))];
        _issueOf = new IssueStanding?[_tokens.Length];
        foreach (var issue in _issues)
            foreach (var token in issue.Tokens)
                _issueOf[token] = issue;
        var issuers = _tokens.Select(t => t.Issuer).Distinct(StringComparer.Ordinal).ToList();
        _issuerOf = [.. _tokens.Select(t => issuers.IndexOf(t.Issuer))];
        _isIssuerStopped = new bool[issuers.Count];
        _wasStopped = new bool[issuers.Count];
    }

    /// <summary>Issues that stand on several chains.</summary>
    public IReadOnlyList<IssueStanding> Issues => _issues;

    /// <summary>Every token, in the order of their ids.</summary>
    public IReadOnlyList<TokenListing> Tokens => _tokens;

    /// <summary>True while the issuer has paused the token; what it said last stands until it says otherwise.</summary>
    public bool IsPaused(TokenId token) => _isPaused[token.Index];

    /// <summary>True from when other code than the accepted one answered for any token of the same issuer, until the operator accepts it.</summary>
    public bool IsCodeChanged(TokenId token) => _isIssuerStopped[_issuerOf[token.Index]];

    /// <summary>
    /// The code that is accepted for a token, to be remembered over a restart; null while there is none, and while its issuer is stopped: nobody has accepted then what
    /// answers now.
    /// </summary>
    public string? AcceptedCode(TokenId token) => IsCodeChanged(token) ? null : _accepted[token.Index];

    /// <summary>True while the chains differ on the token's issue by so much, or for so long, that none of them can be relied on.</summary>
    public bool IsDisputed(TokenId token) => _issueOf[token.Index] is { Holds: true };

    /// <summary>Takes in what an issuer's contract says.</summary>
    public void Take(TokenStatus status)
    {
        var token = status.Token.Index;
        if (status.IsRemembered)
        {
            if (_latest[token] is null && _tokens[token].CodeHash is null) _accepted[token] = _remembered[token] = status.CodeHash;
            return;
        }

        _isPaused[token] = status.IsPaused;
        if (status.CodeHash is not { } code) return;

        // What changed while nobody was looking is as what a chain tells of it after a restart: a command that stands may be of before it.
        if (_remembered[token] is { } before && code != before) (_accepted[token], _wasStopped[_issuerOf[token]]) = (code, true);
        _remembered[token] = null;
        _latest[token] = code;
        _accepted[token] ??= code;
        if (code != _accepted[token]) _isChanged[token] = true;
        Settle();
    }

    /// <summary>A chain holds a feed of the token as paused because its code had changed: that is not forgotten by a restart.</summary>
    public void Restore(TokenId token)
    {
        _wasStopped[_issuerOf[token.Index]] = true;
        Settle();
    }

    /// <summary>
    /// The operator resumes a feed: the code that answers now is accepted for every token of its issuer, apart from those whose code the configuration names. It accepts
    /// what this run has seen: at a start standing commands are given again, and those are of before.
    /// </summary>
    /// <param name="token">Token of the feed; null for every feed.</param>
    public void Accept(TokenId? token)
    {
        for (var i = 0; i < _tokens.Length; i++)
        {
            if ((token is { } one && _issuerOf[i] != _issuerOf[one.Index]) || _tokens[i].CodeHash is not null) continue;
            _accepted[i] = _latest[i];
            _isChanged[i] = false;
        }

        Settle();
    }

    /// <summary>Another node of the deployment, which has seen more, publishes a feed of the token again.</summary>
    public void Release(TokenId token)
    {
        _wasStopped[_issuerOf[token.Index]] = false;
        Settle();
    }

    /// <summary>Compares the chains, at a tick. Staged multipliers are not compared: one chain may hear of them before another.</summary>
    public void Judge(Instant now, ReadOnlySpan<MultiplierTerms?> terms)
    {
        foreach (var issue in _issues)
        {
            var (lowest, highest, compared) = (UInt128.MaxValue, UInt128.Zero, 0);
            foreach (var token in issue.Tokens)
            {
                if (terms[token] is not { } reading || now - reading.ReadAt > ComparedFor) continue;
                var current = reading.At(now).Current.E18;
                if (current == 0) continue;
                compared++;
                lowest = UInt128.Min(lowest, current);
                highest = UInt128.Max(highest, current);
            }

            // With nobody to compare with, what was found stands.
            if (compared >= 2)
            {
                var differs = highest - lowest > lowest / Tolerance;
                issue.DifferSince = differs ? issue.DifferSince ?? now : null;
                issue.Holds = differs && highest - lowest > lowest / LargeDifference;
            }

            issue.Holds |= issue.DifferSince is { } since && now - since >= IssueStanding.MayDifferFor;
        }
    }

    /// <summary>
    /// An issuer is stopped while the code of one of its tokens changed; and since before the start, until each of its tokens that has code answers with the
    /// code that the configuration names.
    /// </summary>
    private void Settle()
    {
        for (var issuer = 0; issuer < _isIssuerStopped.Length; issuer++)
        {
            var (isChanged, isAnyConfirmed, isAnyOpen) = (false, false, false);
            for (var i = 0; i < _tokens.Length; i++)
            {
                if (_issuerOf[i] != issuer) continue;
                isChanged |= _isChanged[i];
                if (_latest[i] is not { } latest) continue;
                if (latest == _tokens[i].CodeHash) isAnyConfirmed = true;
                else isAnyOpen = true;
            }

            if (isAnyConfirmed && !isAnyOpen && !isChanged) _wasStopped[issuer] = false;
            _isIssuerStopped[issuer] = isChanged || _wasStopped[issuer];
        }
    }
}
