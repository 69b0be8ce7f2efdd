using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace OracleNode.Market;

/// <summary>The shipped calendar, and short ways to name an instant.</summary>
internal static class CalendarFixture
{
    public static readonly byte[] Json = Shipped("us-equities.json");

    public static readonly TradingCalendar Listed = TradingCalendar.Parse(Json);

    public static readonly TradingCalendar Overnight = TradingCalendar.Parse(Shipped("us-overnight.json"));

    public static readonly TradingCalendar AlwaysOpen = TradingCalendar.Parse(Shipped("always-open.json"));

    /// <summary>What a share trades by: the listing market and the overnight venue.</summary>
    public static readonly TradingCalendar UsEquities = TradingCalendar.Combine(Listed, Overnight);

    public static readonly DateTimeZone NewYorkZone = DateTimeZoneProviders.Tzdb["America/New_York"];

    private static readonly LocalDateTimePattern Pattern = LocalDateTimePattern.Create("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>An instant by New York's clock: <c>yyyy-MM-dd HH:mm</c>, seconds optional.</summary>
    public static Instant NewYork(string text) =>
        Pattern.Parse(text.Length == 16 ? text + ":00" : text).Value.InZoneStrictly(NewYorkZone).ToInstant();

    private static byte[] Shipped(string file) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Calendars", file));

    public static Instant Utc(string text) => InstantPattern.General.Parse(text).Value;
}
