using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Chains.Solana;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Deployment;

/// <summary>
/// The program, its registry and its feeds on one Solana cluster. Every address is made from the deployer's key and a seed and is
/// known before anything is sent.
/// </summary>
/// <remarks>
/// <code>
/// program -> immutable -> registry -> feeds, bounds, limits, guardian -> signers -> epoch -> lookup table -> offer to the owner -> (the owner accepts)
/// </code>
/// No price can be stored before the epoch is active, so that nothing is served half set up.
/// </remarks>
internal sealed class SolanaChainDeployment : IChainDeployment, IDisposable
{
    private const uint FirstEpoch = 1;
    private const ulong LamportsPerSignature = 5_000;
    private const ulong UnitsReckoned = 50_000;
    private const ulong SlotsOfALookupTable = 400;

    private readonly SolanaOptions _options;
    private readonly SolanaKeypair _deployer;
    private readonly ContractPlan _plan;
    private readonly SolanaAddress _owner;
    private readonly SolanaAddress _guardian;
    private readonly bool _lookupTable;
    private readonly SignerProofs _proofs;
    private readonly DeploymentRecordFile _file;
    private readonly SolanaRpcClient _rpc;
    private readonly SolanaRetry _retry;
    private readonly SolanaTransactionSender _sender;
    private readonly SolanaProgramWriter _writer;
    private readonly SolanaAddress _genesisHash;
    private readonly SolanaAddress _program;
    private readonly SolanaAddress _registry;

