using OracleNode.Chains.Evm;

namespace OracleNode.Vendors.Chainlink;

/// <summary>The block whose state is read.</summary>
public enum ChainlinkBlock
{
    Unknown = 0,
    /// <summary>The newest.</summary>
    Latest = 1,
    /// <summary>The newest that the chain's consensus calls safe: minutes behind, and not reorganised under honest validators.</summary>
    Safe = 2,
}

/// <summary>What is particular to aggregators that are read from their chain.</summary>
public sealed class ChainlinkOptions
{
    private const int MaxDeviationBps = 1_000;

    /// <summary>EIP-155 id, checked before any contract is believed.</summary>
    public ulong ChainId { get; set; }

    /// <summary>Which block is read. With Safe, <see cref="MaxBlockAge"/> must allow for how far it is behind.</summary>
    public ChainlinkBlock Block { get; set; } = ChainlinkBlock.Latest;

    /// <summary>Pause between two readings. 1 s to 5 min.</summary>
    public TimeSpan PollPeriod { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>One RPC call at most. 100 ms to 60 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Questions per JSON-RPC batch. 1 (for endpoints that take no batches) to 100.</summary>
    public int BatchSize { get; set; } = 10;

    /// <summary>A block whose time lies farther behind the market clock is of the past. 10 s to 1 h.</summary>
    public TimeSpan MaxBlockAge { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The aggregators report at least so often, as their publisher says. 1 min to 7 d.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How late a report may be on its chain. 0 to 1 h.</summary>
    public TimeSpan HeartbeatMargin { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The aggregators report when the price has moved by so much, as their publisher says: how far a standing answer may be off. 1 to 1000.</summary>
    public int DeviationBps { get; set; } = 25;

    /// <summary>Whether an aggregator that does not tell its bounds is refused: it could stand at one unseen.</summary>
    public bool RequireBounds { get; set; } = true;

    /// <summary>Address of the chain's sequencer uptime feed; empty for a chain without a sequencer, or to do without.</summary>
    public string SequencerFeed { get; set; } = "";

    /// <summary>How long the sequencer must have been up before answers are believed. 0 to 1 d.</summary>
    public TimeSpan SequencerGrace { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Adds every error, each with key, value and what would be right.</summary>
    internal void Validate(string key, List<string> errors)
    {
        if (ChainId == 0) errors.Add($"{key}:ChainId = '{ChainId}': must be the chain's EIP-155 id, e.g. 1 for Ethereum, 42161 for Arbitrum One, 8453 for Base.");
        if (Block is not (ChainlinkBlock.Latest or ChainlinkBlock.Safe)) errors.Add($"{key}:Block = '{Block}': must be Latest or Safe.");
        SourceOptionsValidator.Within(PollPeriod, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), $"{key}:PollPeriod", errors);
        SourceOptionsValidator.Within(RequestTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), $"{key}:RequestTimeout", errors);
        SourceOptionsValidator.Within(BatchSize, 1, EvmRpcClient.MaxBatch, $"{key}:BatchSize", errors);
        SourceOptionsValidator.Within(MaxBlockAge, TimeSpan.FromSeconds(10), TimeSpan.FromHours(1), $"{key}:MaxBlockAge", errors);
        SourceOptionsValidator.Within(Heartbeat, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7), $"{key}:Heartbeat", errors);
        SourceOptionsValidator.Within(HeartbeatMargin, TimeSpan.Zero, TimeSpan.FromHours(1), $"{key}:HeartbeatMargin", errors);
        SourceOptionsValidator.Within(DeviationBps, 1, MaxDeviationBps, $"{key}:DeviationBps", errors);
        SourceOptionsValidator.Within(SequencerGrace, TimeSpan.Zero, TimeSpan.FromDays(1), $"{key}:SequencerGrace", errors);
        if (SequencerFeed.Length > 0 && !IsContract(SequencerFeed)) errors.Add($"{key}:SequencerFeed = '{SequencerFeed}': must be {ContractText}, or empty.");
    }

    /// <summary>What an address must be, for messages.</summary>
    internal const string ContractText = "a contract's address: 0x and 40 hex digits, in the checksum case of EIP-55 when the case is mixed";

    /// <summary>Whether a text is the address of a contract.</summary>
    internal static bool IsContract(string text) => EvmAddress.TryParse(text, out var address) && !address.IsZero;
}
