using System.Text;
using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Vendors;

namespace OracleNode.Configuration;

/// <summary>From what an operator wrote of a feed that is made from others to its rules.</summary>
internal static class DerivedSettingsFactory
{
    /// <summary>A wrapper's rules; every error names key, value and what would be right.</summary>
    public static WrapperSettings? Create(WrapperFeedOptions o, string path, List<string> errors)
    {
        var before = errors.Count;
        if (!Multiplier.TryParse(Encoding.UTF8.GetBytes(o.SnapshotRate), out var rate))
            errors.Add($"{path}:SnapshotRate = '{o.SnapshotRate}': must be the raw tokens per share that you read and checked at SnapshotAt, like 1.0025 with at most 18 decimals.");
        if (!Rfc3339.TryParse(Encoding.UTF8.GetBytes(o.SnapshotAt), out var at))
            errors.Add($"{path}:SnapshotAt = '{o.SnapshotAt}': must be when SnapshotRate was read, like 2026-06-01T00:00:00Z. The two belong together and change together.");
        if (errors.Count > before) return null;
        var settings = new WrapperSettings { Formula = o.Formula, SnapshotRate = rate, SnapshotAt = at, MayFall = o.MayFall, CodeHash = o.CodeHash };
        settings = settings with
        {
            MaxYearlyGrowthBps = o.MaxYearlyGrowthBps ?? settings.MaxYearlyGrowthBps,
            MaxStepBps = o.MaxStepBps ?? settings.MaxStepBps,
            RateMaxAge = o.RateMaxAge is { } age ? Duration.FromTimeSpan(age) : settings.RateMaxAge,
        };
        return Checked(settings, settings.Check(), path, errors);
    }

    /// <summary>A ratio feed's rules.</summary>
    public static ReserveSettings? Create(ReserveFeedOptions o, string path, List<string> errors)
    {
        var settings = new ReserveSettings();
        settings = settings with
        {
            MaxAge = o.MaxAge is { } age ? Duration.FromTimeSpan(age) : settings.MaxAge,
            ImplausibleRatioBps = o.ImplausibleRatioBps ?? settings.ImplausibleRatioBps,
        };
        return Checked(settings, settings.Check(), path, errors);
    }

    private static T? Checked<T>(T settings, IReadOnlyList<string> problems, string path, List<string> errors) where T : class
    {
        foreach (var problem in problems) errors.Add($"{path}: {problem}");
        return problems.Count == 0 ? settings : null;
    }
}
