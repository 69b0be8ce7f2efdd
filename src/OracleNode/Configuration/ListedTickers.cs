using NodaTime;
using OracleNode.Market;

namespace OracleNode.Configuration;

/// <summary>Which configured instrument is meant: a ticker only on the dates on which it names the instrument, a FIGI with its listing market on any.</summary>
internal sealed class ListedTickers(NodeSettings settings)
{
    /// <summary>The instrument that a ticker names on a New York date; null when there is none.</summary>
    public InstrumentId? Find(string ticker, LocalDate on)
    {
        for (var i = 0; i < settings.Instruments.Count; i++)
            foreach (var alias in settings.Instruments[i].Tickers)
                if (alias.Ticker == ticker && IsValid(alias, on))
                    return new InstrumentId(i);
        return null;
    }

    /// <summary>Does a ticker of the configuration name the instrument on a New York date? Then what a vendor says under it on that date is of this instrument.</summary>
    public bool IsNamed(InstrumentId instrument, LocalDate on) => settings.Instruments[instrument.Index].Tickers.Any(t => IsValid(t, on));

    /// <summary>The instrument with a FIGI and listing market; null when there is none.</summary>
    public InstrumentId? Find(string figi, string mic)
    {
        for (var i = 0; i < settings.Instruments.Count; i++)
            if (settings.Instruments[i].Figi == figi && settings.Instruments[i].ListingMic == mic)
                return new InstrumentId(i);
        return null;
    }

    private static bool IsValid(TickerAlias alias, LocalDate on) => !(on < alias.ValidFrom) && !(on > alias.ValidTo);

    /// <summary>Every ticker, for a message.</summary>
    public override string ToString() => string.Join(", ", settings.Instruments.SelectMany(i => i.Tickers).Select(t => t.Ticker));
}
