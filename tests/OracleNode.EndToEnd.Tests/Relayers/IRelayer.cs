using OracleNode.Updates;

namespace OracleNode.Relayers;

/// <summary>Somebody who is not the node sends a batch to a chain: anyone may.</summary>
internal interface IRelayer
{
    /// <summary>The chain.</summary>
    string Name { get; }

    /// <summary>Sends the batch in a transaction of its own and sees what the chain makes of it.</summary>
    /// <param name="batch">What was signed.</param>
    /// <param name="spoil">Changes the envelope on its way; null to leave it.</param>
    Task<Verdict> SendAsync(SignedBatch batch, Func<byte[], byte[]>? spoil = null);

    /// <summary>Sends an aligned run of 2^level records of the batch, with its path.</summary>
    Task<Verdict> SendRunAsync(SignedBatch batch, int first, int level);
}

/// <summary>What the chain made of it.</summary>
/// <param name="Stored">The transaction succeeded.</param>
/// <param name="Reason">The chain's own word when not.</param>
internal sealed record Verdict(bool Stored, string Reason);
