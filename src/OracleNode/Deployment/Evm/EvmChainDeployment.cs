using System.Buffers.Binary;
using System.Globalization;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Deployment;

/// <summary>
/// OracleFeeds on one EVM chain. Its address is known before anything is sent: the deterministic deployer (CREATE2) gives it
/// from the deployment's id and the creation code with its arguments. So a run that died between sending and recording finds
/// the contract again, code at that address can come from nothing else, and proofs of possession can be made beforehand.
/// </summary>
/// <remarks>
/// <code>
/// contract -> feeds, bounds, guardian -> signers -> epoch -> offer to the owner -> (the owner accepts)
/// </code>
/// No price can be stored before the epoch is active, so that nothing is served half set up.
/// </remarks>
internal sealed class EvmChainDeployment : IChainDeployment
{
    /// <summary>Most gas one transaction may have (EIP-7825).</summary>
    public const ulong MostGas = 16_777_216;

    private const uint FirstEpoch = 1;

    private readonly EvmOptions _options;
    private readonly EvmAccount _deployer;
    private readonly ContractPlan _plan;
    private readonly EvmAddress _owner;
    private readonly EvmAddress _guardian;
    private readonly SignerProofs _proofs;
    private readonly DeploymentRecordFile _file;
    private readonly EvmArtifact _artifact;
    private readonly EvmRpcClient _rpc;
    private readonly EvmTransactionSender _sender;
    private readonly TimeProvider _time;
    private readonly byte[] _salt = new byte[32];
    private readonly byte[] _creation;

    /// <param name="options">The chain; its contract may be empty.</param>
    /// <param name="deployer">Pays, and owns the contract until the owner accepts it.</param>
    /// <param name="plan">What the contract shall hold.</param>
    /// <param name="owner">Who shall own it; the deployer itself is allowed.</param>
    /// <param name="guardian">Who may pause; zero for nobody.</param>
    /// <param name="proofs">Proofs of possession at hand.</param>
    /// <param name="file">The record.</param>
    /// <param name="http">From <see cref="EvmRpcClient.CreateHttpClient"/>.</param>
    /// <param name="time">Monotonic time for timeouts.</param>
    /// <param name="logger">Log.</param>
    /// <param name="artifact">Other code than this program's own; tests only.</param>
    public EvmChainDeployment(
        EvmOptions options, EvmAccount deployer, ContractPlan plan, EvmAddress owner, EvmAddress guardian, SignerProofs proofs, DeploymentRecordFile file,
        HttpClient http, TimeProvider time, ILogger logger, EvmArtifact? artifact = null)
    {
        _options = Patient(options);
        _deployer = deployer;
        _plan = plan;
        _owner = owner;
        _guardian = guardian;
        _proofs = proofs;
        _file = file;
        _time = time;
        _artifact = artifact ?? EvmArtifact.Embedded;
        _rpc = new EvmRpcClient(new Uri(options.RpcUrl), http, time, _options.RequestTimeout, _options.MaxResponseBytes);
        _sender = new EvmTransactionSender(_options, deployer, _rpc, time, logger);
        _creation = CreationCode(_artifact, plan, deployer.Address);
        BinaryPrimitives.WriteUInt64BigEndian(_salt.AsSpan(24), plan.Deployment);
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <summary>Where the contract is, or will be.</summary>
    public EvmAddress Contract => _file.Record.Of(Name) is { } known && EvmAddress.TryParse(known.Contract, out var recorded) ? recorded : DeterministicDeployer.AddressOf(_salt, _creation);

    /// <summary>Gas of what this run has sent.</summary>
    public ulong GasUsed { get; private set; }

    /// <inheritdoc/>
    public void Record(Func<ChainRecord, ChainRecord> change) => _file.Put(change(Entry()));

    /// <inheritdoc/>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        // What a run that died has left in waiting is ours: seeing it land is better than sending it again.
        var started = _time.GetTimestamp();
        await TalkAsync(async () =>
        {
            while (_time.GetElapsedTime(started) < _options.ReceiptTimeout)
            {
                var latest = await RetryAsync(ct => _rpc.GetTransactionCountAsync(_deployer.Address, EvmBlockTag.Latest, ct), cancellationToken);
                if (await RetryAsync(ct => _rpc.GetTransactionCountAsync(_deployer.Address, EvmBlockTag.Pending, ct), cancellationToken) <= latest) return true;
                await Task.Delay(_options.ReceiptPollInterval, _time, cancellationToken);
            }

            return false;
        });
    }

