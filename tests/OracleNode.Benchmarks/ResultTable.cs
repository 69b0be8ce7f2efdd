using System.Globalization;

namespace OracleNode;

/// <summary>What was measured, in rows that fit in a note.</summary>
internal sealed class ResultTable
{
    private readonly List<string[]> _rows = [["what", "median", "per unit", "allocated", "budget"]];

    /// <param name="what">What was measured.</param>
    /// <param name="median">The figure with its unit.</param>
    /// <param name="perUnit">The same per observation or record, or empty.</param>
    /// <param name="allocated">Bytes, or empty where it says nothing.</param>
    /// <param name="budget">What it may be, and whether it is; empty where none is set.</param>
    public void Add(string what, string median, string perUnit = "", string allocated = "", string budget = "") =>
        _rows.Add([what, median, perUnit, allocated, budget]);

    public void Print(TextWriter output)
    {
        var widths = Enumerable.Range(0, _rows[0].Length).Select(c => _rows.Max(r => r[c].Length)).ToArray();
        output.WriteLine();
        for (var i = 0; i < _rows.Count; i++)
        {
            output.WriteLine("| " + string.Join(" | ", _rows[i].Select((cell, c) => cell.PadRight(widths[c]))) + " |");
            if (i == 0) output.WriteLine("|" + string.Join("|", widths.Select(w => new string('-', w + 2))) + "|");
        }
    }

    /// <summary>A duration in the unit in which it reads well.</summary>
    public static string Time(double nanoseconds) => nanoseconds switch
    {
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:F0} ns"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1_000:F2} us"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1_000_000:F2} ms"),
    };

    public static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Verdict(string budget, bool met) => $"{budget}: {(met ? "met" : "MISSED")}";
}
