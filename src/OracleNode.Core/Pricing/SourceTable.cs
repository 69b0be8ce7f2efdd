using OracleNode.Market;

namespace OracleNode.Pricing;

/// <summary>The sources of one feed and the upstreams they belong to, each with a dense place of its own.</summary>
internal sealed class SourceTable
{
    private const int MaxSources = 255;
    private const int MaxSourceIndex = 65_535;

    private readonly int[] _slotOfSource;
    private readonly SourceState[] _sources;

    /// <exception cref="ArgumentException">More than 255 sources, a repeated or negative id, or an unreasonable one.</exception>
    public SourceTable(IReadOnlyList<Source> sources)
    {
        if (sources.Count > MaxSources)
            throw new ArgumentException($"A feed has at most {MaxSources} sources, not {sources.Count}.", nameof(sources));

        var highest = -1;
        foreach (var source in sources)
        {
            if (source.Id.Index is < 0 or > MaxSourceIndex || source.Upstream.Index < 0)
                throw new ArgumentException($"Source {source.Name} has the id {source.Id.Index} and upstream {source.Upstream.Index}; ids are 0 to {MaxSourceIndex}.", nameof(sources));
            highest = int.Max(highest, source.Id.Index);
        }

        _slotOfSource = new int[highest + 1];
        Array.Fill(_slotOfSource, -1);
        _sources = new SourceState[sources.Count];
        var upstreams = new List<UpstreamId>();
        for (var slot = 0; slot < sources.Count; slot++)
        {
            var source = sources[slot];
            if (_slotOfSource[source.Id.Index] >= 0)
                throw new ArgumentException($"Source id {source.Id.Index} ({source.Name}) is used twice.", nameof(sources));
            _slotOfSource[source.Id.Index] = slot;
            var upstreamSlot = upstreams.IndexOf(source.Upstream);
            if (upstreamSlot < 0)
            {
                upstreamSlot = upstreams.Count;
                upstreams.Add(source.Upstream);
            }

            _sources[slot] = new SourceState(source, upstreamSlot);
        }

        UpstreamCount = upstreams.Count;
    }

    /// <summary>Number of distinct upstreams.</summary>
    public int UpstreamCount { get; }

    /// <summary>Every source, in the order given.</summary>
    public ReadOnlySpan<SourceState> Sources => _sources;

    /// <summary>The source; null when it is not one of this feed.</summary>
    public SourceState? Find(SourceId id)
    {
        if (id.Index < 0 || id.Index >= _slotOfSource.Length) return null;
        var slot = _slotOfSource[id.Index];
        return slot < 0 ? null : _sources[slot];
    }

    /// <summary>The source of an observation; null when it is not one of this feed or claims another upstream than it is configured with.</summary>
    public SourceState? Find(SourceId id, UpstreamId claimed)
    {
        var state = Find(id);
        return state is not null && state.Source.Upstream == claimed ? state : null;
    }

    /// <summary>Which sources may vote under the rules of a session.</summary>
    public bool[] AllowedIn(SessionPricing pricing)
    {
        var allowed = new bool[_sources.Length];
        for (var slot = 0; slot < allowed.Length; slot++)
            allowed[slot] = pricing.AllowedSources is null || pricing.AllowedSources.Contains(_sources[slot].Source.Id);
        return allowed;
    }

    /// <summary>By upstream: has it an allowed source.</summary>
    public bool[] UpstreamsOf(bool[] allowed)
    {
        var upstreams = new bool[UpstreamCount];
        for (var slot = 0; slot < allowed.Length; slot++) upstreams[_sources[slot].UpstreamSlot] |= allowed[slot];
        return upstreams;
    }
}
