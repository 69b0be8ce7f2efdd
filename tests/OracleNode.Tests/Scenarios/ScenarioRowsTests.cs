namespace OracleNode.Scenarios;

/// <summary>Which incidents have a scenario: all of them.</summary>
public class ScenarioRowsTests
{
    /// <summary>Every incident of the list's sections on the tape, the calendar, feed faults, tokens and delivery.</summary>
    private static readonly string[] Rows =
    [
        "A-01", "A-03", "A-04", "A-05", "A-07", "A-09", "A-10", "A-11", "A-12", "A-14", "A-15",
        "B-01", "B-03", "B-04", "B-05", "B-07", "B-09", "B-11", "B-12", "B-13", "B-14", "B-15", "B-16",
        "C-01", "C-03", "C-04", "C-06", "C-07", "C-08", "C-09", "C-11", "C-12",
        "D-01", "D-02", "D-03", "D-04", "D-08", "D-09", "D-10", "D-12", "D-13", "D-14", "D-15", "D-16", "D-17", "D-18",
        "E-01", "E-03", "E-04", "E-05", "E-07", "E-08",
        "F-01", "F-03", "F-04", "F-05", "F-06", "F-07", "F-08",
    ];

    [Fact]
    public void EveryRow_OfTheList_HasAFolder()
    {
        var folders = Scenario.Names.Select(RowOf).ToHashSet(StringComparer.Ordinal);
        Assert.Equal([], Rows.Where(r => !folders.Contains(r)));
        Assert.Equal([], folders.Where(f => !Rows.Contains(f)));
    }

    [Fact]
    public void EveryFolder_NamesItsOwnRow() => Assert.All(Scenario.Names, name => Assert.Equal(RowOf(name), Scenario.ReadExpectation(name).Row));

    private static string RowOf(string folder) => folder.Length < 5 ? folder : folder[..4];
}
