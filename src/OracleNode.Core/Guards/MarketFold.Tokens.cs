using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>What the tokens' contracts say besides the multiplier, and how the chains compare.</summary>
public sealed partial class MarketFold
{
    private readonly TokenStandings _tokenStandings;

    /// <summary>Every token, in the order of their ids.</summary>
    public IReadOnlyList<TokenListing> TokenListings => _tokenStandings.Tokens;

    /// <summary>Issues that stand on several chains, as of the latest tick.</summary>
    public IReadOnlyList<IssueStanding> Issues => _tokenStandings.Issues;

    /// <summary>The code that is accepted for a token, to be remembered over a restart; null while there is none, or while its issuer's tokens are paused for their code.</summary>
    public string? AcceptedCodeOf(TokenId token) => _tokenStandings.AcceptedCode(token);

    private InputOutcome Take(TokenStatus status)
    {
        if (!IsToken(status.Token)) return InputOutcome.UnknownToken;
        _tokenStandings.Take(status);
        return InputOutcome.Applied;
    }

    private void AcceptCode(OperatorCommand command)
    {
        if (command.Action != OperatorAction.Resume) return;
        if (command.Feed is not { } feed) _tokenStandings.Accept(null);
        else if (_rules[_places[feed]] is TokenFeedRules token) _tokenStandings.Accept(token.Token);
    }

    /// <summary>A feed that was paused for its token's code stays so over a restart.</summary>
    private void RestoreCode(int feed, in RestoredFeed last)
    {
        if (_rules[feed] is TokenFeedRules token && last.State == FeedState.Paused && (last.HoldReasons & HoldReasons.Identity) != 0) _tokenStandings.Restore(token.Token);
    }

    private bool AdoptToken(int feed, TokenFeedRules rules, in RestoredFeed newer)
    {
        if (!_tokens[feed]!.TryAdopt(newer)) return false;
        Actions.Restore(rules.Token, newer.Multiplier);
        if (newer.State is FeedState.Live or FeedState.Degraded) _tokenStandings.Release(rules.Token);
        return true;
    }

    /// <summary>Those given, or one for each token of a feed, compared with none.</summary>
    private static IReadOnlyList<TokenListing> ListingsOf(IReadOnlyList<TokenListing>? tokens, int ofFeeds)
    {
        tokens ??= [.. Enumerable.Range(0, ofFeeds).Select(i => new TokenListing($"token {i}", $"token {i}", $"token {i}", null))];
        return tokens.Count >= ofFeeds ? tokens : throw new ArgumentException($"{tokens.Count} tokens are listed, and feeds are made for {ofFeeds}.", nameof(tokens));
    }
}