    /// <inheritdoc/>
    public Task<ChainPlan> PlanAsync(CancellationToken cancellationToken) => TalkAsync(() => PlanStepsAsync(cancellationToken));

    private async Task<ChainPlan> PlanStepsAsync(CancellationToken cancellationToken)
    {
        var chainId = await RetryAsync(_rpc.GetChainIdAsync, cancellationToken);
        if (chainId != _options.ChainId) throw Wrong($"{_rpc.Endpoint} is chain {chainId}, not {_options.ChainId}; set {nameof(EvmOptions.RpcUrl)} to an endpoint of chain {_options.ChainId}");
        var known = _file.Record.Of(Name);
        if (known is not null && known.ChainId != ChainIdText) throw Wrong($"the record is of chain {known.ChainId}, not {_options.ChainId}; name another record");
        var contract = Contract;
        if (_options.Contract.Length > 0 && EvmAddress.Parse(_options.Contract) != contract)
        {
            throw Wrong($"{nameof(EvmOptions.Contract)} = '{_options.Contract}': the contract {(known is null ? "will be" : "is recorded")} at {contract}; leave the key empty, or name the record of that contract");
        }

        var reader = new EvmContractReader(_options, _rpc, contract, _time);
        var state = await reader.StateAsync(cancellationToken);
        if (state is not null) CheckState(state, contract, known);
        else if (known is { CodeHash.Length: > 0 }) throw Wrong($"the record says that OracleFeeds is at {contract}, and there is no code; is this another chain with the same id, or one that was reset? Remove its entry from the record to deploy anew");

        var steps = new List<DeploymentStep>();
        var entry = Entry() with { CodeHash = state?.CodeHash ?? "" };
        steps.Add(await ContractStepAsync(contract, state, cancellationToken));
        entry = await AddFeedsAsync(steps, entry, reader, contract, state, cancellationToken);
        AddGuardian(steps, contract, state);
        entry = await AddSignersAsync(steps, entry, reader, contract, state, cancellationToken);
        AddOwner(steps, contract, state);
        if (state is not null) steps = await EstimatedAsync(steps, cancellationToken);

        var block = await RetryAsync(_rpc.GetLatestBlockAsync, cancellationToken);
        var tip = UInt128.Min(await RetryAsync(_rpc.GetMaxPriorityFeePerGasAsync, cancellationToken), (UInt128)_options.MaxPriorityFeePerGasWei);
        var balance = await RetryAsync(ct => _rpc.GetBalanceAsync(_deployer.Address, ct), cancellationToken);
        return new ChainPlan(Name, ChainKind.Evm, ChainIdText, contract.ToString(), _deployer.Address.ToString(), balance, block.BaseFeePerGas + tip, steps) { Observed = entry };
    }

    private string ChainIdText => _options.ChainId.ToString(CultureInfo.InvariantCulture);

    /// <summary>The chain's entry of the record, or the beginning of one.</summary>
    private ChainRecord Entry() => (_file.Record.Of(Name) ?? new ChainRecord(Name, ChainKind.Evm, ChainIdText, Contract.ToString(), "", null, _deployer.Address.ToString(), "", "", 0, 0, [], [], null, null, [])) with
    {
        Owner = _owner.ToString(),
        Guardian = _guardian.IsZero ? "" : _guardian.ToString(),
    };

