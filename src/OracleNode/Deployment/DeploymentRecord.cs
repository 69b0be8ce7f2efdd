using System.Globalization;
using OracleNode.Chains;
using OracleNode.Market;

namespace OracleNode.Deployment;

/// <summary>What stands on which chain: public facts, none secret. Written by <c>deploy</c> after each step; read by nodes at their start.</summary>
/// <param name="Schema">Version of this form.</param>
/// <param name="Deployment">Name of the deployment.</param>
/// <param name="DeploymentId">What the chains know it by, 0x and 16 hex digits.</param>
/// <param name="Chains">One entry per chain.</param>
internal sealed record DeploymentRecord(int Schema, string Deployment, string DeploymentId, IReadOnlyList<ChainRecord> Chains)
{
    public const int CurrentSchema = 1;

    public static string IdText(ulong deployment) => "0x" + deployment.ToString("x16", CultureInfo.InvariantCulture);

    public static DeploymentRecord Empty(string name, ulong deployment) => new(CurrentSchema, name, IdText(deployment), []);

    /// <summary>The entry of a chain; null when nothing was recorded for it.</summary>
    public ChainRecord? Of(string chain) => Chains.FirstOrDefault(c => c.Chain == chain);

    /// <summary>With an entry added or replaced.</summary>
    public DeploymentRecord With(ChainRecord chain) => this with { Chains = [.. Chains.Where(c => c.Chain != chain.Chain), chain] };
}

/// <summary>One chain.</summary>
/// <param name="Chain">Configured name.</param>
/// <param name="Kind">Evm or Solana.</param>
/// <param name="ChainId">EIP-155 chain id in decimal, or the cluster's genesis hash.</param>
/// <param name="Contract">OracleFeeds, or the program.</param>
/// <param name="CodeHash">keccak256 of the contract's code as it stands there, or sha256 of the program's executable data.</param>
/// <param name="Registry">Solana: the registry account.</param>
/// <param name="Deployer">Who paid; on Solana also the base of every account's address.</param>
/// <param name="Owner">Who is to own it; until they accept, the deployer does.</param>
/// <param name="Guardian">Who may pause; empty for nobody.</param>
/// <param name="Epoch">Signer-set epoch; 0 until the first is active.</param>
/// <param name="Threshold">Signatures a batch needs.</param>
/// <param name="Signers">Keys of the epoch.</param>
/// <param name="Feeds">Feeds registered.</param>
/// <param name="LookupTable">Solana: address lookup table with registry, sysvar and feeds; null for none.</param>
/// <param name="LookupTableSlot">Solana: the slot its address was made from, noted before it is created.</param>
/// <param name="Transactions">What was sent, in order.</param>
internal sealed record ChainRecord(
    string Chain,
    ChainKind Kind,
    string ChainId,
    string Contract,
    string CodeHash,
    string? Registry,
    string Deployer,
    string Owner,
    string Guardian,
    uint Epoch,
    byte Threshold,
    IReadOnlyList<SignerRecord> Signers,
    IReadOnlyList<FeedRecordEntry> Feeds,
    string? LookupTable,
    ulong? LookupTableSlot,
    IReadOnlyList<TransactionRecord> Transactions)
{
    public ChainRecord With(FeedRecordEntry feed) => this with { Feeds = [.. Feeds.Where(f => f.Id != feed.Id), feed] };

    public ChainRecord With(SignerRecord signer) => this with { Signers = [.. Signers.Where(s => s.Index != signer.Index).Append(signer).OrderBy(s => s.Index)] };
}

/// <summary>One signer.</summary>
internal sealed record SignerRecord(byte Index, string PublicKey)
{
    public static SignerRecord Of(PlannedSigner signer) => new(signer.Index, "0x" + Convert.ToHexStringLower(signer.PublicKey));
}

/// <summary>One feed.</summary>
/// <param name="Symbol">Its short name, for people.</param>
/// <param name="Id">Feed id, 0x and 64 hex digits.</param>
/// <param name="Tag">Its first 8 bytes: what a signed record carries.</param>
/// <param name="Identity">What it is the price of.</param>
/// <param name="Address">Its own proxy (EVM) or account (Solana): where a consumer reads.</param>
/// <param name="MinPrice">Lowest price the chain takes, decimal.</param>
/// <param name="MaxPrice">Highest price it takes, decimal.</param>
internal sealed record FeedRecordEntry(string Symbol, string Id, string Tag, string Identity, string Quote, FeedUnit Unit, byte Decimals, string Address, string MinPrice, string MaxPrice, bool Detailed, string Description)
{
    public static FeedRecordEntry Of(PlannedFeed feed, string address) => new(
        feed.Feed.Name, feed.Id.ToString(), DeploymentRecord.IdText(feed.Id.Tag), feed.Feed.Identity, feed.Feed.Quote, feed.Feed.Unit, Price.Decimals, address,
        feed.Min.ToString(), feed.Max.ToString(), feed.Detailed, feed.Description);
}

/// <summary>One transaction: which step, and its hash or signature.</summary>
internal sealed record TransactionRecord(string Step, string Id);
