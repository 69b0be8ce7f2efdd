using OracleNode.Chains;
using OracleNode.Chains.Solana;

namespace OracleNode.Deployment;

/// <summary>
/// Deploys the program through loader v3: a buffer, the code in pieces, the program. Program and buffer have addresses made from
/// the deployer's key and the code's hash, so that a run that died finds them again; pieces that are there already are not
/// written again.
/// </summary>
internal sealed class SolanaProgramWriter(string chain, SolanaRpcClient rpc, SolanaRetry retry, SolanaTransactionSender sender, SolanaAddress deployer, int parallel)
{
    /// <summary>Code bytes in one transaction: what a packet holds beside signature, accounts and compute budget.</summary>
    private const int PieceLength = 900;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Transactions that a deployment from nothing takes.</summary>
    public static int Transactions => 2 + (SolanaArtifact.Embedded.Length + PieceLength - 1) / PieceLength;

    /// <summary>Seed of the program's address.</summary>
    private static string ProgramSeed => "oracle-feeds-" + SolanaArtifact.Hash[2..18];

    private static string BufferSeed => "feeds-buffer-" + SolanaArtifact.Hash[2..18];

    /// <summary>Where a deployer's program is, or will be.</summary>
    public static SolanaAddress ProgramOf(SolanaAddress deployer) => SolanaAddress.WithSeed(deployer, ProgramSeed, SolanaPrograms.UpgradeableLoader);

    /// <summary>Lamports that stay in program and code.</summary>
    public async Task<ulong> DepositAsync(CancellationToken cancellationToken) =>
        await RentAsync(UpgradeableLoader.ProgramLength, cancellationToken) + await RentAsync(UpgradeableLoader.ProgramDataHeader + SolanaArtifact.Embedded.Length, cancellationToken);

    /// <summary>Deploys, from wherever a former run stopped.</summary>
    /// <returns>Signatures, in order.</returns>
    public async Task<IReadOnlyList<string>> DeployAsync(CancellationToken cancellationToken)
    {
        var code = SolanaArtifact.Embedded;
        var program = ProgramOf(deployer);
        var buffer = SolanaAddress.WithSeed(deployer, BufferSeed, SolanaPrograms.UpgradeableLoader);
        var sent = new List<string>();
        if (await ReadBufferAsync(buffer, cancellationToken) is null)
        {
            var length = UpgradeableLoader.BufferHeader + code.Length;
            var lamports = await RentAsync(length, cancellationToken);
            sent.Add(await sender.DeliverAsync(
                "creating the buffer",
                [
                    SystemProgram.CreateAccountWithSeed(deployer, deployer, BufferSeed, lamports, (ulong)length, SolanaPrograms.UpgradeableLoader),
                    UpgradeableLoader.InitializeBuffer(buffer, deployer),
                ],
                cancellationToken));
        }

        sent.AddRange(await WriteAsync(buffer, code, cancellationToken));
        var program36 = await RentAsync(UpgradeableLoader.ProgramLength, cancellationToken);
        sent.Add(await sender.DeliverAsync(
            "deploying the program",
            [
                SystemProgram.CreateAccountWithSeed(deployer, deployer, ProgramSeed, program36, UpgradeableLoader.ProgramLength, SolanaPrograms.UpgradeableLoader),
                UpgradeableLoader.DeployWithMaxDataLen(deployer, program, buffer, deployer, code.Length),
            ],
            cancellationToken));
        await AwaitNextSlotAsync(cancellationToken);
        return sent;
    }

    private async Task<List<string>> WriteAsync(SolanaAddress buffer, byte[] code, CancellationToken cancellationToken)
    {
        var held = await ReadBufferAsync(buffer, cancellationToken) ?? throw new ChainException($"{chain}: the buffer {buffer} is gone.");
        var missing = Enumerable.Range(0, (code.Length + PieceLength - 1) / PieceLength)
            .Select(i => i * PieceLength)
            .Where(offset => !Piece(code, offset).SequenceEqual(Piece(held, offset)))
            .ToArray();
        var sent = new string[missing.Length];
        await Parallel.ForAsync(0, missing.Length, new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken }, async (i, token) =>
            sent[i] = await sender.DeliverAsync($"writing code at {missing[i]}", [UpgradeableLoader.Write(buffer, deployer, missing[i], Piece(code, missing[i]))], token));
        held = await ReadBufferAsync(buffer, cancellationToken);
        if (held is null || !held.AsSpan().SequenceEqual(code)) throw new ChainException($"{chain}: the buffer {buffer} does not hold the code that was written to it; run again to write what is missing.");
        return [.. sent];
    }

    private static ReadOnlySpan<byte> Piece(byte[] code, int offset) => code.AsSpan(offset, Math.Min(PieceLength, code.Length - offset));

    private async Task<byte[]?> ReadBufferAsync(SolanaAddress buffer, CancellationToken cancellationToken)
    {
        var account = await retry.RunAsync(token => rpc.GetAccountInfoAsync(buffer, token), cancellationToken);
        if (account is null) return null;
        return account.Owner == SolanaPrograms.UpgradeableLoader && UpgradeableLoader.ReadBuffer(account.Data) is var (authority, code) && authority == deployer && code.Length == SolanaArtifact.Embedded.Length
            ? code
            : throw new ChainException($"{chain}: the account {buffer} is not the buffer of {deployer} for {SolanaArtifact.Embedded.Length} bytes of code; close it first.");
    }

    /// <summary>A program can be called from the slot after the one it was deployed in.</summary>
    private async Task AwaitNextSlotAsync(CancellationToken cancellationToken)
    {
        var slot = await retry.RunAsync(rpc.GetSlotAsync, cancellationToken);
        while (await retry.RunAsync(rpc.GetSlotAsync, cancellationToken) <= slot) await Task.Delay(Pause, cancellationToken);
    }

    private Task<ulong> RentAsync(int length, CancellationToken cancellationToken) => retry.RunAsync(token => rpc.GetMinimumBalanceForRentExemptionAsync(length, token), cancellationToken);
}
