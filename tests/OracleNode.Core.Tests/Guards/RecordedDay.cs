using System.Globalization;
using System.IO.Compression;
using NodaTime;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>
/// A recorded day of the consolidated tape as three upstreams hear it: every change of the NBBO; the NBBO four times a second; the prints,
/// polled once a second. Each has its own latency. Event times are the tape's.
/// </summary>
internal sealed class RecordedDay
{
    public const int EveryQuote = 0;
    public const int ConflatedQuotes = 1;
    public const int Prints = 2;

    private static readonly Duration Conflation = Duration.FromMilliseconds(250);
    private static readonly Duration Poll = Duration.FromSeconds(1);

    private RecordedDay(IReadOnlyList<Observation> observations) => Observations = observations;

    /// <summary>Every observation, ordered by receive time.</summary>
    public IReadOnlyList<Observation> Observations { get; }

    /// <summary>Reads the part of a recorded day; skips the test where the recordings are not there.</summary>
    public static RecordedDay Read(string file, Instant from, Instant to)
    {
        var folder = Environment.GetEnvironmentVariable("ORACLENODE_MARKET_DATA") ?? Path.Combine(RepositoryRoot(), "../shared/market-data");
        var path = Path.Combine(folder, file);
        if (!File.Exists(path)) Assert.Skip($"The recorded day {path} is not there; name its folder in ORACLENODE_MARKET_DATA.");
        return new RecordedDay(Replay(path, from, to));
    }

    private static List<Observation> Replay(string path, Instant from, Instant to)
    {
        var observations = new List<Observation>();
        var (bid, ask) = (default(Price), default(Price));
        var pending = default(Observation?);
        var conflated = default(Observation?);
        var conflationEnds = Instant.MinValue;
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            var row = line.Split(',');
            var time = Instant.FromUnixTimeMilliseconds(long.Parse(row[0], CultureInfo.InvariantCulture));
            if (time > to) break;

            // The two sides of one NBBO are rows of the same millisecond; the pair is whole when time has moved on.
            if (pending is { } pair && pair.EventTime != time)
            {
                observations.Add(pair with { Source = new(EveryQuote), Upstream = new(EveryQuote), ReceiveTime = pair.EventTime + Duration.FromMilliseconds(15) });
                conflated = pair;
                pending = null;
            }

            if (conflated is { } latest && time >= conflationEnds)
            {
                if (conflationEnds > Instant.MinValue)
                    observations.Add(latest with { Source = new(ConflatedQuotes), Upstream = new(ConflatedQuotes), ReceiveTime = Instant.Max(conflationEnds, latest.EventTime) + Duration.FromMilliseconds(60) });
                conflated = null;
                conflationEnds = time + Conflation;
            }

            if (row[1] == "quote")
            {
                if (row[3].Length > 0) bid = Parse(row[3]);
                if (row[5].Length > 0) ask = Parse(row[5]);
                if (time >= from)
                    pending = new Observation { Kind = ObservationKind.Quote, Source = default, Upstream = default, Instrument = default, EventTime = time, ReceiveTime = time, Bid = bid, Ask = ask };
            }
            else if (time >= from)
            {
                var polled = Instant.FromUnixTimeSeconds(time.ToUnixTimeSeconds()) + Poll + Duration.FromMilliseconds(300);
                observations.Add(new Observation
                {
                    Kind = ObservationKind.Trade,
                    Source = new(Prints),
                    Upstream = new(Prints),
                    Instrument = default,
                    EventTime = time,
                    ReceiveTime = polled,
                    Last = Parse(row[7]),
                    Conditions = Conditions(row[9], row[10]),
                });
            }
        }

        // A stable order: what is received at the same time keeps the order of the tape.
        return [.. observations.OrderBy(observation => observation.ReceiveTime)];
    }

    private static Price Parse(string text)
    {
        Price.TryFromE8((long)(decimal.Parse(text, CultureInfo.InvariantCulture) * Price.One), out var price);
        return price;
    }

    private static ConditionFlags Conditions(string mask, string suspicious)
    {
        var bits = mask.Length == 0 ? 0 : int.Parse(mask, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var conditions = ConditionFlags.None;
        if ((bits & 0x200) != 0) conditions |= ConditionFlags.DerivativelyPriced;
        if ((bits & 0x2000) != 0) conditions |= ConditionFlags.ExtendedHours;
        if ((bits & ~0x2000_2221) != 0) conditions |= ConditionFlags.UnknownCode;
        if (suspicious == "1") conditions |= ConditionFlags.Suspicious;
        return conditions;
    }

    public static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "OracleNode.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"No OracleNode.sln above {AppContext.BaseDirectory}.");
    }
}