    private void CheckState(EvmContractState state, EvmAddress contract, ChainRecord? known)
    {
        var recorded = known?.CodeHash is { Length: > 0 } hash ? hash : null;
        if (recorded is not null && recorded != state.CodeHash) throw Wrong($"the code at {contract} has hash {state.CodeHash}, the record says {recorded}; do not use this contract");
        if (recorded is null && !_artifact.IsCodeOf(state.Code)) throw Wrong($"the code at {contract} (hash {state.CodeHash}) is not the OracleFeeds that this program deploys");
        if (state.Deployment != _plan.Deployment) throw Wrong($"{contract} belongs to deployment {state.Deployment:x16}, the configuration is of {_plan.Deployment:x16}");
        if (state.MaxFutureMillis != _plan.MaxFutureMillis || state.MaxAttestationAgeMillis != _plan.MaxAttestationAgeMillis)
        {
            throw Wrong($"{contract} takes attestations {state.MaxFutureMillis} ms ahead to {state.MaxAttestationAgeMillis} ms old, the configuration says {_plan.MaxFutureMillis} and {_plan.MaxAttestationAgeMillis}; a contract's limits cannot be changed");
        }

        if (state.Owner != _owner && state.Owner != _deployer.Address) throw Wrong($"{contract} is owned by {state.Owner}, the configuration says {_owner} (and the deployer is {_deployer.Address}); correct the owner");
    }

    private async Task<DeploymentStep> ContractStepAsync(EvmAddress contract, EvmContractState? state, CancellationToken cancellationToken)
    {
        if (state is not null) return new DeploymentStep("contract", StepState.Done, $"OracleFeeds at {contract}, code hash {state.CodeHash}");
        var proxy = await RetryAsync(ct => _rpc.GetCodeAsync(DeterministicDeployer.Address, ct), cancellationToken);
        if (proxy.Length == 0) return new DeploymentStep("contract", StepState.Blocked, $"this chain has no deterministic deployer at {DeterministicDeployer.Address}; it is put there by anyone, see github.com/Arachnid/deterministic-deployment-proxy");

        var data = DeterministicDeployer.Creation(_salt, _creation);
        var gas = await EstimateAsync(DeterministicDeployer.Address, data, cancellationToken) ?? EvmStepGas.Create;
        if (gas > MostGas) return new DeploymentStep("contract", StepState.Blocked, $"creating OracleFeeds takes {gas} gas; one transaction may have {MostGas}");
        return new DeploymentStep("contract", StepState.ToDo, $"create OracleFeeds at {contract}: deployment {DeploymentRecord.IdText(_plan.Deployment)}, attestations up to {_plan.MaxFutureMillis} ms ahead and {_plan.MaxAttestationAgeMillis} ms old", gas)
        {
            Run = async ct =>
            {
                var sent = await SendAsync("creating OracleFeeds", DeterministicDeployer.Address, data, ct);
                var code = await new EvmContractReader(_options, _rpc, contract, _time).CodeAsync(ct);
                if (!_artifact.IsCodeOf(code)) throw Wrong($"after transaction {sent[^1]} there is not the code of OracleFeeds at {contract}");
                return new StepOutcome(sent, chain => chain with { CodeHash = EvmContractState.HashOf(code) });
            },
        };
    }

