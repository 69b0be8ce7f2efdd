using NodaTime;
using OracleNode.Market;

namespace OracleNode.Reserves;

/// <summary>
/// One issue: what its custodians hold, and what its tokens on all chains stand for. Either everything is there and fresh, or nothing can be told. Not for use by
/// two threads at once.
/// </summary>
/// <param name="name">The issue.</param>
/// <param name="custodians">All that hold shares for it.</param>
/// <param name="supplies">Number of its tokens: one per chain.</param>
/// <param name="maxAttestationAge">A statement measured longer ago is none.</param>
/// <param name="maxSupplyAge">A supply read longer ago, or of a chain that is so far behind, is none.</param>
internal sealed class IssueReserve(string name, IReadOnlyList<CustodianBook> custodians, int supplies, Duration maxAttestationAge, Duration maxSupplyAge)
{
    private readonly (SupplyReading Reading, string Token, Instant ReadAt)?[] _supplies = new (SupplyReading, string, Instant)?[supplies];

    public string Name { get; } = name;

    /// <summary>A token was read. One of a block before the last one changes nothing.</summary>
    public void Note(int place, string token, SupplyReading reading, Instant readAt)
    {
        if (_supplies[place] is { } last && reading.Height < last.Reading.Height) return;
        _supplies[place] = (reading, token, readAt);
    }

    /// <summary>Adds up.</summary>
    /// <param name="now">Market time.</param>
    /// <param name="total">What there is.</param>
    /// <returns>Null when it can be told; else what is missing.</returns>
    public string? TryTotal(Instant now, out ReserveTotal total)
    {
        total = default;
        var (backing, issued, oldest) = (UInt128.Zero, UInt128.Zero, Instant.MaxValue);
        foreach (var custodian in custodians)
        {
            if (custodian.Latest is not { } statement) return $"custodian {custodian.Custodian} has attested nothing yet";
            if (!statement.SharesE18.TryGetValue(Name, out var shares)) return $"custodian {custodian.Custodian} says nothing of {Name}";
            if (statement.MeasuredAt > now) return $"custodian {custodian.Custodian} attests for {statement.MeasuredAt}, which is yet to come";
            if (now >= statement.ValidUntil) return $"custodian {custodian.Custodian}'s statement was valid until {statement.ValidUntil}";
            if (now - statement.MeasuredAt > maxAttestationAge) return $"custodian {custodian.Custodian}'s statement is of {statement.MeasuredAt}, longer ago than {maxAttestationAge}";
            if (UInt128.MaxValue - backing < shares) return "more shares in custody than can be counted";
            backing += shares;
            oldest = Instant.Min(oldest, statement.MeasuredAt);
        }

        for (var i = 0; i < _supplies.Length; i++)
        {
            if (_supplies[i] is not { } supply) return "a token's supply was not read yet";
            if (now - supply.ReadAt > maxSupplyAge) return $"the supply of {supply.Token} was last read at {supply.ReadAt}, longer ago than {maxSupplyAge}";
            if (now - supply.Reading.ChainTime > maxSupplyAge) return $"the supply of {supply.Token} is of {supply.Reading.ChainTime}: its chain is longer behind than {maxSupplyAge}";
            if (UInt128.MaxValue - issued < supply.Reading.SharesE18) return "more tokens than can be counted";
            issued += supply.Reading.SharesE18;
            oldest = Instant.Min(oldest, supply.Reading.ChainTime);
        }

        if (issued == 0) return "no token is in circulation";
        total = new ReserveTotal(backing, issued, oldest);
        return null;
    }
}

/// <summary>An issue's shares.</summary>
/// <param name="BackingE18">In custody, scaled by 1e18.</param>
/// <param name="IssuedE18">That all tokens stand for, scaled by 1e18.</param>
/// <param name="MeasuredAt">When the oldest part was measured.</param>
internal readonly record struct ReserveTotal(UInt128 BackingE18, UInt128 IssuedE18, Instant MeasuredAt);
