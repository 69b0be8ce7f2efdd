using NodaTime;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// One feed's moves and those of what it is related to, since a moment at which all of them had a price: the common reference. It is renewed every
/// <see cref="Window"/> while they agree; while they do not it stands, and what it says is heard for twice as long at most.
/// </summary>
/// <remarks>Only the time counts in which there is something to compare: Friday's reference is Monday's, where a market opens wrong.</remarks>
internal sealed class RelatedWatch(IReadOnlyList<RelatedFeed> relations)
{
    /// <summary>A reference is renewed after this time.</summary>
    public static readonly Duration Window = Duration.FromHours(1);

    /// <summary>Prices found on the chains that are no farther apart in time than this are of one moment.</summary>
    private static readonly Duration OneMoment = Duration.FromMinutes(5);

    /// <summary>Nothing was compared for longer than this: that time does not count.</summary>
    private static readonly Duration MaxStep = Duration.FromMinutes(1);

    private readonly RelatedFeed[] _relations = [.. relations];
    private readonly long[] _references = new long[relations.Count];
    private long _own;
    private Duration _age;
    private Instant? _comparedAt;

    /// <summary>This feed's price at the reference; none while there is no reference.</summary>
    public Price Reference
    {
        get
        {
            Price.TryFromE8(_own, out var reference);
            return reference;
        }
    }

    /// <summary>Goes on from what the chains hold, by place of feed.</summary>
    public void Seed(int feed, ReadOnlySpan<RestoredFeed> restored)
    {
        ref readonly var own = ref restored[feed];
        if (own.Price.IsNone) return;
        for (var i = 0; i < _relations.Length; i++)
        {
            ref readonly var other = ref restored[_relations[i].Feed];
            var apart = other.ObservedAt - own.ObservedAt;
            if (other.Price.IsNone || apart > OneMoment || apart < -OneMoment) continue;
            _references[i] = other.Price.E8;
            _own = own.Price.E8;
        }
    }

    /// <summary>Takes note of the prices of a moment, and renews the reference where it is time.</summary>
    /// <param name="own">What this feed's sources agree on; none when they do not.</param>
    /// <param name="agreed">By place of feed: what its sources agree on.</param>
    /// <param name="isConfirmed">An operator or a corporate action stands behind <paramref name="own"/>.</param>
    /// <param name="now">Market time.</param>
    public void Update(Price own, ReadOnlySpan<Price> agreed, bool isConfirmed, Instant now)
    {
        var (known, missing, agree) = own.IsNone ? default : Compare(own.E8, agreed);
        if (known + missing == 0)
        {
            _comparedAt = null;
            return;
        }

        if (known > 0 && _comparedAt is { } last && now > last) _age += Duration.Min(now - last, MaxStep);
        _comparedAt = now;
        if (agree ? missing > 0 || _age >= Window : isConfirmed || _age >= Window + Window) Take(own, agreed);
    }

    /// <summary>How the related ones moved since the reference.</summary>
    public RelatedMoves Moves(ReadOnlySpan<Price> agreed) => _own == 0 ? default : new RelatedMoves(MoveOf(0, agreed), MoveOf(1, agreed), MoveOf(2, agreed));

    /// <summary>One of them is of other shares from now on.</summary>
    /// <param name="feed">Place of its feed.</param>
    /// <param name="isOwn">True when it is this one.</param>
    /// <param name="ratio">Shares after for shares before; none when it is not known: then there is nothing to compare with until all have a price again.</param>
    public void Rebase(int feed, bool isOwn, ShareRatio ratio)
    {
        if (isOwn)
        {
            _own = ratio.PriceAfter(_own);
            if (_own == 0) Array.Clear(_references);
        }

        for (var i = 0; i < _relations.Length; i++)
            if (_relations[i].Feed == feed)
                _references[i] = ratio.PriceAfter(_references[i]);
    }

    private (int Known, int Missing, bool Agree) Compare(long own, ReadOnlySpan<Price> agreed)
    {
        var (known, missing, agree) = (0, 0, true);
        for (var i = 0; i < _relations.Length; i++)
        {
            if (agreed[_relations[i].Feed].IsNone) continue;
            var move = MoveOf(i, agreed);
            if (!move.IsKnown)
            {
                missing++;
                continue;
            }

            known++;
            agree &= long.Abs((long)Bps.Move(own, _own) - move.MoveBps) <= move.ToleranceBps;
        }

        return (known, missing, agree);
    }

    private RelatedMove MoveOf(int relation, ReadOnlySpan<Price> agreed)
    {
        if (relation >= _relations.Length || _own == 0 || _references[relation] == 0) return default;
        var rule = _relations[relation];
        var price = agreed[rule.Feed];
        return price.IsNone ? default : new RelatedMove(Bps.Move(price.E8, _references[relation]) * rule.MovePercent / 100, rule.ToleranceBps);
    }

    private void Take(Price own, ReadOnlySpan<Price> agreed)
    {
        _own = own.E8;
        for (var i = 0; i < _relations.Length; i++) _references[i] = agreed[_relations[i].Feed].E8;
        _age = Duration.Zero;
    }
}
