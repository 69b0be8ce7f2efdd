using System.Text;
using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>The table is what runs, and what the README shows. To write the README anew: <c>ORACLENODE_UPDATE_DOCS=1</c>.</summary>
public class GuardTableTests
{
    private const string Begin = "<!-- guards: begin -->\n";
    private const string End = "<!-- guards: end -->";

    [Fact]
    public void Readme_ShowsTheTable()
    {
        var path = Path.Combine(RecordedDay.RepositoryRoot(), "src/OracleNode.Core/Guards/README.md");
        var text = File.ReadAllText(path);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("ORACLENODE_UPDATE_DOCS") == "1") File.WriteAllText(path, text[..begin] + Markdown() + text[end..]);
        else Assert.Equal(Markdown(), text[begin..end]);
    }

    [Fact]
    public void Table_NamesEveryReasonThatIsNoPass()
    {
        var named = GuardTable.Rows.SelectMany(row => row.Reasons).ToHashSet();
        var passes = new[] { DecisionReason.None, DecisionReason.Accepted, DecisionReason.JumpConfirmed, DecisionReason.JumpEvidenced, DecisionReason.BandLapsed, DecisionReason.ActionAccepted, DecisionReason.ActionConfirmed, DecisionReason.BasisStands, DecisionReason.OffPeg, DecisionReason.OfficialPrice, DecisionReason.Indicated, DecisionReason.IndicationCapped };
        Assert.Equal(Enum.GetValues<DecisionReason>().Except(passes).Order(), named.Order());
    }

    [Fact]
    public void Table_UsesEveryFlag()
    {
        var used = GuardTable.Rows.Aggregate(HoldReasons.None, (all, row) => all | row.Flags);
        Assert.Equal(Enum.GetValues<HoldReasons>().Aggregate((all, flag) => all | flag), used);
    }

    [Fact]
    public void Rules_AreThereForAllButWhatFollowsAnotherFeed() =>
        Assert.All(GuardTable.Rows, row => Assert.Equal(row.Phase >= GuardPhase.Token, row.Judge is null));

    /// <summary>What a feed decided, against the table: reason, flags and state belong together.</summary>
    internal static void AssertExplained(FeedDecision decision)
    {
        if (decision.IsFresh) return;
        var rows = GuardTable.Rows.Where(row => row.Phase < GuardPhase.Token).ToArray();
        var deciding = rows.First(row => row.Reasons.Contains(decision.Reason));

        // In a corporate action everything that stands against the price is shown.
        if (decision.Reason is >= DecisionReason.ActionAccepted and <= DecisionReason.ActionPriceDeviates)
        {
            Assert.Equal((FeedState.Paused, HoldReasons.CorporateAction), (decision.State, decision.HoldReasons & HoldReasons.CorporateAction));
            return;
        }

        var flags = deciding.Phase == GuardPhase.Price
            ? rows.Where(row => row.Phase == GuardPhase.Price).Aggregate(HoldReasons.None, (all, row) => all | row.Flags)
            : deciding.Flags;
        Assert.Equal(HoldReasons.None, decision.HoldReasons & ~flags);
        var expected = deciding.Asks switch
        {
            GuardOutcome.Close => FeedState.Closed,
            GuardOutcome.Reopen => FeedState.Reopening,
            GuardOutcome.Pause => FeedState.Paused,
            _ => FeedState.Held,
        };
        Assert.Equal(decision.Reason == DecisionReason.StoppedOnChain && decision.State == FeedState.Retired ? FeedState.Retired : expected, decision.State);
    }

    private static string Markdown()
    {
        var text = new StringBuilder("| | guard | when it applies | what it measures | asks for | flag | reason | exit |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var row in GuardTable.Rows)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"| {row.Phase} | {row.Name} | {row.Applies} | {row.Measures} | {row.Asks} | {row.Flags} | {string.Join(", ", row.Reasons)} | {row.Exit} |\n");
        }

        return text.ToString();
    }
}
