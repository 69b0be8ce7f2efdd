using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// Is the node's clock right? It is compared with a time server's, with the event times of the vendors, and with the block times of the chains. The worst of
/// what these say counts, since a price that is signed with a wrong time is wrong however good its value.
/// </summary>
/// <remarks>
/// What an upstream tells: an event cannot be received before it happens, so one from the future shows that the node is behind by at least that; and since
/// every message is late by the time it travelled, the least late one shows that the node is ahead by at most that. Two upstreams must say so, in a
/// minute of traffic; that it is ahead is taken from vendors only where no time server says otherwise, since vendors may all be slow.
/// </remarks>
public sealed class ClockWatch
{
    /// <summary>Off by more than this: the node is not ready.</summary>
    public static readonly Duration ReadyLimit = Duration.FromMilliseconds(500);

    /// <summary>Off by more than this: nothing is signed.</summary>
    public static readonly Duration SigningLimit = Duration.FromSeconds(2);

    /// <summary>A time server's word stands this long.</summary>
    public static readonly Duration NtpLifetime = Duration.FromMinutes(15);

    /// <summary>Half the time over which vendors and chains are watched: a full window is between this and twice this long.</summary>
    public static readonly Duration HalfWindow = Duration.FromSeconds(30);

    /// <summary>Messages of an upstream before its least lateness means something.</summary>
    private const int EnoughSamples = 20;

    private const int Witnesses = 2;

    private readonly Window[] _upstreams;
    private readonly Chain[] _chains;
    private readonly long[] _scratch;
    private long _ntpTicks;
    private Instant? _ntpAt;

    /// <param name="upstreams">How many upstreams there are.</param>
    /// <param name="chains">How many chains.</param>
    public ClockWatch(int upstreams, int chains)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(upstreams);
        ArgumentOutOfRangeException.ThrowIfNegative(chains);
        _upstreams = new Window[upstreams];
        _chains = new Chain[chains];
        _scratch = new long[Math.Max(upstreams, chains)];
    }

    /// <summary>A message of a vendor: when it says it happened, when it was received. Constant time, no allocation.</summary>
    public void Observe(UpstreamId upstream, Instant eventTime, Instant receiveTime)
    {
        if (upstream.Index < 0 || upstream.Index >= _upstreams.Length) return;
        _upstreams[upstream.Index].Add((receiveTime - eventTime).BclCompatibleTicks, receiveTime);
    }

    /// <summary>A time server's word.</summary>
    /// <param name="offset">How far the node's clock is ahead of it.</param>
    /// <param name="at">When it was measured, by the node's clock.</param>
    public void ObserveNtp(Duration offset, Instant at)
    {
        _ntpTicks = offset.BclCompatibleTicks;
        _ntpAt = at;
    }

    /// <summary>The newest block of a chain.</summary>
    /// <param name="chain">Its place in the configuration.</param>
    /// <param name="blockTime">Its time stamp.</param>
    /// <param name="granularity">How far such a stamp may lie ahead of the true time: one block or one second, whichever is longer.</param>
    /// <param name="at">When it was read, by the node's clock.</param>
    public void ObserveChain(int chain, Instant blockTime, Duration granularity, Instant at)
    {
        if (chain >= 0 && chain < _chains.Length) _chains[chain] = new Chain(IsKnown: true, (blockTime - granularity - at).BclCompatibleTicks, at);
    }

    /// <summary>What all of them say at <paramref name="now"/>, by the node's clock.</summary>
    public ClockVerdict Judge(Instant now)
    {
        var worst = default(ClockVerdict);
        var hasNtp = _ntpAt is { } at && now - at <= NtpLifetime && at - now <= NtpLifetime;
        if (hasNtp) Worse(ref worst, _ntpTicks, ClockReference.Ntp);
        if (TryBehindVendors(now, out var behind)) Worse(ref worst, -behind, ClockReference.Vendor);
        if (!hasNtp && TryAheadOfVendors(now, out var ahead)) Worse(ref worst, ahead, ClockReference.Vendor);
        if (TryBehindChains(now, out var behindChains)) Worse(ref worst, -behindChains, ClockReference.Chain);
        return worst;
    }

    private static void Worse(ref ClockVerdict worst, long aheadTicks, ClockReference reference)
    {
        var offset = Duration.FromTicks(aheadTicks);
        var size = offset < Duration.Zero ? -offset : offset;
        var state = size > SigningLimit ? ClockState.Wrong : size > ReadyLimit ? ClockState.Off : ClockState.Good;
        if (state > worst.State) worst = new ClockVerdict(state, offset, reference);
    }

    /// <summary>How far at least the node is behind: what the second of the upstreams says that are farthest ahead.</summary>
    private bool TryBehindVendors(Instant now, out long ticks)
    {
        var count = 0;
        foreach (ref var upstream in _upstreams.AsSpan())
            if (upstream.TryLeast(now, 1, out var lateness))
                _scratch[count++] = -lateness;
        return TrySecondLargest(count, out ticks);
    }

    /// <summary>How far the node is ahead if messages took no time: no more than the promptest upstream says, when two or more are watched.</summary>
    private bool TryAheadOfVendors(Instant now, out long ticks)
    {
        var count = 0;
        ticks = long.MaxValue;
        foreach (ref var upstream in _upstreams.AsSpan())
        {
            if (!upstream.TryLeast(now, EnoughSamples, out var lateness)) continue;
            ticks = Math.Min(ticks, lateness);
            count++;
        }

        return count >= Witnesses && ticks > 0;
    }

    private bool TryBehindChains(Instant now, out long ticks)
    {
        var count = 0;
        foreach (ref readonly var chain in _chains.AsSpan())
            if (chain.IsKnown && now - chain.At <= HalfWindow)
                _scratch[count++] = chain.AheadTicks;
        return TrySecondLargest(count, out ticks);
    }

    private bool TrySecondLargest(int count, out long ticks)
    {
        ticks = 0;
        if (count < Witnesses) return false;
        var (first, second) = (long.MinValue, long.MinValue);
        foreach (var value in _scratch.AsSpan(0, count))
        {
            if (value > first) (first, second) = (value, first);
            else if (value > second) second = value;
        }

        ticks = second;
        return second > 0;
    }

    private readonly record struct Chain(bool IsKnown, long AheadTicks, Instant At);

    /// <summary>The least lateness of an upstream's messages over the last one to two halves of the window.</summary>
    private struct Window
    {
        private long _begin;
        private long _least;
        private int _count;
        private long _leastBefore;
        private int _countBefore;

        public void Add(long latenessTicks, Instant receiveTime)
        {
            MoveTo(receiveTime);
            _least = _count == 0 ? latenessTicks : Math.Min(_least, latenessTicks);
            if (_count < int.MaxValue) _count++;
        }

        public bool TryLeast(Instant now, int enough, out long latenessTicks)
        {
            MoveTo(now);
            latenessTicks = _countBefore == 0 ? _least : _count == 0 ? _leastBefore : Math.Min(_least, _leastBefore);
            return (long)_count + _countBefore >= enough;
        }

        private void MoveTo(Instant instant)
        {
            var half = HalfWindow.BclCompatibleTicks;
            var passed = instant.ToUnixTimeTicks() - _begin;

            // A clock that was set back begins anew: what was measured by it before means nothing now.
            if (passed >= 0 && passed < half) return;
            var isNext = passed >= half && passed < 2 * half;
            (_leastBefore, _countBefore) = isNext ? (_least, _count) : (0, 0);
            _begin = isNext ? _begin + half : instant.ToUnixTimeTicks();
            (_least, _count) = (0, 0);
        }
    }
}
