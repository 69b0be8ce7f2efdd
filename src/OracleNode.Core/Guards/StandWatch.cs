using NodaTime;
using OracleNode.Pricing;

namespace OracleNode.Guards;

/// <summary>
/// For how long each upstream has stood beyond a limit from one reference. Each has its own clock: it starts when its vote goes beyond, runs on however far
/// the vote moves the same way (so that a crash confirms while it is still falling), and starts over when the vote comes back inside, changes side or is gone.
/// </summary>
internal sealed class StandWatch(int upstreams)
{
    private readonly Stand[] _stands = new Stand[upstreams];
    private bool _hasStands;

    /// <summary>Forgets every stand: nothing said before counts as confirmation.</summary>
    public void Reset()
    {
        if (_hasStands) Array.Clear(_stands);
        _hasStands = false;
    }

    /// <summary>Notes where each upstream stands. To be called at every tick with votes; a reference of 0 is none.</summary>
    public void Watch(ReadOnlySpan<Vote> votes, long reference, int limitBps, Instant now)
    {
        if (reference == 0)
        {
            Reset();
            return;
        }

        if (!_hasStands && AllWithin(votes, reference, limitBps)) return;
        _hasStands = true;
        foreach (ref var stand in _stands.AsSpan()) stand.IsSeen = false;
        foreach (ref readonly var vote in votes)
        {
            ref var stand = ref _stands[vote.UpstreamSlot];
            var side = Bps.SideBeyond(vote.Value, reference, limitBps);
            if (side != stand.Side || now < stand.Since) stand = new Stand { Side = side, Since = now };
            stand.IsSeen = true;
        }

        foreach (ref var stand in _stands.AsSpan())
            if (!stand.IsSeen)
                stand = default;
    }

    /// <summary>Accepted votes that have stood on that side for the confirmation time.</summary>
    public int Witnesses(ReadOnlySpan<Vote> votes, int side, Duration confirmation, Instant now)
    {
        var witnesses = 0;
        foreach (ref readonly var vote in votes)
        {
            ref readonly var stand = ref _stands[vote.UpstreamSlot];
            if (vote.IsAccepted && stand.Side == side && now - stand.Since >= confirmation) witnesses++;
        }

        return witnesses;
    }

    private static bool AllWithin(ReadOnlySpan<Vote> votes, long reference, int limitBps)
    {
        foreach (ref readonly var vote in votes)
            if (Bps.SideBeyond(vote.Value, reference, limitBps) != 0)
                return false;
        return true;
    }

    private struct Stand
    {
        public int Side;
        public Instant Since;
        public bool IsSeen;
    }
}
