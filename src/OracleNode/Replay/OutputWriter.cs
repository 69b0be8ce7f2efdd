using System.Buffers;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pricing;
using OracleNode.Updates;

namespace OracleNode.Replay;

/// <summary>Writes a replay's output as JSON Lines. The same entries give the same bytes.</summary>
internal sealed class OutputWriter : IDisposable
{
    private readonly IReadOnlyList<Source> _sources;
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _json;

    public OutputWriter(IReadOnlyList<Source> sources)
    {
        _sources = sources;
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
    }

    public void Dispose() => _json.Dispose();

    /// <summary>One line, its end included; valid until the next one.</summary>
    public ReadOnlySpan<byte> Line(OutputEntry entry)
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        Time("t"u8, entry.Time);
        _json.WriteString("kind"u8, NameOf(entry.Kind));
        Text("feed"u8, entry.Feed);
        Text("chain"u8, entry.Chain);
        if (entry.Sequence is { } sequence) _json.WriteNumber("sequence"u8, sequence);
        Text("input"u8, entry.Input);
        Text("source"u8, entry.Source);
        Text(entry.Kind == OutputKind.InputRejected ? "reason"u8 : "message"u8, entry.Message);
        if (entry.From is { } from) _json.WriteString("from"u8, from.ToString());
        if (entry.Record is { } record) WriteRecord(record);
        if (entry.Decision is { } decision) WriteDecision(decision, withPrice: entry.Record is null);
        _json.WriteEndObject();
        _json.Flush();
        _buffer.Write("\n"u8);
        return _buffer.WrittenSpan;
    }

    private static ReadOnlySpan<byte> NameOf(OutputKind kind) => kind switch
    {
        OutputKind.Round => "round"u8,
        OutputKind.Attestation => "attestation"u8,
        OutputKind.State => "state"u8,
        OutputKind.Alarm => "alarm"u8,
        OutputKind.InputRejected => "input-rejected"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "An entry has a kind."),
    };

    private void WriteRecord(in FeedRecord record)
    {
        Price("price"u8, record.Price);
        Price("confidence"u8, Of(record.ConfidenceE8));
        Price("bid"u8, record.Bid);
        Price("ask"u8, record.Ask);
        Price("ema"u8, record.Ema);
        Time("observedAt"u8, Instant.FromUnixTimeMilliseconds(record.ObservedAtUnixMillis));
        if (record.NextChangeAtUnixSeconds != 0) Time("nextChangeAt"u8, Instant.FromUnixTimeSeconds(record.NextChangeAtUnixSeconds));
        _json.WriteNumber("maxAgeSeconds"u8, record.MaxAgeSeconds);
        _json.WriteNumber("sourcesUsed"u8, record.SourcesUsed);
        _json.WriteNumber("sourcesRejected"u8, record.SourcesRejected);
        _json.WriteNumber("upstreams"u8, record.Upstreams);
        if (record.Token is { } token)
        {
            _json.WriteString("multiplier"u8, token.Multiplier.ToString());
            if (!token.NextMultiplier.IsNone) _json.WriteString("nextMultiplier"u8, token.NextMultiplier.ToString());
            if (token.ActivationUnixSeconds != 0) Time("activation"u8, Instant.FromUnixTimeSeconds(token.ActivationUnixSeconds));

            Price("underlying"u8, token.Underlying);
        }

        Span<byte> bytes = stackalloc byte[RecordCodec.TokenLength];
        var length = RecordCodec.LengthOf(record);
        var error = RecordCodec.TryEncode(record, bytes[..length]);
        if (error != RecordError.None) throw new ArgumentException($"A record that no chain could hold: {error}.", nameof(record));
        _json.WriteString("record"u8, Convert.ToHexStringLower(bytes[..length]));
    }

    private void WriteDecision(OutputDecision decision, bool withPrice)
    {
        _json.WriteString(withPrice ? "to"u8 : "state"u8, decision.State.ToString());
        _json.WriteString("reason"u8, decision.Reason.ToString());
        _json.WriteStartArray("holds"u8);
        for (var bit = 1u; bit <= (uint)HoldReasons.Configuration; bit <<= 1)
            if (((uint)decision.Holds & bit) != 0)
                _json.WriteStringValue(((HoldReasons)bit).ToString());
        _json.WriteEndArray();
        _json.WriteString("halt"u8, decision.Halt.ToString());
        _json.WriteString("session"u8, decision.Session.ToString());
        if (decision.Closed != ClosedReason.None) _json.WriteString("closed"u8, decision.Closed.ToString());
        if (withPrice && !decision.Price.IsNone)
        {
            Price("price"u8, decision.Price);
            Time("observedAt"u8, decision.ObservedAt!.Value);
        }

        if (withPrice && !decision.Measured.IsNone)
        {
            Price("measured"u8, decision.Measured);
            _json.WriteNumber("moveBps"u8, decision.MeasuredMoveBps);
        }

        if (withPrice && decision.Redundancy != RedundancyLevel.None) _json.WriteString("redundancy"u8, decision.Redundancy.ToString());
        _json.WriteStartArray("inputs"u8);
        foreach (var input in decision.Inputs) WriteInput(input);
        _json.WriteEndArray();
    }

    private void WriteInput(in InputVerdict input)
    {
        _json.WriteStartObject();
        _json.WriteString("source"u8, _sources[input.Source.Index].Name);
        _json.WriteString("reason"u8, input.Reason.ToString());
        if (input.Kind != ObservationKind.None)
        {
            _json.WriteString("kind"u8, input.Kind.ToString());
            Price("value"u8, input.Value);
            Price("bid"u8, input.Bid);
            Price("ask"u8, input.Ask);
            Time("at"u8, input.EventTime);
        }

        _json.WriteEndObject();
    }

    private void Text(ReadOnlySpan<byte> key, string? text)
    {
        if (text is not null) _json.WriteString(key, text);
    }

    private void Time(ReadOnlySpan<byte> key, Instant at) => _json.WriteString(key, InstantPattern.ExtendedIso.Format(at));

    private static Price Of(long e8)
    {
        Market.Price.TryFromE8(e8, out var price);
        return price;
    }

    private void Price(ReadOnlySpan<byte> key, Price price)
    {
        if (price.IsNone) return;
        Span<byte> text = stackalloc byte[Market.Price.MaxFormattedLength];
        price.TryFormat(text, out var length);
        _json.WriteString(key, text[..length]);
    }
}
