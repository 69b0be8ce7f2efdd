using System.Numerics;
using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;

namespace OracleNode.Reserves;

/// <summary>
/// One issue: what its custodians hold, and what its tokens on all chains stand for. Either everything is there, fresh and in the same shares, or nothing can be told.
/// Not for use by two threads at once.
/// </summary>
/// <remarks>
/// At a split the tokens stand for ten times as many shares from one second to the next, and yesterday's statement is in shares of before. It is counted in shares of
/// after where two kinds of witness say the ratio of that very step, and else not at all, until one that was measured later comes.
/// </remarks>
/// <param name="name">The issue.</param>
/// <param name="custodians">All that hold shares for it.</param>
/// <param name="multipliers">Its tokens, one per chain: the steps of their multipliers.</param>
/// <param name="maxAttestationAge">A statement measured longer ago is none.</param>
/// <param name="maxSupplyAge">A supply read longer ago, or of a chain that is so far behind, is none.</param>
/// <param name="actions">What is known of the share's corporate actions.</param>
internal sealed class IssueReserve(
    string name, IReadOnlyList<CustodianBook> custodians, IReadOnlyList<MultiplierBook> multipliers, Duration maxAttestationAge, Duration maxSupplyAge, Func<IEnumerable<CorporateAction>> actions)
{
    /// <summary>Between the trade date's start and the tokens' step there is a long weekend at most.</summary>
    private static readonly Duration MaxApart = Duration.FromDays(4);

    private readonly (SupplyReading Reading, string Token, Instant ReadAt)?[] _supplies = new (SupplyReading, string, Instant)?[multipliers.Count];

    public string Name { get; } = name;

    /// <summary>A token was read. One of a block before the last one changes nothing.</summary>
    /// <returns>Why its multiplier could not be written down; null when all is well.</returns>
    public string? Note(int place, string token, SupplyReading reading, Instant readAt)
    {
        if (_supplies[place] is { } last && reading.Height < last.Reading.Height) return null;
        _supplies[place] = (reading, token, readAt);
        return multipliers[place].Note(reading.Terms.Current, reading.ChainTime);
    }

    /// <summary>Adds up.</summary>
    /// <param name="now">Market time.</param>
    /// <param name="total">What there is.</param>
    /// <returns>Null when it can be told; else what is missing.</returns>
    public string? TryTotal(Instant now, out ReserveTotal total)
    {
        total = default;
        if (TryIssued(now, out var issued, out var oldest) is { } missing) return missing;
        var backing = UInt128.Zero;
        foreach (var custodian in custodians)
        {
            if (custodian.Latest is not { } statement) return $"custodian {custodian.Custodian} has attested nothing yet";
            if (!statement.SharesE18.TryGetValue(Name, out var shares)) return $"custodian {custodian.Custodian} says nothing of {Name}";
            if (statement.MeasuredAt > now) return $"custodian {custodian.Custodian} attests for {statement.MeasuredAt}, which is yet to come";
            if (now >= statement.ValidUntil) return $"custodian {custodian.Custodian}'s statement was valid until {statement.ValidUntil}";
            if (now - statement.MeasuredAt > maxAttestationAge) return $"custodian {custodian.Custodian}'s statement is of {statement.MeasuredAt}, longer ago than {maxAttestationAge}";
            if (InSharesOfNow(custodian.Custodian, statement.MeasuredAt, now, ref shares) is { } across) return across;
            if (UInt128.MaxValue - backing < shares) return "more shares in custody than can be counted";
            backing += shares;
            oldest = Instant.Min(oldest, statement.MeasuredAt);
        }

        if (issued == 0) return "no token is in circulation";
        total = new ReserveTotal(backing, issued, oldest);
        return null;
    }

    private string? TryIssued(Instant now, out UInt128 issued, out Instant oldest)
    {
        (issued, oldest) = (UInt128.Zero, Instant.MaxValue);
        var first = _supplies.Length == 0 ? null : _supplies[0];
        for (var i = 0; i < _supplies.Length; i++)
        {
            if (_supplies[i] is not { } supply) return "a token's supply was not read yet";
            var (terms, chainTime) = (supply.Reading.Terms, supply.Reading.ChainTime);
            if (now - supply.ReadAt > maxSupplyAge) return $"the supply of {supply.Token} was last read at {supply.ReadAt}, longer ago than {maxSupplyAge}";
            if (now - chainTime > maxSupplyAge) return $"the supply of {supply.Token} is of {chainTime}: its chain is longer behind than {maxSupplyAge}";
            if (terms.ActivationAt <= now && multipliers[i].IsLarge(terms.Current, terms.Next))
                return $"the multiplier of {supply.Token} steps from {terms.Current} to {terms.Next} at {terms.ActivationAt}, and its supply was last read of {chainTime}, before it";
            if (first is { } other && multipliers[i].IsLarge(other.Reading.Terms.Current, terms.Current))
                return $"the multiplier of {other.Token} is {other.Reading.Terms.Current} and that of {supply.Token} is {terms.Current}: one of them has made a step that the other has not";
            if (UInt128.MaxValue - issued < supply.Reading.SharesE18) return "more tokens than can be counted";
            issued += supply.Reading.SharesE18;
            oldest = Instant.Min(oldest, chainTime);
        }

        return null;
    }

    /// <summary>A statement of before a large step, or of before the trade date of its action, is in shares of before.</summary>
    private string? InSharesOfNow(string custodian, Instant measuredAt, Instant now, ref UInt128 shares)
    {
        var step = default(SeenStep);
        var isOne = true;
        foreach (var multiplier in multipliers)
        {
            var seen = multiplier.Steps.Where(s => s.At > measuredAt || ProvenActionOf(s)?.OpensAt > measuredAt).ToList();
            if (seen.Count == 0) continue;

            // Each chain makes the step for itself; more than one of a chain are more than one action.
            isOne &= seen.Count == 1 && (step == default || ShareRatio.Of(step.From, step.To).Agrees(ShareRatio.Of(seen[0].From, seen[0].To)));
            if (step == default || seen[^1].At > step.At) step = seen[^1];
        }

        if (step == default) return null;
        if (isOne && ProvenActionOf(step) is { } action && action.OpensAt > measuredAt && action.OpensAt <= now)
        {
            var after = (BigInteger)shares * action.Ratio.New / action.Ratio.Old;
            if (after > (BigInteger)UInt128.MaxValue) return "more shares in custody than can be counted";
            shares = (UInt128)after;
            return null;
        }

        return $"the multiplier stepped from {step.From} to {step.To} by {step.At}: whether custodian {custodian}'s statement of {measuredAt} counts shares of before or of after is not known; one that is measured later, or proof of the split, will tell";
    }

    /// <summary>The proven action that a step is the tokens' side of; null when there is none.</summary>
    private CorporateAction? ProvenActionOf(SeenStep step)
    {
        var ratio = ShareRatio.Of(step.From, step.To);
        foreach (var action in actions())
        {
            var apart = action.OpensAt - step.At;
            if (action.Kind is CorporateActionKind.Split or CorporateActionKind.StockDividend && action.IsProven && action.Ratio.Agrees(ratio) && apart <= MaxApart && apart >= -MaxApart)
                return action;
        }

        return null;
    }
}

/// <summary>An issue's shares.</summary>
/// <param name="BackingE18">In custody, scaled by 1e18.</param>
/// <param name="IssuedE18">That all tokens stand for, scaled by 1e18.</param>
/// <param name="MeasuredAt">When the oldest part was measured.</param>
internal readonly record struct ReserveTotal(UInt128 BackingE18, UInt128 IssuedE18, Instant MeasuredAt);