    private async Task<ChainRecord> AddFeedsAsync(List<DeploymentStep> steps, ChainRecord entry, EvmContractReader reader, EvmAddress contract, EvmContractState? state, CancellationToken cancellationToken)
    {
        var registered = state is null ? [] : await reader.FeedIdsAsync(cancellationToken);
        foreach (var feed in _plan.Feeds)
        {
            var name = $"feed {feed.Feed.Name}";
            if (!registered.Contains(feed.Id))
            {
                var registration = new EvmFeedRegistration(feed.Feed, feed.Min.E8, feed.Max.E8, feed.Detailed, feed.Description);
                var what = $"register {feed.Feed.Name} ({feed.Feed.Identity}, {feed.Feed.Quote}, {feed.Feed.Unit}, {Price.Decimals} decimals), {feed.Min} to {feed.Max}{(feed.Detailed ? ", detailed" : "")}, '{feed.Description}'";
                steps.Add(OwnerStep(name, what, contract, OracleFeedsAdministration.RegisterFeed(registration), EvmStepGas.RegisterFeed, state, async ct =>
                {
                    var proxy = (await reader.FeedAsync(feed.Id, ct)).Proxy;
                    return chain => chain.With(FeedRecordEntry.Of(feed, proxy.ToString()));
                }));
                continue;
            }

            var (info, proxy) = await reader.FeedAsync(feed.Id, cancellationToken);
            if (info.Unit != (byte)feed.Feed.Unit || info.Decimals != Price.Decimals) throw Wrong($"{feed.Feed.Name} ({feed.Id}) stands with unit {info.Unit} and {info.Decimals} decimals, not {(byte)feed.Feed.Unit} and {Price.Decimals}");
            entry = entry.With(FeedRecordEntry.Of(feed, proxy.ToString()) with { Description = info.Description });
            steps.Add(new DeploymentStep(name, StepState.Done, $"{feed.Id} at {proxy}"));
            if (info.MinPriceE8 == feed.Min.E8 && info.MaxPriceE8 == feed.Max.E8) continue;
            steps.Add(OwnerStep(
                $"bounds {feed.Feed.Name}", $"set bounds of {feed.Feed.Name} from {info.MinPriceE8}e-8 .. {info.MaxPriceE8}e-8 to {feed.Min} .. {feed.Max}", contract,
                OracleFeedsAdministration.SetBounds(feed.Id, feed.Min.E8, feed.Max.E8), EvmStepGas.SetBounds, state));
        }

        return entry;
    }

    private void AddGuardian(List<DeploymentStep> steps, EvmAddress contract, EvmContractState? state)
    {
        if ((state?.Guardian ?? default) == _guardian) steps.Add(new DeploymentStep("guardian", StepState.Done, Shown(_guardian)));
        else steps.Add(OwnerStep("guardian", $"set the guardian from {Shown(state?.Guardian ?? default)} to {Shown(_guardian)}", contract, OracleFeedsAdministration.SetGuardian(_guardian), EvmStepGas.SetGuardian, state));
    }

    private async Task<ChainRecord> AddSignersAsync(List<DeploymentStep> steps, ChainRecord entry, EvmContractReader reader, EvmAddress contract, EvmContractState? state, CancellationToken cancellationToken)
    {
        var epoch = Math.Max(FirstEpoch, state?.CurrentEpoch ?? 0);
        var active = state?.CurrentEpoch >= FirstEpoch;
        var info = state is null ? default : await reader.EpochAsync(epoch, cancellationToken);
        var found = 0;
        foreach (var signer in _plan.Signers)
        {
            var name = $"signer {signer.Index}";
            var ours = new Hash32(signer.PublicKey);
            var key = state is null ? default : await reader.SignerAsync(epoch, signer.Index, cancellationToken);
            if (key == ours)
            {
                found++;
                entry = entry.With(SignerRecord.Of(signer));
                steps.Add(new DeploymentStep(name, StepState.Done, $"{ours} in epoch {epoch}"));
            }
            else if (active || key != default)
            {
                throw Wrong($"signer {signer.Index} of epoch {epoch} is {(key == default ? "nobody" : key)}, the configuration says {ours}; {(active ? "rotate signers with registerSigner and activateEpoch, then correct the configuration" : "the owner must discard it first")}");
            }
            else
            {
                steps.Add(await SignerStepAsync(name, signer, epoch, contract, state, cancellationToken));
            }
        }

        if (info.Signers > found) throw Wrong($"epoch {epoch} has {info.Signers} signers, {info.Signers - found} of them not in the configuration; {(active ? "rotate" : "the owner must discard them")} first");
        if (!active)
        {
            steps.Add(OwnerStep(
                "epoch", $"activate epoch {epoch}: {_plan.Threshold} of {_plan.Signers.Count} signers", contract, OracleFeedsAdministration.ActivateEpoch(epoch, _plan.Threshold, 0), EvmStepGas.ActivateEpoch, state,
                _ => Task.FromResult<Func<ChainRecord, ChainRecord>>(chain => chain with { Epoch = epoch, Threshold = _plan.Threshold })));
            return entry;
        }

        if (info.ValidUntilUnixSeconds == 0) throw Wrong($"epoch {epoch} was revoked; rotate to a new signer set");
        if (info.Threshold != _plan.Threshold) throw Wrong($"epoch {epoch} has threshold {info.Threshold}, the configuration says {_plan.Threshold}; rotate, or correct the configuration");
        steps.Add(new DeploymentStep("epoch", StepState.Done, $"epoch {epoch}: {info.Threshold} of {info.Signers} signers"));
        return entry with { Epoch = epoch, Threshold = info.Threshold, Signers = [.. _plan.Signers.Select(SignerRecord.Of)] };
    }

