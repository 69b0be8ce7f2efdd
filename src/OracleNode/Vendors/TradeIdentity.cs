namespace OracleNode.Vendors;

/// <summary>
/// A print's id as one number: ids are unique only with the market (and reporting facility) they come from, and come as digits or text, so all of them go
/// into a 64-bit FNV-1a hash. Two prints of one instrument among the few that are remembered never meet by chance.
/// </summary>
public static class TradeIdentity
{
    private const ulong Offset = 14_695_981_039_346_656_037;
    private const ulong Prime = 1_099_511_628_211;

    /// <summary>The id; 0 when the vendor gives none.</summary>
    public static ulong Of(ReadOnlySpan<byte> id, ReadOnlySpan<byte> market, ReadOnlySpan<byte> facility = default)
    {
        if (id.IsEmpty) return 0;
        var hash = Mix(Mix(Mix(Offset, id), market), facility);
        return hash == 0 ? 1 : hash;
    }

    private static ulong Mix(ulong hash, ReadOnlySpan<byte> text)
    {
        foreach (var b in text) hash = unchecked((hash ^ b) * Prime);
        return unchecked((hash ^ 0xFF) * Prime);
    }
}
