using OracleNode.Chains;
using OracleNode.Chains.Solana;
using OracleNode.Fixtures;
using OracleNode.Run;
using OracleNode.Updates;

namespace OracleNode.Relayers;

/// <summary>Sends batches to the Solana program from an account of its own.</summary>
internal sealed class SolanaRelayer : IRelayer
{
    private const ulong Lamports = 10_000_000_000;

    private readonly LiteSvmChain _chain;
    private readonly SubmitTarget _target;
    private readonly SolanaKeypair _payer = SolanaKeypair.Generate();

    private SolanaRelayer(Devnet devnet)
    {
        _chain = devnet.Solana;
        _target = new SubmitTarget(devnet.SolanaDeployed.Program, devnet.SolanaDeployed.Registry, devnet.Keys.Payer.Address, BatchMessage.DeploymentId(Devnet.Deployment));
    }

    public string Name => _chain.Name;

    public static async Task<SolanaRelayer> CreateAsync(Devnet devnet)
    {
        var relayer = new SolanaRelayer(devnet);
        await relayer._chain.AirdropAsync(relayer._payer.Address, Lamports, LocalSystem.Cancelled);
        return relayer;
    }

    public Task<Verdict> SendAsync(SignedBatch batch, Func<byte[], byte[]>? spoil = null)
    {
        var envelope = BatchEnvelope.Encode(batch, 0, MerkleTree.TopLevel(batch.Records.Count), withSignatures: false);
        return SendAsync(batch, spoil?.Invoke(envelope) ?? envelope, SubmitTransaction.SignedMessage(batch));
    }

    public Task<Verdict> SendRunAsync(SignedBatch batch, int first, int level) => SendAsync(
        batch, BatchEnvelope.Encode(batch, first, level, withSignatures: false), SubmitTransaction.SignedMessage(batch),
        batch.Records.Skip(first).Take(MerkleTree.RunLength(first, level, batch.Records.Count)));

    /// <param name="batch">Whose signature and feeds the transaction names.</param>
    /// <param name="envelope">What the program is given.</param>
    /// <param name="message">What the Ed25519 program is told was signed.</param>
    public Task<Verdict> SendAsync(SignedBatch batch, byte[] envelope, byte[] message) => SendAsync(batch, envelope, message, batch.Records);

    private async Task<Verdict> SendAsync(SignedBatch batch, byte[] envelope, byte[] message, IEnumerable<FeedRecord> records)
    {
        var signature = Assert.Single(batch.Signatures);
        SolanaInstruction[] instructions =
        [
            Ed25519Program.Verify(0, signature.PublicKey, signature.Signature, message),
            FeedsProgram.Submit(_target.Program, _target.Registry, [.. records.Select(r => _target.FeedAccount(r.FeedTag))], [(0, signature.SignerIndex)], envelope),
        ];
        var blockhash = await _chain.Rpc.GetLatestBlockhashAsync(LocalSystem.Cancelled);
        var transaction = SolanaTransaction.Sign(SolanaMessage.Compile(_payer.Address, blockhash.Blockhash, instructions), _payer);
        await _chain.Rpc.SendTransactionAsync(transaction, LocalSystem.Cancelled);
        // The cluster executes what arrives before it answers.
        var status = (await _chain.Rpc.GetSignatureStatusesAsync([transaction.Signature], LocalSystem.Cancelled))[0];
        if (status is { Error: null }) return new Verdict(true, "");
        if (status?.Error is not { } error) return new Verdict(false, "the cluster does not know the transaction");
        var ofProgram = error is { InstructionIndex: 1, CustomCode: not null };
        return new Verdict(false, ofProgram ? FeedsProgramError.Describe(error.CustomCode!.Value) : error.ToString());
    }
}