    private async Task<DeploymentStep> SignerStepAsync(string name, PlannedSigner signer, uint epoch, EvmAddress contract, EvmContractState? state, CancellationToken cancellationToken)
    {
        var message = ProofOfPossession.ForEvm(_plan.Deployment, _options.ChainId, contract.ToArray(), epoch, signer.Index, signer.PublicKey);
        var key = EvmHex.Data(signer.PublicKey);
        return await _proofs.FindAsync(signer.PublicKey, message, cancellationToken) is { } proof
            ? OwnerStep(name, $"register {key} with its proof of possession", contract, OracleFeedsAdministration.RegisterSigner(signer.Index, signer.PublicKey, proof), EvmStepGas.RegisterSigner, state,
                _ => Task.FromResult<Func<ChainRecord, ChainRecord>>(chain => chain.With(SignerRecord.Of(signer))))
            : new DeploymentStep(name, StepState.Blocked, MissingProof(key, Name, contract.ToString(), epoch, signer.Index));
    }

    /// <summary>What to ask the operator of a signer for.</summary>
    internal static string MissingProof(string key, string chain, string contract, uint epoch, byte index) =>
        $"no good proof of possession of {key}: its operator runs 'keys prove --chain {chain} --contract {contract} --out FILE' with Signing:Epoch {epoch} and Signing:SignerIndex {index}, and the file goes into Deploy:ProofFiles";

    private void AddOwner(List<DeploymentStep> steps, EvmAddress contract, EvmContractState? state)
    {
        if (_owner == _deployer.Address || state?.Owner == _owner)
        {
            steps.Add(new DeploymentStep("owner", StepState.Done, _owner.ToString()));
        }
        else if (state?.PendingOwner == _owner)
        {
            steps.Add(new DeploymentStep("owner", StepState.ForOthers, $"offered to {_owner}, who must accept: to {contract}, data {EvmHex.Data(OracleFeedsAdministration.AcceptOwnership())}"));
        }
        else
        {
            steps.Add(OwnerStep("owner", $"offer ownership to {_owner}, who must then accept", contract, OracleFeedsAdministration.TransferOwnership(_owner), EvmStepGas.TransferOwnership, state));
        }
    }

    /// <summary>A call that only the owner may make: ours to do as long as the deployer owns the contract.</summary>
    private DeploymentStep OwnerStep(
        string name, string what, EvmAddress contract, byte[] data, ulong gas, EvmContractState? state, Func<CancellationToken, Task<Func<ChainRecord, ChainRecord>>>? recorded = null)
    {
        if (state is not null && state.Owner != _deployer.Address) return new DeploymentStep(name, StepState.Blocked, $"{what}: only the owner {state.Owner} can: to {contract}, data {EvmHex.Data(data)}");
        return new DeploymentStep(name, StepState.ToDo, what, gas)
        {
            Call = (contract, data),
            Run = async ct =>
            {
                var sent = await SendAsync(what, contract, data, ct);
                return new StepOutcome(sent, recorded is null ? chain => chain : await TalkAsync(() => recorded(ct)));
            },
        };
    }

    /// <summary>With the chain's own estimate where it can give one: not before what a step builds on is there.</summary>
    private async Task<List<DeploymentStep>> EstimatedAsync(List<DeploymentStep> steps, CancellationToken cancellationToken)
    {
        var estimated = new List<DeploymentStep>(steps.Count);
        foreach (var step in steps)
        {
            var gas = step.Call is var (to, data) ? await EstimateAsync(to, data, cancellationToken) : null;
            estimated.Add(gas is { } units ? step with { Units = units } : step);
        }

        return estimated;
    }

