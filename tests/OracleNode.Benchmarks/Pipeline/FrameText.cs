using System.Text;

namespace OracleNode.Pipeline;

/// <summary>A JSON frame with holes for what changes: it remembers where the digits of each event's time and prices stand.</summary>
internal sealed class FrameText
{
    private readonly List<Hole> _holes = [];

    /// <param name="shares">The share of each event.</param>
    /// <param name="events">Each event's text; <c>%t</c> stands for its time, <c>%b</c>, <c>%a</c> and <c>%p</c> for bid, ask and last.</param>
    /// <param name="timeText">A time of the vendor's format, as long as every other.</param>
    public FrameText(IReadOnlyList<int> shares, IReadOnlyList<string> events, string timeText)
    {
        var text = new StringBuilder("[");
        for (var e = 0; e < events.Count; e++)
        {
            if (e > 0) text.Append(',');
            for (var i = 0; i < events[e].Length; i++)
            {
                if (events[e][i] != '%')
                {
                    text.Append(events[e][i]);
                    continue;
                }

                var kind = events[e][++i];
                _holes.Add(new Hole(kind, text.Length, shares[e]));
                text.Append(kind == 't' ? timeText : "100.00");
            }
        }

        Bytes = Encoding.ASCII.GetBytes(text.Append(']').ToString());
    }

    public byte[] Bytes { get; }

    /// <summary>Fills the holes.</summary>
    /// <param name="market">Tells the prices.</param>
    /// <param name="unixMillis">The moment.</param>
    /// <param name="timeText">The moment in the vendor's format.</param>
    public void Stamp(SimulatedMarket market, long unixMillis, ReadOnlySpan<byte> timeText)
    {
        foreach (var hole in _holes)
        {
            if (hole.Kind == 't')
            {
                timeText.CopyTo(Bytes.AsSpan(hole.At));
                continue;
            }

            var cents = market.MidCents(hole.Share, unixMillis) + hole.Kind switch { 'b' => -1, 'a' => 1, _ => 0 };
            var target = Bytes.AsSpan(hole.At, 6);
            target[5] = (byte)('0' + (cents % 10));
            target[4] = (byte)('0' + (cents / 10 % 10));
            target[2] = (byte)('0' + (cents / 100 % 10));
            target[1] = (byte)('0' + (cents / 1_000 % 10));
            target[0] = (byte)('0' + (cents / 10_000));
        }
    }

    private readonly record struct Hole(char Kind, int At, int Share);
}
