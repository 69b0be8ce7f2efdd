using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using NodaTime.Text;
using OracleNode.Market;
using OracleNode.Tokens;
using OracleNode.Updates;

namespace OracleNode.Configuration;

/// <summary>
/// All of the configuration that bears on a price (sources, feeds, every rule with its effective value), as one JSON text, and the keccak256 of
/// it that goes into the evidence. No secret is in it.
/// </summary>
/// <param name="Hash">keccak256 of <paramref name="Json"/>.</param>
/// <param name="Json">The text, UTF-8.</param>
internal sealed record SettingsDigest(Hash32 Hash, byte[] Json)
{
    private static readonly JsonSerializerOptions Options = new() { Converters = { new DurationConverter(), new InstantConverter(), new JsonStringEnumConverter() } };

    public static SettingsDigest Of(NodeSettings settings)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(new Bearing(settings.Sources, settings.Feeds, settings.Tokens), Options);
        Span<byte> hash = stackalloc byte[Hash32.Length];
        Keccak256.Hash(json, hash);
        return new SettingsDigest(new Hash32(hash), json);
    }

    private sealed record Bearing(IReadOnlyList<Source> Sources, IReadOnlyList<FeedSettings> Feeds, IReadOnlyList<TokenDefinition> Tokens);

    private sealed class InstantConverter : JsonConverter<Instant>
    {
        public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => InstantPattern.ExtendedIso.Parse(reader.GetString() ?? "").GetValueOrThrow();

        public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) => writer.WriteStringValue(InstantPattern.ExtendedIso.Format(value));
    }

    private sealed class DurationConverter : JsonConverter<Duration>
    {
        public override Duration Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Duration.FromNanoseconds(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, Duration value, JsonSerializerOptions options) => writer.WriteNumberValue(value.ToInt64Nanoseconds());
    }
}
