using OracleNode.Chains;
using OracleNode.Chains.Solana;

namespace OracleNode.Deployment;

/// <summary>A program as a cluster has it.</summary>
/// <param name="CodeHash">sha256 of its executable data.</param>
/// <param name="Authority">Who may change it; null for nobody.</param>
internal sealed record SolanaProgramState(string CodeHash, SolanaAddress? Authority);

/// <summary>Reads the code of a program, whichever loader has it.</summary>
internal static class SolanaProgramReader
{
    /// <summary>Null when there is no account.</summary>
    /// <exception cref="ChainException">There is something else than a program.</exception>
    /// <exception cref="SolanaRpcException">The endpoint failed.</exception>
    public static async Task<SolanaProgramState?> ReadAsync(string chain, SolanaRpcClient rpc, SolanaRetry retry, SolanaAddress program, CancellationToken cancellationToken)
    {
        var account = await retry.RunAsync(token => rpc.GetAccountInfoAsync(program, token), cancellationToken);
        if (account is null) return null;
        if (!account.Executable) throw new ChainException($"{chain}: the account {program} (owner {account.Owner}) is not an executable program");
        if (account.Owner == SolanaPrograms.Loader2) return new SolanaProgramState(SolanaArtifact.HashOf(account.Data), null);
        if (account.Owner != SolanaPrograms.UpgradeableLoader || UpgradeableLoader.ReadProgram(account.Data) is not { } at)
        {
            throw new ChainException($"{chain}: the program {program} is of loader {account.Owner}, whose code this program cannot check; deploy it with loader {SolanaPrograms.UpgradeableLoader}");
        }

        var data = await retry.RunAsync(token => rpc.GetAccountInfoAsync(at, token), cancellationToken);
        return data is not null && data.Owner == SolanaPrograms.UpgradeableLoader && UpgradeableLoader.ReadProgramData(data.Data) is var (_, authority, code)
            ? new SolanaProgramState(SolanaArtifact.HashOf(code), authority)
            : throw new ChainException($"{chain}: the program {program} names {at} as its code, and there is none; was it closed?");
    }
}
