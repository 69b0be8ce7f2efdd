using System.Text.Json.Nodes;
using NSec.Cryptography;

namespace OracleNode.Updates;

public class GoldenVectorsTests
{
    private static readonly string File = RepositoryFiles.Path("tests", "vectors", "batches.json");

    [Fact]
    public void Vectors_BuiltAgain_AreTheCommittedBytes()
    {
        var text = GoldenVectors.ToText(GoldenVectors.Build());
        if (Environment.GetEnvironmentVariable("ORACLENODE_WRITE_VECTORS") == "1") System.IO.File.WriteAllText(File, text);

        Assert.Equal(System.IO.File.ReadAllText(File), text);
    }

    [Fact]
    public void EveryGoodRecord_Decoded_EncodesToItself()
    {
        foreach (var record in Read()["records"]!.AsArray())
        {
            var bytes = Bytes(record!["encoded"]);
            Assert.Equal(RecordError.None, RecordCodec.TryDecode(bytes, out var decoded));
            var again = new byte[RecordCodec.LengthOf(decoded)];
            Assert.Equal(RecordError.None, RecordCodec.TryEncode(decoded, again));
            Assert.Equal(bytes, again);
        }
    }

    [Fact]
    public void EveryBadRecord_Decoded_IsRefused()
    {
        foreach (var record in Read()["badRecords"]!.AsArray())
        {
            var error = RecordCodec.TryDecode(Bytes(record!["encoded"]), out _);
            Assert.NotEqual(RecordError.None, error);
            Assert.Equal((string?)record["error"], error.ToString());
        }
    }

    [Fact]
    public void EveryRun_Decoded_LeadsToTheSignedMessage()
    {
        foreach (var batch in Read()["batches"]!.AsArray())
        {
            var key = PublicKey.Import(SignatureAlgorithm.Ed25519, Bytes(batch!["publicKey"]), KeyBlobFormat.RawPublicKey);
            foreach (var run in batch["runs"]!.AsArray())
            {
                Assert.Equal(EnvelopeError.None, DecodedEnvelope.TryDecode(Bytes(run!["envelope"]), out var envelope));
                var message = new byte[BatchMessage.Length];
                BatchMessage.Write(envelope!.Header, message);
                Assert.Equal(Bytes(batch["message"]), message);
                Assert.True(SignatureAlgorithm.Ed25519.Verify(key, message, envelope.Signatures[0].Signature));
            }
        }
    }

    [Fact]
    public void EveryBadEnvelope_Verified_IsRefused()
    {
        var vectors = Read();
        var key = PublicKey.Import(SignatureAlgorithm.Ed25519, Bytes(vectors["keys"]![0]!["publicKey"]), KeyBlobFormat.RawPublicKey);
        var deployment = Convert.ToUInt64((string)vectors["deployment"]!["id"]!, 16);
        foreach (var bad in vectors["badEnvelopes"]!.AsArray())
        {
            var error = DecodedEnvelope.TryDecode(Bytes(bad!["envelope"]), out var envelope);
            if (error != EnvelopeError.None) continue;

            var message = new byte[BatchMessage.Length];
            BatchMessage.Write(envelope!.Header, message);
            var accepted = envelope.Header.Deployment == deployment && SignatureAlgorithm.Ed25519.Verify(key, message, envelope.Signatures[0].Signature);
            Assert.False(accepted, (string?)bad["name"]);
        }
    }

    private static JsonNode Read() => JsonNode.Parse(System.IO.File.ReadAllText(File))!;

    private static byte[] Bytes(JsonNode? hex) => Convert.FromHexString(((string)hex!)[2..]);
}
