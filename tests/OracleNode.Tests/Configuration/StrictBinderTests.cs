using Microsoft.Extensions.Configuration;

namespace OracleNode.Configuration;

public class StrictBinderTests
{
    private sealed class Outer
    {
        public string Name { get; set; } = "";
        public int Count { get; set; } = 7;
        public byte Small { get; set; }
        public bool Flag { get; set; }
        public TimeSpan Period { get; set; }
        public TimeSpan? Optional { get; set; }
        public DayOfWeek Day { get; set; }
        public Inner Inner { get; set; } = new();
        public List<Inner> Many { get; set; } = [];
        public List<string> Words { get; set; } = [];
    }

    private sealed class Inner
    {
        public long Value { get; set; }
    }

    [Fact]
    public void EveryKindOfValue_Bound_IsRead()
    {
        var (outer, errors) = Bind(new()
        {
            ["Name"] = "x",
            ["count"] = "3",
            ["Small"] = "255",
            ["Flag"] = "True",
            ["Period"] = "00:00:00.2500000",
            ["Optional"] = "00:01:00",
            ["Day"] = "Friday",
            ["Inner:Value"] = "-5",
            ["Many:0:Value"] = "1",
            ["Many:10:Value"] = "3",
            ["Many:2:Value"] = "2",
            ["Words:0"] = "a",
            ["Words:1"] = "b",
        });

        Assert.Empty(errors);
        Assert.Equal(("x", 3, (byte)255, true, TimeSpan.FromMilliseconds(250), DayOfWeek.Friday), (outer.Name, outer.Count, outer.Small, outer.Flag, outer.Period, outer.Day));
        Assert.Equal(TimeSpan.FromMinutes(1), outer.Optional);
        Assert.Equal(-5, outer.Inner.Value);
        Assert.Equal([1, 2, 3], outer.Many.Select(m => m.Value));
        Assert.Equal(["a", "b"], outer.Words);
    }

    [Fact]
    public void LeftOutKey_Bound_KeepsItsDefault() => Assert.Equal(7, Bind([]).Outer.Count);

    [Fact]
    public void ManyErrors_Bound_AreAllReportedWithKeyAndWhatWouldBeRight()
    {
        var (_, errors) = Bind(new()
        {
            ["Nmae"] = "secret",
            ["Count"] = "many",
            ["Small"] = "256",
            ["Flag"] = "yes",
            ["Period"] = "5",
            ["Day"] = "5",
            ["Inner"] = "1",
            ["Many:0:Valeu"] = "1",
            ["Many:x:Value"] = "1",
            ["Words:0:Deep"] = "1",
        });

        Assert.Equal(10, errors.Count);
        Assert.Contains(errors, e => e.StartsWith("Root:Nmae", StringComparison.Ordinal) && e.Contains("Known here: Count") && !e.Contains("secret"));
        Assert.Contains("Root:Count = 'many': must be a whole number from -2147483648 to 2147483647.", errors);
        Assert.Contains("Root:Small = '256': must be a whole number from 0 to 255.", errors);
        Assert.Contains("Root:Flag = 'yes': must be true or false.", errors);
        Assert.Contains(errors, e => e.StartsWith("Root:Period = '5': must be a time span", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("Root:Day = '5': must be one of Sunday", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("Root:Inner = '1': must be a section", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("Root:Many:0:Valeu", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("Root:Many:x", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("Root:Words:0", StringComparison.Ordinal));
    }

    private static (Outer Outer, List<string> Errors) Bind(Dictionary<string, string?> values)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(v => "Root:" + v.Key, v => v.Value)).Build();
        var errors = new List<string>();
        return (StrictBinder.Bind<Outer>(configuration.GetSection("Root"), errors), errors);
    }
}
