using System.Globalization;
using System.Text;
using NodaTime.Text;

namespace OracleNode.VendorServers.Halts;

/// <summary>NYSE's CSV: names with doubled quotes, and a resumed halt twice, without its resumption and with it.</summary>
internal sealed class NyseServer() : HaltListServer("nyse", "/api/trade-halts/current/download", "text/csv")
{
    private static readonly LocalDateTimePattern Date = LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd");
    private static readonly LocalDateTimePattern Time = LocalDateTimePattern.CreateWithInvariantCulture("HH':'mm':'ss");

    protected override string Write(IReadOnlyList<HaltRow> rows)
    {
        var text = new StringBuilder("Halt Date,Halt Time,Symbol,Name,Exchange,Reason,Resume Date,NYSE Resume Time\r\n");
        foreach (var row in rows)
        {
            var at = Local(row.HaltedAt);
            var begin = string.Create(CultureInfo.InvariantCulture, $"{Date.Format(at)},{Time.Format(at)},{row.Symbol},\"The \"\"{row.Symbol}\"\" Company, Inc.\",{row.Market},{row.Reason},");
            text.Append(begin).Append(",\r\n");
            if (row.ResumesAt is not { } resumes) continue;
            text.Append(begin).Append(Date.Format(Local(resumes))).Append(',').Append(Time.Format(Local(resumes))).Append("\r\n");
        }

        return text.ToString();
    }
}