    private async Task<ulong?> EstimateAsync(EvmAddress to, byte[] data, CancellationToken cancellationToken)
    {
        try
        {
            return await RetryAsync(ct => _rpc.EstimateGasAsync(new EvmCall(_deployer.Address, to, data), ct), cancellationToken);
        }
        catch (EvmRpcException e) when (e.Failure == EvmRpcFailure.Refused)
        {
            // Without a balance, or before the step it builds on.
            return null;
        }
    }

    private Task<IReadOnlyList<string>> SendAsync(string what, EvmAddress to, byte[] data, CancellationToken cancellationToken) => TalkAsync<IReadOnlyList<string>>(async () =>
    {
        ulong gas;
        try
        {
            gas = await RetryAsync(ct => _rpc.EstimateGasAsync(new EvmCall(_deployer.Address, to, data), ct), cancellationToken);
        }
        catch (EvmRpcException e) when (e.Failure == EvmRpcFailure.Refused)
        {
            var reason = e.Error is { Data.IsEmpty: false } error ? EvmRevert.Decode(error.Data.Span).Words : e.Message;
            throw new ChainException($"{Name}: {what} is refused: {reason}", e);
        }

        if (gas > MostGas) throw Wrong($"{what} takes {gas} gas; one transaction may have {MostGas}");
        var delivery = await _sender.DeliverAsync(to, data, Math.Min(gas + gas / 5, MostGas), cancellationToken);
        switch (delivery.Receipt)
        {
            case { Succeeded: true } receipt:
                GasUsed += receipt.GasUsed;
                return [receipt.TransactionHash.ToString()];
            case { } reverted:
                throw Wrong($"{what} reverted in block {reverted.BlockNumber} after {reverted.GasUsed} gas (transaction {reverted.TransactionHash})");
            default:
                throw Wrong($"{what} failed ({delivery.Status}): {delivery.Detail}");
        }
    });

    private static byte[] CreationCode(EvmArtifact artifact, ContractPlan plan, EvmAddress owner) =>
        [.. artifact.Creation, .. OracleFeedsAdministration.ConstructorArguments(plan.Deployment, owner, plan.MaxFutureMillis, plan.MaxAttestationAgeMillis)];

    // A deployment is worth more patience than a price.
    private static EvmOptions Patient(EvmOptions options) => new()
    {
        Name = options.Name,
        RpcUrl = options.RpcUrl,
        ChainId = options.ChainId,
        Contract = options.Contract,
        MaxFeePerGasWei = options.MaxFeePerGasWei,
        MaxPriorityFeePerGasWei = options.MaxPriorityFeePerGasWei,
        RequestTimeout = options.RequestTimeout * 10,
        MaxResponseBytes = options.MaxResponseBytes,
        MaxRetries = options.MaxRetries,
        RetryDelay = options.RetryDelay,
        ReceiptTimeout = options.ReceiptTimeout * 4,
        ReceiptPollInterval = options.ReceiptPollInterval,
        ReplaceAfter = options.ReplaceAfter * 2,
        ReplacementBumpBps = options.ReplacementBumpBps,
        MaxReplacements = options.MaxReplacements,
    };

    private static string Shown(EvmAddress address) => address.IsZero ? "nobody" : address.ToString();

    private Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) => EvmRetry.RunAsync(call, _options, _time, cancellationToken);

    private async Task<T> TalkAsync<T>(Func<Task<T>> talk)
    {
        try
        {
            return await talk();
        }
        catch (EvmRpcException e)
        {
            throw Wrong(e.Error is { Kind: EvmRpcErrorKind.Reverted, Data.IsEmpty: false } error ? $"{e.Message} {EvmRevert.Decode(error.Data.Span).Words}" : e.Message, e);
        }
        catch (FormatException e)
        {
            throw Wrong($"{_rpc.Endpoint} answers what {Contract} cannot have said: {e.Message}", e);
        }
    }

    private ChainException Wrong(string what, Exception? inner = null) => new($"{Name}: {what}", inner!);
}
