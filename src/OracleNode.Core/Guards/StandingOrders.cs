using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// What operators ask of each feed, as of the newest command for it. A command without a feed is one for every feed. What ends by itself ends as its
/// opposite would end it: a pause whose time is over is a resume.
/// </summary>
internal sealed class StandingOrders(int feeds)
{
    private readonly Standing[] _standing = new Standing[feeds];

    // Where no operator ever spoke, which is nearly always, there is nothing to look up.
    private bool _hasSpoken;

    /// <summary>Takes a command in.</summary>
    /// <param name="command">The command.</param>
    /// <param name="feed">Place of the feed; null for every feed.</param>
    public void Take(OperatorCommand command, int? feed)
    {
        _hasSpoken = true;
        if (feed is { } place) Take(command, ref _standing[place]);
        else foreach (ref var standing in _standing.AsSpan()) Take(command, ref standing);
    }

    /// <summary>What is asked of a feed now.</summary>
    public OperatorOrder OrderOf(int feed, Instant now)
    {
        if (!_hasSpoken) return OperatorOrder.None;
        ref readonly var standing = ref _standing[feed];
        if (standing.IsRetired) return OperatorOrder.Retire;
        var isOver = now >= standing.Until;
        return standing.Action switch
        {
            OperatorAction.Pause => isOver ? OperatorOrder.Resume : OperatorOrder.Pause,
            OperatorAction.Halt => isOver ? OperatorOrder.None : OperatorOrder.Hold,
            OperatorAction.Resume => OperatorOrder.Resume,
            _ => OperatorOrder.None,
        };
    }

    /// <summary>The price that is confirmed now; none when there is none.</summary>
    public Price ConfirmedPriceOf(int feed, Instant now) => _hasSpoken && now < _standing[feed].ConfirmedUntil ? _standing[feed].Confirmed : default;

    private static void Take(OperatorCommand command, ref Standing standing)
    {
        switch (command.Action)
        {
            case OperatorAction.Confirm:
                standing.Confirmed = command.Price;
                standing.ConfirmedUntil = command.Until ?? Instant.MaxValue;
                break;
            case OperatorAction.Retire:
                standing.IsRetired = true;
                break;
            case OperatorAction.Pause or OperatorAction.Resume or OperatorAction.Halt:
                standing.Action = command.Action;
                standing.Until = command.Until ?? Instant.MaxValue;
                break;
        }
    }

    private struct Standing
    {
        public OperatorAction Action;
        public Instant Until;
        public bool IsRetired;
        public Price Confirmed;
        public Instant ConfirmedUntil;
    }
}
