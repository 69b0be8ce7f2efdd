using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// Has the present session just opened, in sight of this node, and never yet had a quorum? The change from the regular session to
/// post-market is no opening: the same quotes go on, and the first one after the bell may come a minute late.
/// </summary>
internal sealed class SessionOpening
{
    private SessionInfo _current;
    private bool _isKnown;

    /// <summary>True from the opening until the first quorum.</summary>
    public bool IsPending { get; private set; }

    /// <summary>Takes note of the session; true when another one has begun (the change to post-market is none).</summary>
    public bool Observe(Instant now, in SessionInfo session)
    {
        var wasKnown = _isKnown;
        var before = _current;
        _current = session;
        _isKnown = true;

        // What a node finds when it starts did not open before its eyes, so it cannot call it a reopening.
        if (!wasKnown) return false;

        // A calendar that is replaced may move the end of the present session; that is no opening either.
        if (session.Session == before.Session && (before.NextChangeAt is null || now < before.NextChangeAt)) return false;
        if (session.Session == MarketSession.PostMarket && before.Session == MarketSession.Regular) return false;
        IsPending = true;
        return true;
    }

    /// <summary>The quorum is there.</summary>
    public void Complete() => IsPending = false;
}
