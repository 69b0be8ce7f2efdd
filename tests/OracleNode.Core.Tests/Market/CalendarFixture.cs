using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace OracleNode.Market;

/// <summary>The shipped calendar, and short ways to name an instant.</summary>
internal static class CalendarFixture
{
    public static readonly byte[] Json = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Calendars", "us-equities.json"));

    public static readonly TradingCalendar UsEquities = TradingCalendar.Parse(Json);

    public static readonly DateTimeZone NewYorkZone = DateTimeZoneProviders.Tzdb["America/New_York"];

    private static readonly LocalDateTimePattern Pattern = LocalDateTimePattern.Create("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>An instant by New York's clock: <c>yyyy-MM-dd HH:mm</c>, seconds optional.</summary>
    public static Instant NewYork(string text) =>
        Pattern.Parse(text.Length == 16 ? text + ":00" : text).Value.InZoneStrictly(NewYorkZone).ToInstant();

    public static Instant Utc(string text) => InstantPattern.General.Parse(text).Value;
}
