namespace OracleNode.Scenarios;

/// <summary>What <c>expect.json</c> says; the page for people is <c>README.md</c> beside this.</summary>
internal sealed record ExpectationFile
{
    /// <summary>The row, e.g. A-01.</summary>
    public required string Row { get; init; }

    /// <summary>What happened.</summary>
    public required string Title { get; init; }

    /// <summary>What the node must do, in a sentence.</summary>
    public required string Must { get; init; }

    public required IReadOnlyList<Expectation> Expect { get; init; }

    /// <summary>Configurations that must be refused.</summary>
    public IReadOnlyList<RefusedConfiguration> Refuses { get; init; } = [];
}

/// <summary>An overlay that the node must not start with.</summary>
internal sealed record RefusedConfiguration
{
    /// <summary>File in the scenario's folder, laid over its configuration.</summary>
    public required string File { get; init; }

    /// <summary>Text that the complaint contains.</summary>
    public required string Because { get; init; }
}

/// <summary>
/// One statement about a moment (<see cref="At"/>) or a span (<see cref="From"/>, <see cref="To"/>; left out: the whole run). All that it says must
/// hold; alternatives are separated by <c>|</c>.
/// </summary>
internal sealed record Expectation
{
    public string? Note { get; init; }

    /// <summary>A feed's name, or * for every share.</summary>
    public string Feed { get; init; } = "*";

    public string? At { get; init; }
    public string? From { get; init; }
    public string? To { get; init; }

    /// <summary>Once in the span is enough; otherwise it must hold at every tick of it.</summary>
    public bool Sometime { get; init; }

    public string? State { get; init; }
    public string? Reason { get; init; }

    /// <summary>Flags that must all be there.</summary>
    public string? Holds { get; init; }

    public string? Halt { get; init; }
    public string? Session { get; init; }
    public string? Closed { get; init; }

    /// <summary>Lowest and highest price.</summary>
    public IReadOnlyList<decimal>? Price { get; init; }

    /// <summary>A token's multiplier, in the decisions and in every record that a chain stores in the span.</summary>
    public string? Multiplier { get; init; }

    /// <summary>True: price and observedAt stay as they are at the span's first tick.</summary>
    public bool Frozen { get; init; }

    /// <summary>By source: what became of its word.</summary>
    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>();

    /// <summary>Least and, when there is a second number, most rounds in the span, on every chain.</summary>
    public IReadOnlyList<int>? Rounds { get; init; }

    /// <summary>The same of attestations.</summary>
    public IReadOnlyList<int>? Attestations { get; init; }

    /// <summary>Prices that are in no decision and no record.</summary>
    public IReadOnlyList<decimal> Never { get; init; } = [];

    /// <summary>By source: why one of its words was refused on arrival, at least once in the span.</summary>
    public IReadOnlyDictionary<string, string> Rejected { get; init; } = new Dictionary<string, string>();

    /// <summary>Least and, when there is a second number, most alarms in the span.</summary>
    public IReadOnlyList<int>? Alarms { get; init; }

    /// <summary>True when it is about what the feeds say at ticks.</summary>
    public bool IsOfTicks =>
        State is not null || Reason is not null || Holds is not null || Halt is not null || Session is not null || Closed is not null || Price is not null || Multiplier is not null
        || Frozen || Inputs.Count > 0 || Never.Count > 0;
}
