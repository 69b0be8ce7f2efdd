using OracleNode.Market;

namespace OracleNode.Vendors;

/// <summary>
/// Which participant of a tape is a listing market. Every market prints its own opening and close; only the listing market's are the
/// instrument's. Participant letters are the tapes': A to N NYSE, B NYSE Arca, American and Cboe BZX, C Nasdaq.
/// </summary>
public static class ListingMarket
{
    private const ConditionFlags Auction = ConditionFlags.OpeningPrint | ConditionFlags.ClosingPrint | ConditionFlags.ReopeningPrint;

    /// <summary>The conditions, without the auction's marks unless the participant lists securities of the tape.</summary>
    /// <param name="conditions">What the sale conditions say.</param>
    /// <param name="tape">The tape's letter.</param>
    /// <param name="participant">The participant's letter.</param>
    public static ConditionFlags Keep(ConditionFlags conditions, ReadOnlySpan<byte> tape, ReadOnlySpan<byte> participant) =>
        (conditions & Auction) == 0 || IsListing(tape, participant) ? conditions : conditions & ~Auction;

    private static bool IsListing(ReadOnlySpan<byte> tape, ReadOnlySpan<byte> participant)
    {
        if (tape.Length != 1 || participant.Length != 1) return false;
        return tape[0] switch
        {
            (byte)'A' => participant[0] == 'N',
            (byte)'B' => participant[0] is (byte)'P' or (byte)'A' or (byte)'Z',
            (byte)'C' => participant[0] is (byte)'Q' or (byte)'T',
            _ => false,
        };
    }
}
