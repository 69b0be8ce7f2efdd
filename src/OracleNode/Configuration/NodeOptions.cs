using OracleNode.Health;

namespace OracleNode.Configuration;

/// <summary>Everything an operator sets, as written under <c>OracleNode</c> in appsettings.json. Bounds are checked by <see cref="NodeSettingsFactory"/>.</summary>
public sealed class NodeOptions
{
    /// <summary>Name in health keys and logs. 1 to 32 of a-z, 0-9 and -.</summary>
    public string Node { get; set; } = "";

    /// <summary>Part of every sequence: two nodes of one deployment never share one. 0 to 15.</summary>
    public int NodeSlot { get; set; }

    /// <summary>Deployment name: records of another deployment never verify. ASCII, 1 to 64.</summary>
    public string Deployment { get; set; } = "";

    public SigningOptions Signing { get; set; } = new();

    /// <summary>Calendar file of the listing market, relative to the program or absolute.</summary>
    public string CalendarFile { get; set; } = "Calendars/us-equities.json";

    /// <summary>Calendar file of the overnight venue, relative to the program or absolute; empty: there is no overnight session.</summary>
    public string OvernightCalendarFile { get; set; } = "Calendars/us-overnight.json";

    public List<InstrumentOptions> Instruments { get; set; } = [];

    public List<FeedOptions> Feeds { get; set; } = [];

    public List<Vendors.SourceOptions> Sources { get; set; } = [];

    /// <summary>When a record is worth a transaction, for chains that say nothing else.</summary>
    public PublishingOptions Publishing { get; set; } = new();

    public ChainsOptions Chains { get; set; } = new();

    /// <summary>
    /// Record that <c>deploy</c> wrote: addresses that a chain leaves empty are taken from it, and each chain is checked against it
    /// before anything is published there. Empty: addresses are given per chain, and less is checked.
    /// </summary>
    public string Contracts { get; set; } = "";

    /// <summary>What <c>deploy</c> brings to every chain; left out on a node that never deploys.</summary>
    public DeployOptions? Deploy { get; set; }

    /// <summary>The tokens of the token feeds, those they are compared with, and where they are read.</summary>
    public OracleNode.Tokens.TokensOptions Tokens { get; set; } = new();

    /// <summary>What backs the tokens.</summary>
    public OracleNode.Reserves.ReservesOptions Reserves { get; set; } = new();

    public RedisOptions Redis { get; set; } = new();

    public HealthOptions Health { get; set; } = new();

    public OracleNode.Archive.EvidenceOptions Evidence { get; set; } = new();

    public OracleNode.Replay.RecordingOptions Recording { get; set; } = new();

    /// <summary>When corporate actions pause a share.</summary>
    public CorporateActionOptions CorporateActions { get; set; } = new();

    /// <summary>Signed documents that a running node takes over.</summary>
    public OracleNode.Operator.OperatorOptions Operator { get; set; } = new();

    /// <summary>The public API of the issuer of the xStocks.</summary>
    public OracleNode.Vendors.XStocks.XStocksOptions XStocks { get; set; } = new();

    /// <summary>What the node's clock is compared with.</summary>
    public OracleNode.Timekeeping.ClockOptions Clock { get; set; } = new();
}

/// <summary>The key that vouches.</summary>
public sealed class SigningOptions
{
    /// <summary>Ed25519 key file (PKCS#8 PEM, mode 600); make one with <c>keys new</c>.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>Signer-set epoch the key is registered in. At least 1.</summary>
    public uint Epoch { get; set; } = 1;

    /// <summary>Place of the key in the signer set. 0 to 255.</summary>
    public byte SignerIndex { get; set; }
}

/// <summary>Where the probes listen.</summary>
public sealed class HealthOptions
{
    /// <summary>URL of /livez, /readyz and /metrics; port 0 takes a free one. Empty: no endpoints.</summary>
    public string Listen { get; set; } = "http://127.0.0.1:9464";
}

/// <summary>The chains to publish to.</summary>
public sealed class ChainsOptions
{
    public List<OracleNode.Chains.Evm.EvmOptions> Evm { get; set; } = [];

    public List<OracleNode.Chains.Solana.SolanaOptions> Solana { get; set; } = [];
}
