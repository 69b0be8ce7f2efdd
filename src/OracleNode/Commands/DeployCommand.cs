using System.CommandLine;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Chains.Solana;
using OracleNode.Configuration;
using OracleNode.Deployment;
using OracleNode.Signing;

namespace OracleNode.Commands;

/// <summary><c>deploy</c>: from a configuration to contracts that are deployed, registered, handed over and checked. Without <c>--execute</c> it only says what it would do.</summary>
internal static class DeployCommand
{
    public static Command Create(Option<string> config)
    {
        var chain = new Option<string?>("--chain") { Description = "Only this chain." };
        var execute = new Option<bool>("--execute") { Description = "Sends the transactions; without it nothing is sent or written." };
        var contracts = new Option<string?>("--contracts") { Description = "Record of the deployment; default: the key Contracts, else deploy/contracts/<deployment>.json." };
        var deploy = new Command("deploy", "Plans, or with --execute does, what it takes to have every configured chain ready: contract or program, feeds, signers, owner. Can be run again at any time.") { chain, execute, contracts };
        deploy.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(config), parsed.GetValue(chain), parsed.GetValue(execute), parsed.GetValue(contracts), Console.Out, Console.Error, cancellationToken));
        return deploy;
    }

    /// <returns>0 when all is done, or planned without an obstacle; else 1.</returns>
    public static async Task<int> RunAsync(string file, string? only, bool execute, string? contracts, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            var settings = NodeSettingsFactory.Create(ConfigurationFile.Read(file), deployed: false);
            using var parts = DeployParts.Create(settings, only, contracts);
            var good = true;
            foreach (var deployment in parts.Deployments) good &= await RunChainAsync(deployment, execute, output, error, cancellationToken);
            await output.WriteLineAsync(execute ? $"recorded in {parts.RecordPath}" : "nothing was sent; --execute does what is to do");
            return good ? 0 : 1;
        }
        catch (Exception e) when (e is ConfigurationException or ChainException or SigningException)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    /// <summary>One chain; what goes wrong there does not keep the others from being done.</summary>
    private static async Task<bool> RunChainAsync(IChainDeployment deployment, bool execute, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            var plan = execute ? await DeploymentRun.ExecuteAsync(deployment, output.WriteLine, cancellationToken) : await deployment.PlanAsync(cancellationToken);
            await PlanText.WriteAsync(plan, output);
            return execute ? plan.IsComplete : plan.Steps.All(s => s.State != StepState.Blocked);
        }
        catch (Exception e) when (e is ChainException or SigningException)
        {
            await error.WriteLineAsync(e.Message);
            return false;
        }
    }

    /// <summary>The deployments of a configuration, with the keys they need.</summary>
    private sealed class DeployParts : IDisposable
    {
        private readonly List<IDisposable> _owned = [];

        public required string RecordPath { get; init; }

        public List<IChainDeployment> Deployments { get; } = [];

        /// <exception cref="ConfigurationException">Something that deploying needs is missing; it lists all of it.</exception>
        /// <exception cref="ChainException">The record is damaged, or of another deployment.</exception>
        public static DeployParts Create(NodeSettings settings, string? only, string? contracts)
        {
            var options = settings.Options;
            if (settings.Deploy is not { } deploy) throw new ConfigurationException(["OracleNode:Deploy: the section is missing: must have Signers, Threshold, Feeds with bounds, and Chains with an Owner each."]);
            var names = options.Chains.Evm.Select(c => c.Name).Concat(options.Chains.Solana.Select(c => c.Name)).ToList();
            if (only is not null && !names.Contains(only)) throw new ConfigurationException([$"--chain = '{only}': must be one of {string.Join(", ", names)}."]);

            var path = contracts ?? (options.Contracts.Length > 0 ? options.Contracts : DeploymentRecordFile.DefaultPath(options.Deployment));
            var record = DeploymentRecordFile.Open(path, options.Deployment, settings.Deployment);
            var parts = new DeployParts { RecordPath = path };
            var errors = new List<string>();
            try
            {
                var proofs = parts.Proofs(settings, deploy, errors);
                foreach (var chain in options.Chains.Evm.Where(c => only is null || c.Name == only)) Try(() => parts.AddEvm(chain, deploy, proofs, record));
                foreach (var chain in options.Chains.Solana.Where(c => only is null || c.Name == only)) Try(() => parts.AddSolana(chain, deploy, proofs, record));
                if (errors.Count > 0) throw new ConfigurationException(errors);
                return parts;
            }
            catch
            {
                parts.Dispose();
                throw;
            }

            void Try(Action add)
            {
                try
                {
                    add();
                }
                catch (ChainException e)
                {
                    errors.Add(e.Message);
                }
            }
        }

        public void Dispose()
        {
            foreach (var owned in _owned) owned.Dispose();
        }

        private SignerProofs Proofs(NodeSettings settings, DeploySettings deploy, List<string> errors)
        {
            var files = new List<ProofFile>();
            foreach (var path in deploy.ProofFiles)
            {
                try
                {
                    files.Add(ProofFile.Read(path));
                }
                catch (ChainException e)
                {
                    errors.Add(e.Message);
                }
            }

            // Who deploys need not be one of the signers.
            if (!File.Exists(settings.Options.Signing.KeyFile)) return new SignerProofs(null, files);
            try
            {
                var signer = KeyFileSigner.Open(settings.Options.Signing.KeyFile);
                _owned.Add(signer);
                return new SignerProofs(signer, files);
            }
            catch (SigningException e)
            {
                errors.Add(e.Message);
                return new SignerProofs(null, files);
            }
        }

        private void AddEvm(EvmOptions chain, DeploySettings deploy, SignerProofs proofs, DeploymentRecordFile record)
        {
            var o = deploy.Chains[chain.Name];
            var deployer = EvmAccount.Load(HasOwnKey(o) ? new EvmOptions { Name = chain.Name, RelayerKeyFile = o.DeployerKeyFile, RelayerKeyEnvironment = o.DeployerKeyEnvironment } : chain);
            var guardian = o.Guardian.Length == 0 ? default : EvmAddress.Parse(o.Guardian);
            var http = EvmRpcClient.CreateHttpClient();
            _owned.Add(http);
            Deployments.Add(new EvmChainDeployment(chain, deployer, deploy.Plan, EvmAddress.Parse(o.Owner), guardian, proofs, record, http, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance));
        }

        private void AddSolana(SolanaOptions chain, DeploySettings deploy, SignerProofs proofs, DeploymentRecordFile record)
        {
            var o = deploy.Chains[chain.Name];
            var deployer = SolanaKeypair.LoadPayer(HasOwnKey(o) ? new SolanaOptions { Name = chain.Name, PayerKeyFile = o.DeployerKeyFile, PayerKeyEnvironment = o.DeployerKeyEnvironment } : chain);
            _owned.Add(deployer);
            var guardian = o.Guardian.Length == 0 ? default : SolanaAddress.Parse(o.Guardian);
            var deployment = new SolanaChainDeployment(chain, deployer, deploy.Plan, SolanaAddress.Parse(o.Owner), guardian, o.LookupTable, proofs, record, TimeProvider.System);
            _owned.Add(deployment);
            Deployments.Add(deployment);
        }

        private static bool HasOwnKey(DeployChainOptions o) => o.DeployerKeyFile.Length > 0 || o.DeployerKeyEnvironment.Length > 0;
    }
}
