namespace OracleNode.Configuration;

/// <summary>What the verb <c>deploy</c> brings to every chain, as written under <c>OracleNode:Deploy</c>. A node that only runs needs none of it.</summary>
public sealed class DeployOptions
{
    /// <summary>Public keys of the first signer set, 0x and 64 hex digits each; a key's place is its signer index. 1 to 16.</summary>
    public List<string> Signers { get; set; } = [];

    /// <summary>Signatures a batch needs. 1 to the number of signers.</summary>
    public byte Threshold { get; set; } = 1;

    /// <summary>Proofs of possession of keys that this node does not hold, as <c>keys prove</c> writes them.</summary>
    public List<string> ProofFiles { get; set; } = [];

    /// <summary>How far an attestation may lie ahead of a chain's clock. 1 s to 10 min. Fixed on EVM chains once deployed.</summary>
    public TimeSpan MaxFuture { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How far it may lie behind. 1 s to 24 h. Fixed on EVM chains once deployed.</summary>
    public TimeSpan MaxAttestationAge { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>One entry for every feed of the node.</summary>
    public List<DeployFeedOptions> Feeds { get; set; } = [];

    /// <summary>One entry for every chain of the node.</summary>
    public List<DeployChainOptions> Chains { get; set; } = [];
}

/// <summary>How a feed is registered.</summary>
public sealed class DeployFeedOptions
{
    /// <summary>Name of the feed.</summary>
    public string Feed { get; set; } = "";

    /// <summary>Lowest price a chain takes, decimal, e.g. 20. At most three significant digits.</summary>
    public string MinPrice { get; set; } = "";

    /// <summary>Highest price a chain takes, decimal, e.g. 5000. At most three significant digits.</summary>
    public string MaxPrice { get; set; } = "";

    /// <summary>For people, at the feed's own address on EVM chains; empty: name / quote, of a ratio its name. At most 64 printable ASCII characters.</summary>
    public string Description { get; set; } = "";

    /// <summary>Stores bid, ask and moving average on EVM chains too, for more gas.</summary>
    public bool Detailed { get; set; }
}

/// <summary>Who deploys to a chain and who then owns it.</summary>
public sealed class DeployChainOptions
{
    /// <summary>Name of the chain.</summary>
    public string Chain { get; set; } = "";

    /// <summary>Who is to own contract or registry: a multisig or timelock. The deployer's own address keeps it there.</summary>
    public string Owner { get; set; } = "";

    /// <summary>Who may pause feeds and revoke signers; empty for nobody.</summary>
    public string Guardian { get; set; } = "";

    /// <summary>Key file of the account that deploys, of the chain's kind; empty: the one that pays for updates.</summary>
    public string DeployerKeyFile { get; set; } = "";

    /// <summary>Environment variable with it instead.</summary>
    public string DeployerKeyEnvironment { get; set; } = "";

    /// <summary>Solana: makes an address lookup table of registry, sysvar and feeds.</summary>
    public bool LookupTable { get; set; }
}