    /// <param name="options">The cluster. A program id is that of a program which is deployed already; empty: this run deploys it.</param>
    /// <param name="deployer">Pays, is the base of the accounts' addresses, and owns the registry until the owner accepts it.</param>
    /// <param name="plan">What the registry shall hold.</param>
    /// <param name="owner">Who shall own it; the deployer itself is allowed.</param>
    /// <param name="guardian">Who may pause; zero for nobody.</param>
    /// <param name="lookupTable">Makes an address lookup table of registry, sysvars and feeds.</param>
    /// <param name="proofs">Proofs of possession at hand.</param>
    /// <param name="file">The record.</param>
    /// <param name="time">Monotonic time for timeouts.</param>
    /// <param name="handler">The transport; null for a connection pool of its own.</param>
    /// <param name="commitment">How final a step must be before the next; null for what the options say.</param>
    public SolanaChainDeployment(
        SolanaOptions options, SolanaKeypair deployer, ContractPlan plan, SolanaAddress owner, SolanaAddress guardian, bool lookupTable, SignerProofs proofs, DeploymentRecordFile file,
        TimeProvider time, HttpMessageHandler? handler = null, SolanaCommitment? commitment = null)
    {
        if (plan.Signers.Select((s, i) => s.Index == i).Contains(false)) throw new ArgumentException("Signers of a registry stand at 0, 1, 2, ... without a gap.", nameof(plan));
        _options = options;
        _deployer = deployer;
        _plan = plan;
        _owner = owner;
        _guardian = guardian;
        _lookupTable = lookupTable;
        _proofs = proofs;
        _file = file;
        _genesisHash = SolanaAddress.Parse(options.GenesisHash);
        _program = options.ProgramId.Length > 0 ? SolanaAddress.Parse(options.ProgramId)
            : file.Record.Of(options.Name) is { } known && SolanaAddress.TryParse(known.Contract, out var recorded) ? recorded
            : SolanaProgramWriter.ProgramOf(deployer.Address);
        _registry = FeedsAddresses.Registry(deployer.Address, plan.Deployment, _program);
        _rpc = new SolanaRpcClient(new Uri(options.RpcUrl), options.RequestTimeout, commitment ?? options.Commitment, time, handler);
        _retry = new SolanaRetry(options.MaxRetries, options.RetryDelay, time);
        _sender = new SolanaTransactionSender(options, _rpc, deployer, _program, time);
        _writer = new SolanaProgramWriter(options.Name, _rpc, _retry, _sender, deployer.Address, options.MaxParallelRequests);
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <summary>Where the program is, or will be.</summary>
    public SolanaAddress Program => _program;

    /// <summary>Where the registry is, or will be.</summary>
    public SolanaAddress Registry => _registry;

    private SubmitTarget Target => new(_program, _registry, _deployer.Address, _plan.Deployment);

    /// <inheritdoc/>
    public void Dispose() => _rpc.Dispose();

    /// <inheritdoc/>
    public void Record(Func<ChainRecord, ChainRecord> change) => _file.Put(change(Entry()));

    /// <inheritdoc/>
    /// <remarks>Nothing to wait for: a transaction that lands late meets an account that is there already, and fails.</remarks>
    public Task SettleAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<ChainPlan> PlanAsync(CancellationToken cancellationToken) => TalkAsync(() => PlanStepsAsync(cancellationToken));

    private async Task<ChainPlan> PlanStepsAsync(CancellationToken cancellationToken)
    {
        var genesis = await _retry.RunAsync(_rpc.GetGenesisHashAsync, cancellationToken);
        if (genesis != _genesisHash) throw Wrong($"the endpoint {_rpc.EndpointName} is of the cluster with genesis hash {genesis}, not {_genesisHash}; correct RpcUrl or GenesisHash");
        CheckRecord();

        var steps = new List<DeploymentStep>();
        var entry = Entry();
        var program = await SolanaProgramReader.ReadAsync(Name, _rpc, _retry, _program, cancellationToken);
        entry = entry with { CodeHash = program?.CodeHash ?? "" };
        await AddProgramAsync(steps, program, cancellationToken);
        var registry = program is null ? null : await ReadRegistryAsync(cancellationToken);
        await AddRegistryAsync(steps, registry, cancellationToken);
        entry = await AddFeedsAsync(steps, entry, registry, cancellationToken);
        AddLimitsAndGuardian(steps, registry);
        entry = await AddSignersAsync(steps, entry, registry, cancellationToken);
        if (_lookupTable) entry = await AddLookupTableAsync(steps, entry, cancellationToken);
        AddOwner(steps, registry);

        var balance = await _retry.RunAsync(token => _rpc.GetBalanceAsync(_deployer.Address, token), cancellationToken);
        var recent = await _retry.RunAsync(token => _rpc.GetRecentPrioritizationFeesAsync([_deployer.Address], token), cancellationToken);
        var price = PriorityFee.Choose(recent, _options.PriorityFeePercentile, 0, (ulong)_options.MinComputeUnitPriceMicroLamports, (ulong)_options.MaxComputeUnitPriceMicroLamports);
        var perTransaction = LamportsPerSignature + (UInt128)price * UnitsReckoned / 1_000_000;
        return new ChainPlan(Name, ChainKind.Solana, _genesisHash.ToString(), _program.ToString(), _deployer.Address.ToString(), balance, perTransaction, steps) { Observed = entry };
    }

    /// <summary>The cluster's entry of the record, or the beginning of one.</summary>
    private ChainRecord Entry() => (_file.Record.Of(Name) ?? new ChainRecord(
        Name, ChainKind.Solana, _genesisHash.ToString(), _program.ToString(), "", _registry.ToString(), _deployer.Address.ToString(), "", "", 0, 0, [], [], null, null, [])) with
    {
        Owner = _owner.ToString(),
        Guardian = _guardian == default ? "" : _guardian.ToString(),
    };

    private void CheckRecord()
    {
        if (_options.Registry.Length > 0 && SolanaAddress.Parse(_options.Registry) != _registry) throw Wrong($"{nameof(SolanaOptions.Registry)} = '{_options.Registry}': the registry of deployer {_deployer.Address} is at {_registry}; leave the key empty");
        if (_file.Record.Of(Name) is not { } known) return;
        if (known.ChainId != _genesisHash.ToString()) throw Wrong($"the record is of the cluster {known.ChainId}, not {_genesisHash}; name another record");
        if (known.Deployer != _deployer.Address.ToString()) throw Wrong($"the accounts on record are those of deployer {known.Deployer}, whose key alone can add to them; this one is {_deployer.Address}");
        if (known.Contract != _program.ToString()) throw Wrong($"the record says that the program is {known.Contract}, {nameof(SolanaOptions.ProgramId)} says {_program}; leave the key empty, or name another record");
    }

    private async Task AddProgramAsync(List<DeploymentStep> steps, SolanaProgramState? program, CancellationToken cancellationToken)
    {
        if (program is null)
        {
            var writable = SolanaProgramWriter.ProgramOf(_deployer.Address);
            if (_program != writable) throw Wrong($"there is no program at {_program}; leave {nameof(SolanaOptions.ProgramId)} empty to have it deployed at {writable}");
            var deposit = await _writer.DepositAsync(cancellationToken);
            steps.Add(new DeploymentStep("program", StepState.ToDo, $"deploy {SolanaArtifact.Embedded.Length} bytes (sha256 {SolanaArtifact.Hash}) at {_program}", (ulong)SolanaProgramWriter.Transactions, deposit)
            {
                Run = token => TalkAsync(async () => new StepOutcome(await _writer.DeployAsync(token), chain => chain with { CodeHash = SolanaArtifact.Hash })),
            });
            steps.Add(ImmutableStep());
            return;
        }

        if (program.CodeHash != SolanaArtifact.Hash) throw Wrong($"the program {_program} has code with sha256 {program.CodeHash}, this program's is {SolanaArtifact.Hash}; do not use it");
        steps.Add(new DeploymentStep("program", StepState.Done, $"{_program}, sha256 {program.CodeHash}"));
        if (program.Authority is null) steps.Add(new DeploymentStep("immutable", StepState.Done, "nobody can change the program"));
        else if (program.Authority == _deployer.Address) steps.Add(ImmutableStep());
        else steps.Add(new DeploymentStep("immutable", StepState.ForOthers, $"{program.Authority} can change the program, and every price with it; it should give that up (solana program set-upgrade-authority --final)"));
    }

    private DeploymentStep ImmutableStep() => Step("immutable", "give up the right to change the program, for good", 1, 0, _ => Task.FromResult<IReadOnlyList<SolanaInstruction>>([UpgradeableLoader.MakeImmutable(_program, _deployer.Address)]));

    private async Task<RegistryAccount?> ReadRegistryAsync(CancellationToken cancellationToken)
    {
        var account = await _retry.RunAsync(token => _rpc.GetAccountInfoAsync(_registry, token), cancellationToken);
        if (account is null) return null;
        if (account.Owner != _program) throw Wrong($"the account {_registry} belongs to {account.Owner}, not to the program {_program}");
        if (!RegistryAccount.TryDecode(account.Data, out var registry, out var error)) throw Wrong($"{_registry} is not a registry: {error}");
        if (registry.Deployment != _plan.Deployment) throw Wrong($"the registry {_registry} is of deployment {registry.Deployment:x16}, not {_plan.Deployment:x16}");
        if (registry.GenesisHash != _genesisHash) throw Wrong($"the registry {_registry} was made for the cluster {registry.GenesisHash}, not {_genesisHash}");
        if (registry.Owner != _owner && registry.Owner != _deployer.Address) throw Wrong($"the registry {_registry} is owned by {registry.Owner}, the configuration says {_owner} (and the deployer is {_deployer.Address}); correct the owner");
        return registry;
    }

    private async Task AddRegistryAsync(List<DeploymentStep> steps, RegistryAccount? registry, CancellationToken cancellationToken)
    {
        if (registry is not null)
        {
            steps.Add(new DeploymentStep("registry", StepState.Done, _registry.ToString()));
            return;
        }

        steps.Add(Step(
            "registry", $"create the registry at {_registry}: deployment {DeploymentRecord.IdText(_plan.Deployment)}, attestations up to {_plan.MaxFutureMillis} ms ahead and {_plan.MaxAttestationAgeMillis} ms old, guardian {Shown(_guardian)}",
            1, await RentAsync(RegistryAccount.Length, cancellationToken),
            async token =>
            [
                await CreateAsync(FeedsAddresses.RegistrySeed(_plan.Deployment), RegistryAccount.Length, token),
                FeedsProgram.InitRegistry(_program, _registry, _deployer.Address, _plan.Deployment, _genesisHash, _deployer.Address, _guardian, _plan.MaxFutureMillis, _plan.MaxAttestationAgeMillis),
            ]));
    }

    private async Task<ChainRecord> AddFeedsAsync(List<DeploymentStep> steps, ChainRecord entry, RegistryAccount? registry, CancellationToken cancellationToken)
    {
        var addresses = _plan.Feeds.Select(f => Target.FeedAccount(f.Id.Tag)).ToArray();
        var accounts = new List<SolanaAccount?>();
        foreach (var chunk in addresses.Chunk(SolanaRpcClient.MaxAccountsPerCall))
        {
            accounts.AddRange((await _retry.RunAsync(token => _rpc.GetMultipleAccountsAsync(chunk, 0, token), cancellationToken)).Value);
        }

        var rent = await RentAsync(FeedAccount.Length, cancellationToken);
        for (var i = 0; i < addresses.Length; i++)
        {
            var (feed, address) = (_plan.Feeds[i], addresses[i]);
            var record = FeedRecordEntry.Of(feed, address.ToString()) with { Description = "", Detailed = true };
            if (accounts[i] is null)
            {
                var what = $"register {feed.Feed.Name} ({feed.Feed.Identity}, {feed.Feed.Quote}, {feed.Feed.Unit}, {Price.Decimals} decimals), {feed.Min} to {feed.Max}, at {address}";
                steps.Add(OwnerStep(
                    $"feed {feed.Feed.Name}", what, 1, rent, registry,
                    async token =>
                    [
                        await CreateAsync(FeedsAddresses.FeedSeed(_plan.Deployment, feed.Id.Tag), FeedAccount.Length, token),
                        FeedsProgram.InitFeed(_program, _registry, _deployer.Address, address, feed.Feed, feed.Min, feed.Max),
                    ],
                    chain => chain.With(record)));
                continue;
            }

            var found = Feed(feed, address, accounts[i]!);
            entry = entry.With(record);
            steps.Add(new DeploymentStep($"feed {feed.Feed.Name}", StepState.Done, $"{feed.Id} at {address}"));
            if (found.MinPriceE8 == feed.Min.E8 && found.MaxPriceE8 == feed.Max.E8) continue;
            steps.Add(OwnerStep(
                $"bounds {feed.Feed.Name}", $"set bounds of {feed.Feed.Name} from {found.MinPriceE8}e-8 .. {found.MaxPriceE8}e-8 to {feed.Min} .. {feed.Max}", 1, 0, registry,
                _ => Task.FromResult<IReadOnlyList<SolanaInstruction>>([FeedsProgram.SetBounds(_program, _registry, _deployer.Address, address, feed.Min, feed.Max)])));
        }

        return entry;
    }

    private FeedAccount Feed(PlannedFeed planned, SolanaAddress address, SolanaAccount account)
    {
        if (account.Owner != _program) throw Wrong($"the account {address} belongs to {account.Owner}, not to the program {_program}");
        if (!FeedAccount.TryDecode(account.Data, out var feed, out var error)) throw Wrong($"{address} is not a feed: {error}");
        if (feed.Registry != _registry) throw Wrong($"the feed {address} belongs to the registry {feed.Registry}, not {_registry}");
        if (feed.Id != planned.Id) throw Wrong($"the account {address} is of feed {feed.Id}, not {planned.Id}; identity, quote, unit or decimals differ");
        return feed;
    }

    private void AddLimitsAndGuardian(List<DeploymentStep> steps, RegistryAccount? registry)
    {
        // The registry is created with them.
        if (registry is null) return;
        if (registry.MaxFutureMillis != _plan.MaxFutureMillis || registry.MaxAttestationAgeMillis != _plan.MaxAttestationAgeMillis)
        {
            steps.Add(OwnerStep(
                "limits", $"take attestations up to {_plan.MaxFutureMillis} ms ahead and {_plan.MaxAttestationAgeMillis} ms old; now {registry.MaxFutureMillis} and {registry.MaxAttestationAgeMillis}", 1, 0, registry,
                _ => Task.FromResult<IReadOnlyList<SolanaInstruction>>([FeedsProgram.SetLimits(_program, _registry, _deployer.Address, _plan.MaxFutureMillis, _plan.MaxAttestationAgeMillis)])));
        }

        if (registry.Guardian == _guardian) steps.Add(new DeploymentStep("guardian", StepState.Done, Shown(_guardian)));
        else steps.Add(OwnerStep("guardian", $"set the guardian from {Shown(registry.Guardian)} to {Shown(_guardian)}", 1, 0, registry, _ => Task.FromResult<IReadOnlyList<SolanaInstruction>>([FeedsProgram.SetGuardian(_program, _registry, _deployer.Address, _guardian)])));
    }

    private async Task<ChainRecord> AddSignersAsync(List<DeploymentStep> steps, ChainRecord entry, RegistryAccount? registry, CancellationToken cancellationToken)
    {
        var active = registry is { Current.Epoch: >= FirstEpoch };
        var epoch = active ? registry!.Current.Epoch : FirstEpoch;
        if (active) CheckActive(registry!.Current);
        var held = active ? registry!.Current.Keys : registry is { Pending.Epoch: FirstEpoch } ? registry.Pending.Keys : [];
        var found = _plan.Signers.TakeWhile((s, i) => i < held.Count && held[i] == new SolanaAddress(s.PublicKey)).Count();
        // A pending set with another key in it is begun anew by its first signer.
        if (found < held.Count) found = 0;
        foreach (var signer in _plan.Signers)
        {
            var name = $"signer {signer.Index}";
            if (signer.Index < found)
            {
                entry = entry.With(SignerRecord.Of(signer));
                steps.Add(new DeploymentStep(name, StepState.Done, $"{EvmHex.Data(signer.PublicKey)} in epoch {epoch}"));
                continue;
            }

            var message = ProofOfPossession.ForSolana(_plan.Deployment, _genesisHash.ToArray(), _program.ToArray(), epoch, signer.Index, signer.PublicKey);
            var key = EvmHex.Data(signer.PublicKey);
            steps.Add(await _proofs.FindAsync(signer.PublicKey, message, cancellationToken) is { } proof
                ? OwnerStep(
                    name, $"register {key} with its proof of possession", 2, 0, registry,
                    _ => Task.FromResult<IReadOnlyList<SolanaInstruction>>(
                    [
                        Ed25519Program.Verify(0, signer.PublicKey, proof, message),
                        FeedsProgram.AddSigner(_program, _registry, _deployer.Address, 0, epoch, signer.Index, signer.PublicKey),
                    ]),
                    chain => chain.With(SignerRecord.Of(signer)))
                : new DeploymentStep(name, StepState.Blocked, EvmChainDeployment.MissingProof(key, Name, _program.ToString(), epoch, signer.Index)));
        }

        if (active)
        {
            steps.Add(new DeploymentStep("epoch", StepState.Done, $"epoch {epoch}: {_plan.Threshold} of {held.Count} signers"));
            return entry with { Epoch = epoch, Threshold = _plan.Threshold, Signers = [.. _plan.Signers.Select(SignerRecord.Of)] };
        }

        steps.Add(OwnerStep(
            "epoch", $"activate epoch {epoch}: {_plan.Threshold} of {_plan.Signers.Count} signers", 1, 0, registry,
            _ => Task.FromResult<IReadOnlyList<SolanaInstruction>>([FeedsProgram.ActivateSigners(_program, _registry, _deployer.Address, epoch, _plan.Threshold, (byte)_plan.Signers.Count, 0)]),
            chain => chain with { Epoch = epoch, Threshold = _plan.Threshold }));
        return entry;
    }

    private void CheckActive(SignerSet set)
    {
        const string Rotate = "rotate signers with AddSigner and ActivateSigners, or correct the configuration";
        if (set.Keys.Count != _plan.Signers.Count || set.Threshold != _plan.Threshold) throw Wrong($"epoch {set.Epoch} has {set.Keys.Count} signers and threshold {set.Threshold}, the configuration says {_plan.Signers.Count} and {_plan.Threshold}; {Rotate}");
        foreach (var signer in _plan.Signers)
        {
            if (set.Keys[signer.Index] != new SolanaAddress(signer.PublicKey)) throw Wrong($"signer {signer.Index} of epoch {set.Epoch} is {EvmHex.Data(set.Keys[signer.Index].ToArray())}, the configuration says {EvmHex.Data(signer.PublicKey)}; {Rotate}");
            if (set.IsRevoked(signer.Index)) throw Wrong($"signer {signer.Index} of epoch {set.Epoch} was revoked; {Rotate}");
        }
    }

    private async Task<ChainRecord> AddLookupTableAsync(List<DeploymentStep> steps, ChainRecord entry, CancellationToken cancellationToken)
    {
        SolanaAddress[] wanted = [.. Target.TableAddresses(_plan.Feeds.Select(f => f.Id.Tag)).Take(LookupTable.MaxAddresses)];
        var table = await ReadTableAsync(entry, cancellationToken);
        SolanaAddress[] missing = [.. wanted.Except(table?.Addresses ?? [])];
        if (missing.Length == 0)
        {
            steps.Add(new DeploymentStep("lookup table", StepState.Done, $"{entry.LookupTable}: {table!.Addresses.Count} addresses"));
            return entry;
        }

        var rent = await RentAsync(LookupTableProgram.LengthOf(wanted.Length), cancellationToken);
        var transactions = (ulong)((missing.Length + LookupTableProgram.MostPerExtend - 1) / LookupTableProgram.MostPerExtend + (table is null ? 1 : 0));
        var what = table is null ? $"create an address lookup table of {wanted.Length} addresses" : $"add {missing.Length} addresses to {entry.LookupTable}";
        steps.Add(new DeploymentStep("lookup table", StepState.ToDo, what, transactions, table is null ? rent : 0) { Run = token => TalkAsync(() => MakeTableAsync(missing, token)) });
        return entry;
    }

    private async Task<StepOutcome> MakeTableAsync(SolanaAddress[] missing, CancellationToken cancellationToken)
    {
        var sent = new List<string>();
        if (await ReadTableAsync(Entry(), cancellationToken) is null)
        {
            // Its address comes from a slot of now: noted before it is sent, or a run that dies in between would not find it again.
            var now = await _retry.RunAsync(_rpc.GetSlotAsync, cancellationToken);
            var slot = Entry().LookupTableSlot is { } noted && now - Math.Min(noted, now) < SlotsOfALookupTable ? noted : now;
            Record(chain => chain with { LookupTableSlot = slot, LookupTable = LookupTableProgram.AddressOf(_deployer.Address, slot).Address.ToString() });
            sent.Add(await _sender.DeliverAsync("creating the lookup table", [LookupTableProgram.Create(_deployer.Address, _deployer.Address, slot)], cancellationToken));
        }

        var table = SolanaAddress.Parse(Entry().LookupTable!);
        foreach (var chunk in missing.Chunk(LookupTableProgram.MostPerExtend))
        {
            sent.Add(await _sender.DeliverAsync("filling the lookup table", [LookupTableProgram.Extend(table, _deployer.Address, _deployer.Address, chunk)], cancellationToken));
        }

        return new StepOutcome(sent, chain => chain);
    }

    private async Task<LookupTable?> ReadTableAsync(ChainRecord entry, CancellationToken cancellationToken)
    {
        if (!SolanaAddress.TryParse(entry.LookupTable, out var address)) return null;
        var account = await _retry.RunAsync(token => _rpc.GetAccountInfoAsync(address, token), cancellationToken);
        if (account is null) return null;
        return LookupTable.TryDecode(address, account.Owner, account.Data, out var table, out var error)
            ? table
            : throw Wrong($"the lookup table {address} cannot be used: {error}; remove lookupTable and lookupTableSlot from the record to have another one made");
    }

    private void AddOwner(List<DeploymentStep> steps, RegistryAccount? registry)
    {
        if (_owner == _deployer.Address || registry?.Owner == _owner)
        {
            steps.Add(new DeploymentStep("owner", StepState.Done, _owner.ToString()));
        }
        else if (registry?.PendingOwner == _owner)
        {
            steps.Add(new DeploymentStep("owner", StepState.ForOthers, $"offered to {_owner}, who must accept: program {_program}, accounts {_registry} (writable) and {_owner} (signer), data 0b"));
        }
        else
        {
            steps.Add(OwnerStep("owner", $"offer the registry to {_owner}, who must then accept", 1, 0, registry, _ => Task.FromResult<IReadOnlyList<SolanaInstruction>>([FeedsProgram.ProposeOwner(_program, _registry, _deployer.Address, _owner)])));
        }
    }

    /// <summary>What only the owner may do: ours as long as the deployer owns the registry.</summary>
    private DeploymentStep OwnerStep(
        string name, string what, ulong transactions, ulong deposit, RegistryAccount? registry, Func<CancellationToken, Task<IReadOnlyList<SolanaInstruction>>> instructions, Func<ChainRecord, ChainRecord>? recorded = null) =>
        registry is not null && registry.Owner != _deployer.Address
            ? new DeploymentStep(name, StepState.Blocked, $"{what}: only the owner {registry.Owner} can")
            : Step(name, what, transactions, deposit, instructions, recorded);

    private DeploymentStep Step(
        string name, string what, ulong transactions, ulong deposit, Func<CancellationToken, Task<IReadOnlyList<SolanaInstruction>>> instructions, Func<ChainRecord, ChainRecord>? recorded = null) =>
        new(name, StepState.ToDo, what, transactions, deposit)
        {
            Run = token => TalkAsync(async () => new StepOutcome([await _sender.DeliverAsync(name, await instructions(token), token)], recorded ?? (chain => chain))),
        };

    private async Task<SolanaInstruction> CreateAsync(string seed, int length, CancellationToken cancellationToken) =>
        SystemProgram.CreateAccountWithSeed(_deployer.Address, _deployer.Address, seed, await RentAsync(length, cancellationToken), (ulong)length, _program);

    private Task<ulong> RentAsync(int length, CancellationToken cancellationToken) => _retry.RunAsync(token => _rpc.GetMinimumBalanceForRentExemptionAsync(length, token), cancellationToken);

    private static string Shown(SolanaAddress address) => address == default ? "nobody" : address.ToString();

    private async Task<T> TalkAsync<T>(Func<Task<T>> talk)
    {
        try
        {
            return await talk();
        }
        catch (SolanaRpcException e)
        {
            throw Wrong(e.Message, e);
        }
    }

    private ChainException Wrong(string what, Exception? inner = null) => new($"{Name}: {what}", inner!);
}
