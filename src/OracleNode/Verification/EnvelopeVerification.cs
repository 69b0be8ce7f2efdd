using System.Globalization;
using NSec.Cryptography;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Verification;

/// <summary>Verifies an envelope from its bytes alone: canonical form, proof, header, signatures.</summary>
internal static class EnvelopeVerification
{
    /// <summary>Adds a check for everything; the envelope when its bytes are one, though nothing about it need hold.</summary>
    /// <param name="deployment">Deployment it must be of; null when that is not known and not compared.</param>
    public static DecodedEnvelope? Verify(ReadOnlySpan<byte> bytes, ulong? deployment, SignerKeys keys, List<Check> checks)
    {
        var error = DecodedEnvelope.TryDecode(bytes, out var envelope);
        if (envelope is null)
        {
            checks.Add(new Check("envelope", false, $"{bytes.Length} bytes are no envelope: {Words(error)}"));
            return null;
        }

        var header = envelope.Header;
        checks.Add(new Check("envelope", true, string.Create(
            CultureInfo.InvariantCulture,
            $"{bytes.Length} bytes, canonical: records {envelope.First} to {envelope.First + envelope.Records.Count - 1} of {header.Count}, {envelope.Path.Count} path hashes, {envelope.Signatures.Count} signatures")));
        if (deployment is { } expected)
        {
            checks.Add(new Check("deployment", header.Deployment == expected, header.Deployment == expected ? $"{expected:x16}" : $"of deployment {header.Deployment:x16}, expected {expected:x16}"));
        }

        var late = envelope.Records.Count(r => r.ObservedAtUnixMillis > header.AttestedAtUnixMillis);
        checks.Add(new Check("observed before attested", late == 0, late == 0 ? "every record" : $"{late} of {envelope.Records.Count} records were observed after their attestation"));
        CheckSigners(envelope, keys, checks);
        return envelope;
    }

    /// <summary>The 47 bytes that the signatures are over.</summary>
    public static byte[] MessageOf(in BatchHeader header)
    {
        var message = new byte[BatchMessage.Length];
        BatchMessage.Write(header, message);
        return message;
    }

    private static void CheckSigners(DecodedEnvelope envelope, SignerKeys keys, List<Check> checks)
    {
        var header = envelope.Header;
        var sameEpoch = keys.Epoch is not { } epoch || epoch == header.Epoch;
        checks.Add(new Check(
            "signer set", sameEpoch && keys.Problem is null,
            keys.Problem ?? (sameEpoch ? $"epoch {header.Epoch}, {keys.Keys.Count} keys from {keys.Source}" : $"signed for epoch {header.Epoch}, {keys.Source} has epoch {keys.Epoch}")));

        var message = MessageOf(header);
        var good = 0;
        foreach (var (index, signature) in envelope.Signatures)
        {
            var holds = false;
            var detail = $"signer {index} is not in the signer set";
            if (keys.Keys.TryGetValue(index, out var key))
            {
                holds = PublicKey.TryImport(SignatureAlgorithm.Ed25519, key, KeyBlobFormat.RawPublicKey, out var imported) && imported is not null
                    && SignatureAlgorithm.Ed25519.Verify(imported, message, signature);
                detail = holds
                    ? $"signer {index}, key 0x{Convert.ToHexStringLower(key)}"
                    : $"signer {index}: not a signature by key 0x{Convert.ToHexStringLower(key)} over these records: they, the path, the header or the signature were changed, or another key signed";
            }

            if (holds) good++;
            checks.Add(new Check("signature", holds, detail));
        }

        checks.Add(new Check("quorum", good >= keys.Threshold, $"{good} valid of {keys.Threshold} needed{(envelope.Signatures.Count == 0 ? ": the envelope carries no signature (on Solana they travel in the transaction's Ed25519 instructions)" : "")}"));
    }

    private static string Words(EnvelopeError error) => error switch
    {
        EnvelopeError.Length => "they end too early or too late for what they say they hold",
        EnvelopeError.Version => $"the first byte is not version {BatchMessage.Version}",
        EnvelopeError.Count => "the batch has no records",
        EnvelopeError.Signers => "the signer indexes do not ascend",
        EnvelopeError.Run => "first and level name no aligned run of the batch",
        EnvelopeError.Record => "a record is not canonical",
        _ => error.ToString(),
    };
}
