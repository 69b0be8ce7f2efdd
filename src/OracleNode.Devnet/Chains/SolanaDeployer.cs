using OracleNode.Chains.Solana;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Chains;

/// <summary>Sets the program up on a local cluster: program, registry, signers, epoch, feeds, and the mints of token feeds.</summary>
internal sealed class SolanaDeployer
{
    private const uint FirstEpoch = 1;
    private const ulong OwnerLamports = 1_000_000_000_000;
    private const int StatusAttempts = 50;

    private static readonly TimeSpan StatusPause = TimeSpan.FromMilliseconds(20);

    private readonly NodeToolchain _tools;

    public SolanaDeployer(NodeToolchain tools) => _tools = tools;

    /// <summary>
    /// Deploys and sets up. The owner gets a balance and becomes base and owner of the registry; it may be the publisher's payer.
    /// </summary>
    /// <exception cref="ChainException">The cluster refused a step, or holds something else than planned.</exception>
    public async Task<SolanaDeployment> DeployAsync(LiteSvmChain chain, SolanaKeypair owner, SolanaDeploymentPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            return await DeployCheckedAsync(chain, owner, plan, cancellationToken);
        }
        catch (SolanaRpcException e)
        {
            throw new ChainException($"{chain.Name}: {e.Message}", e);
        }
    }

    /// <summary>Places a Token-2022 mint, or replaces what it says.</summary>
    /// <exception cref="ChainException">The cluster refused it.</exception>
    public static async Task PlaceMintAsync(LiteSvmChain chain, Token2022Mint mint, CancellationToken cancellationToken)
    {
        try
        {
            await chain.SetAccountAsync(mint.Address, SolanaPrograms.Token2022, mint.Encode(), cancellationToken);
        }
        catch (SolanaRpcException e)
        {
            throw new ChainException($"{chain.Name}: placing the mint {mint.Address}: {e.Message}", e);
        }
    }

    private async Task<SolanaDeployment> DeployCheckedAsync(LiteSvmChain chain, SolanaKeypair owner, SolanaDeploymentPlan plan, CancellationToken cancellationToken)
    {
        var file = Path.Combine(_tools.Folder, "solana", "build", "oracle_feeds.so");
        if (!File.Exists(file)) throw new ChainException($"{file} is missing: the clone is not complete.");
        var payer = owner.Address;
        var program = SolanaAddress.WithSeed(payer, "oracle-feeds", SolanaPrograms.UpgradeableLoader);
        var registry = FeedsAddresses.Registry(payer, plan.Deployment, program);
        await chain.AddProgramAsync(program, await File.ReadAllBytesAsync(file, cancellationToken), cancellationToken);
        await chain.AirdropAsync(payer, OwnerLamports, cancellationToken);

        async Task SendAsync(string what, params SolanaInstruction[] instructions) => await DeliverAsync(chain, owner, program, what, instructions, cancellationToken);

        async Task<SolanaInstruction> CreateAsync(string seed, int length)
        {
            var lamports = await chain.Rpc.GetMinimumBalanceForRentExemptionAsync(length, cancellationToken);
            return SystemProgram.CreateAccountWithSeed(payer, payer, seed, lamports, (ulong)length, program);
        }

        await SendAsync(
            "creating the registry",
            await CreateAsync(FeedsAddresses.RegistrySeed(plan.Deployment), RegistryAccount.Length),
            FeedsProgram.InitRegistry(program, registry, payer, plan.Deployment, chain.GenesisHash, payer, default, plan.MaxFutureMillis, plan.MaxAttestationAgeMillis));

        for (var i = 0; i < plan.Signers.Count; i++)
        {
            var (key, sign) = (plan.Signers[i].PublicKey, plan.Signers[i].Sign);
            var message = ProofOfPossession.ForSolana(plan.Deployment, chain.GenesisHash.ToArray(), program.ToArray(), FirstEpoch, (byte)i, key);
            await SendAsync(
                $"registering signer {i}",
                Ed25519Program.Verify(0, key, sign(message), message),
                FeedsProgram.AddSigner(program, registry, payer, 0, FirstEpoch, (byte)i, key));
        }

        await SendAsync($"activating epoch {FirstEpoch}", FeedsProgram.ActivateSigners(program, registry, payer, FirstEpoch, plan.Threshold, (byte)plan.Signers.Count, 0));

        var ids = new List<FeedId>(plan.Feeds.Count);
        foreach (var (feed, min, max) in plan.Feeds)
        {
            var id = FeedIdentity.Compute(feed);
            var account = FeedsAddresses.Feed(payer, plan.Deployment, id.Tag, program);
            await SendAsync(
                $"registering {feed.Name}",
                await CreateAsync(FeedsAddresses.FeedSeed(plan.Deployment, id.Tag), FeedAccount.Length),
                FeedsProgram.InitFeed(program, registry, payer, account, feed, min, max));
            ids.Add(id);
        }

        // Placed, not created: the lookup table program wants slot hashes, of which this cluster has none.
        var target = new SubmitTarget(program, registry, payer, plan.Deployment);
        var table = SolanaAddress.WithSeed(payer, $"table{plan.Deployment:x16}", SolanaPrograms.AddressLookupTable);
        var addresses = target.TableAddresses(ids.Select(id => id.Tag)).Take(LookupTable.MaxAddresses).ToArray();
        await chain.SetAccountAsync(table, SolanaPrograms.AddressLookupTable, LookupTable.Encode(addresses), cancellationToken);
        return new SolanaDeployment(chain.GenesisHash, program, registry, table, FirstEpoch, await ReadBackAsync(chain, target, ids, cancellationToken));
    }

    private static async Task<IReadOnlyList<OnChainFeed>> ReadBackAsync(LiteSvmChain chain, SubmitTarget target, List<FeedId> ids, CancellationToken cancellationToken)
    {
        var found = new List<OnChainFeed>(ids.Count);
        var retry = new SolanaRetry(0, TimeSpan.Zero, TimeProvider.System);
        foreach (var reading in await FeedReadings.ReadAsync(chain.Rpc, retry, target, [.. ids.Select(id => id.Tag)], 0, cancellationToken))
        {
            var id = ids[found.Count];
            var feed = reading.Feed ?? throw new ChainException($"{chain.Name}: feed {id}: {reading.Error}");
            if (feed.Id != id) throw new ChainException($"{chain.Name}: the program computed feed id {feed.Id}, this node {id}.");
            found.Add(new OnChainFeed(id, reading.Address.ToString(), feed.Sequence, feed.Record));
        }

        return found;
    }

    private static async Task DeliverAsync(LiteSvmChain chain, SolanaKeypair owner, SolanaAddress program, string what, SolanaInstruction[] instructions, CancellationToken cancellationToken)
    {
        var blockhash = await chain.Rpc.GetLatestBlockhashAsync(cancellationToken);
        var transaction = SolanaTransaction.Sign(SolanaMessage.Compile(owner.Address, blockhash.Blockhash, instructions), owner);
        var simulated = await chain.Rpc.SimulateTransactionAsync(transaction, cancellationToken);
        if (simulated.Error is { } error) throw Refused(error);

        await chain.Rpc.SendTransactionAsync(transaction, cancellationToken);
        for (var attempt = 0; attempt < StatusAttempts; attempt++)
        {
            // LiteSVM has executed it by now and never rolls back: processed is enough here.
            var status = (await chain.Rpc.GetSignatureStatusesAsync([transaction.Signature], cancellationToken))[0];
            if (status is { Error: null }) return;
            if (status?.Error is { } failed) throw Refused(failed);
            await Task.Delay(StatusPause, cancellationToken);
        }

        throw new ChainException($"{chain.Name}: {what}: the cluster does not know transaction {transaction.Signature}.");

        ChainException Refused(SolanaTransactionError why)
        {
            var ours = why is { InstructionIndex: { } index, CustomCode: not null } && index < instructions.Length && instructions[index].Program == program;
            return new ChainException($"{chain.Name}: {what} is refused: {(ours ? FeedsProgramError.Describe(why.CustomCode!.Value) : why.ToString())}");
        }
    }
}
