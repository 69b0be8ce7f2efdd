using OracleNode.Chains.Solana;

namespace OracleNode.Vendors.Raydium;

/// <summary>What is particular to a pool that is read from its chain.</summary>
public sealed class RaydiumOptions
{
    /// <summary>How far from the price units count as depth, in bps. 1 to 1000.</summary>
    public int DepthBps { get; set; } = 50;

    /// <summary>Genesis hash of the cluster in base58, checked before any account is believed; empty for Solana's mainnet.</summary>
    public string GenesisHash { get; set; } = MainnetGenesisHash;

    /// <summary>How final the accounts must be. Confirmed or Finalized.</summary>
    public SolanaCommitment Commitment { get; set; } = SolanaCommitment.Confirmed;

    /// <summary>Pause between two readings. 1 s to 5 min.</summary>
    public TimeSpan PollPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>One RPC call at most. 100 ms to 60 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Mint of USDC there; the other side of every pool.</summary>
    public string QuoteMint { get; set; } = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v";

    private const string MainnetGenesisHash = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d";
}
