using System.Globalization;
using System.Text;
using NodaTime;
using NodaTime.Text;

namespace OracleNode.VendorServers.Halts;

/// <summary>Nasdaq Trader's RSS: <c>pubDate</c> at midnight of the day, times of New York, some with a space before the fraction, an HTML table as description.</summary>
internal sealed class NasdaqTraderServer() : HaltListServer("nasdaq-trader", "/rss.aspx", "text/xml; charset=utf-8")
{
    private static readonly LocalDateTimePattern Date = LocalDateTimePattern.CreateWithInvariantCulture("MM'/'dd'/'uuuu");
    private static readonly LocalDateTimePattern Time = LocalDateTimePattern.CreateWithInvariantCulture("HH':'mm':'ss '.'fff");
    private static readonly LocalDateTimePattern Whole = LocalDateTimePattern.CreateWithInvariantCulture("HH':'mm':'ss");

    protected override string Write(IReadOnlyList<HaltRow> rows)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xmlns:ndaq=\"http://www.nasdaqtrader.com/\">\n<channel><title>NASDAQTrader.com</title><ndaq:numItems>{rows.Count}</ndaq:numItems>\n");
        foreach (var row in rows) Append(text, row);
        return text.Append("</channel></rss>\n").ToString();
    }

    private static void Append(StringBuilder text, HaltRow row)
    {
        var at = Local(row.HaltedAt);
        text.Append(CultureInfo.InvariantCulture, $"<item><title>{row.Symbol}</title><pubDate>{at.Date:ddd, dd MMM uuuu} 04:00:00 GMT</pubDate>");
        text.Append(CultureInfo.InvariantCulture, $"<ndaq:HaltDate>{Date.Format(at)}</ndaq:HaltDate><ndaq:HaltTime>{Time.Format(at)}</ndaq:HaltTime>");
        text.Append(CultureInfo.InvariantCulture, $"<ndaq:IssueSymbol>{row.Symbol}</ndaq:IssueSymbol><ndaq:IssueName>{row.Symbol} Inc.</ndaq:IssueName><ndaq:Market>{row.Market}</ndaq:Market><ndaq:ReasonCode>{row.Reason}</ndaq:ReasonCode><ndaq:PauseThresholdPrice />");
        if (row.ResumesAt is { } resumes)
        {
            var local = Local(resumes);
            text.Append(CultureInfo.InvariantCulture, $"<ndaq:ResumptionDate>{Date.Format(local)}</ndaq:ResumptionDate><ndaq:ResumptionQuoteTime>{Whole.Format(local)}</ndaq:ResumptionQuoteTime><ndaq:ResumptionTradeTime>{Whole.Format(local)}</ndaq:ResumptionTradeTime>");
        }
        else
        {
            text.Append("<ndaq:ResumptionDate /><ndaq:ResumptionQuoteTime /><ndaq:ResumptionTradeTime />");
        }

        text.Append(CultureInfo.InvariantCulture, $"<description><![CDATA[<table><tr><td>{row.Symbol}</td></tr></table>]]></description></item>\n");
    }
}
