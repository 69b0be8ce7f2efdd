using System.Globalization;
using OracleNode.Chains;

namespace OracleNode.Deployment;

/// <summary>A signer set as a chain has it, of the epoch that is on record.</summary>
/// <param name="CurrentEpoch">The chain's newest activated epoch; 0 before the first.</param>
/// <param name="IsAccepted">Batches of the recorded epoch are taken: it is current, or overlaps the current one.</param>
/// <param name="Threshold">Signatures a batch of it needs.</param>
/// <param name="Count">Keys of it that are not revoked.</param>
/// <param name="Keys">By index, of the recorded signers: their key there, 0x and hex; null where there is none.</param>
/// <param name="Revoked">Recorded signers whose key was revoked there.</param>
internal sealed record ChainSigners(uint CurrentEpoch, bool IsAccepted, byte Threshold, int Count, IReadOnlyDictionary<byte, string?> Keys, IReadOnlySet<byte> Revoked);

/// <summary>
/// The signer set on record against the chain's. Whoever adds a key or lowers a threshold can publish prices, so that a node which does not know of it
/// must not vouch for the contract. What only takes away, or is under way, is no difference: a key that the guardian revoked (a node whose own key
/// it is finds that out when it connects), a set that is staged, and a newer epoch as long as the recorded one overlaps it.
/// </summary>
internal static class RecordedSigners
{
    private const string Renew = "put the chain's signer set into Deploy:Signers and Deploy:Threshold, run deploy, and hand the new record out";

    /// <summary>Every difference, in words.</summary>
    public static IEnumerable<string> ProblemsOf(ChainSigners chain, ChainRecord record)
    {
        if (record.Epoch == 0)
        {
            yield return $"epoch is {chain.CurrentEpoch}, recorded is none; run deploy until the signer set is active";
            yield break;
        }

        if (chain.CurrentEpoch < record.Epoch)
        {
            yield return $"epoch is {chain.CurrentEpoch}, recorded is {record.Epoch}: the endpoint is behind, or the record is of something else";
            yield break;
        }

        if (!chain.IsAccepted)
        {
            yield return chain.CurrentEpoch == record.Epoch
                ? $"epoch {record.Epoch}, which is recorded, was revoked; rotate to a new signer set, and then {Renew}"
                : $"epoch is {chain.CurrentEpoch}, recorded is {record.Epoch}, which is not accepted any more; {Renew}";
            yield break;
        }

        if (chain.Threshold != record.Threshold) yield return $"threshold of epoch {record.Epoch} is {chain.Threshold}, recorded is {record.Threshold}; {Renew}";
        var found = 0;
        foreach (var signer in record.Signers)
        {
            if (chain.Revoked.Contains(signer.Index)) continue;
            var key = chain.Keys.GetValueOrDefault(signer.Index);
            if (key is not null) found++;
            if (key != signer.PublicKey) yield return $"signer {signer.Index} of epoch {record.Epoch} is {key ?? "nobody"}, recorded is {signer.PublicKey}; {Renew}";
        }

        if (chain.Count > found) yield return string.Create(CultureInfo.InvariantCulture, $"epoch {record.Epoch} has {chain.Count} signers, recorded are {found} of them; {Renew}");
    }
}
