using NodaTime;
using OracleNode.Fixtures;
using OracleNode.Market;
using OracleNode.Readers;
using OracleNode.Run;
using OracleNode.Updates;

namespace OracleNode.Relayers;

/// <summary>Batches signed with the deployment's own key, as a second node of it would, and what a thief would make of them.</summary>
internal static class TestBatches
{
    /// <summary>Not the node's: two nodes never make the same sequence.</summary>
    public const int NodeSlot = 5;

    /// <summary>A sequence attested at this market time.</summary>
    public static ulong SequenceAt(Instant attestedAt) => ((ulong)attestedAt.ToUnixTimeMilliseconds() * BatchSequence.Slots) + NodeSlot;

    /// <summary>One for each chain.</summary>
    public static async Task<IReadOnlyList<IRelayer>> RelayersAsync(Devnet devnet)
    {
        var relayers = new List<IRelayer>();
        foreach (var (chain, deployed) in devnet.Evm) relayers.Add(await EvmRelayer.CreateAsync(chain, deployed.Contract));
        relayers.Add(await SolanaRelayer.CreateAsync(devnet));
        return relayers;
    }

    public static async Task<SignedBatch> SignAsync(Devnet devnet, ulong sequence, IReadOnlyList<(FeedId Id, FeedRecord Record)> records, string deployment = Devnet.Deployment)
    {
        var unsigned = UnsignedBatch.Create(BatchMessage.DeploymentId(deployment), devnet.SolanaDeployed.Epoch, sequence, records);
        var signature = await devnet.Keys.Signer.SignAsync(unsigned.Message(), LocalSystem.Cancelled);
        return unsigned.WithSignatures(new BatchSignature(0, devnet.Keys.Signer.PublicKey.ToArray(), signature));
    }

    /// <summary>The record as a signer would sign it again.</summary>
    public static FeedRecord ToRecord(FeedId feed, PublishedRecord p) => new()
    {
        FeedTag = feed.Tag,
        Price = Price.FromE8(p.Price),
        ConfidenceE8 = p.Confidence,
        Bid = Optional(p.Bid),
        Ask = Optional(p.Ask),
        Ema = Optional(p.Ema),
        Session = (MarketSession)p.Session,
        ClosedReason = (ClosedReason)p.ClosedReason,
        HaltReason = (HaltReason)p.HaltReason,
        State = (FeedState)p.State,
        HoldReasons = (HoldReasons)p.HoldReasons,
        SourcesUsed = (byte)p.SourcesUsed,
        SourcesRejected = (byte)p.SourcesRejected,
        Upstreams = (byte)p.Upstreams,
        ObservedAtUnixMillis = p.ObservedAtMillis,
        NextChangeAtUnixSeconds = p.NextChangeAtSeconds,
        MaxAgeSeconds = p.MaxAgeSeconds,
        Token = p.Multiplier == 0 ? null : new TokenTerms(new Multiplier(p.Multiplier), new Multiplier(p.NextMultiplier), p.ActivationSeconds, Price.FromE8(p.Underlying)),
    };

    /// <summary>The first record's price is one unit of 1e-8 higher; every other byte, the signature too, is as it was.</summary>
    public static byte[] WithChangedPrice(byte[] envelope, SignedBatch batch)
    {
        var firstRecord = envelope.Length - batch.EncodedRecords.Sum(r => r.Length);
        var changed = (byte[])envelope.Clone();
        // The price is bytes 9 to 16 of a record.
        changed[firstRecord + 16]++;
        return changed;
    }

    private static Price Optional(long e8) => e8 == 0 ? default : Price.FromE8(e8);
}
