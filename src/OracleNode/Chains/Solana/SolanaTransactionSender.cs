namespace OracleNode.Chains.Solana;

/// <summary>
/// Gets single transactions of a deployment onto a cluster: simulated, signed with the units that took, sent and sent again
/// until its status has the commitment asked for; signed anew when its blockhash expires first.
/// </summary>
internal sealed class SolanaTransactionSender(SolanaOptions options, SolanaRpcClient rpc, SolanaKeypair payer, SolanaAddress program, TimeProvider time)
{
    private const int Blockhashes = 4;

    private readonly SolanaRetry _retry = new(options.MaxRetries, options.RetryDelay, time);

    /// <summary>Delivers one.</summary>
    /// <param name="what">What it does, for messages.</param>
    /// <param name="instructions">The payer alone signs. The compute budget is put after them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its signature.</returns>
    /// <exception cref="ChainException">The cluster or a program refused it, or it did not land.</exception>
    /// <exception cref="SolanaRpcException">The endpoint failed.</exception>
    public async Task<string> DeliverAsync(string what, IReadOnlyList<SolanaInstruction> instructions, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Blockhashes; attempt++)
        {
            var blockhash = await _retry.RunAsync(rpc.GetLatestBlockhashAsync, cancellationToken);
            var trial = Sign(instructions, blockhash.Blockhash, ComputeBudgetProgram.MaxComputeUnitLimit, 0);
            var simulated = await _retry.RunAsync(token => rpc.SimulateTransactionAsync(trial, token), cancellationToken);
            if (simulated.Error is { IsBlockhashNotFound: true })
            {
                // A replica behind the one that gave the blockhash.
                await Task.Delay(options.StatusPollInterval, time, cancellationToken);
                continue;
            }

            if (simulated.Error is { } error) throw Refused(what, instructions, error);
            var units = Math.Min(simulated.UnitsConsumed + simulated.UnitsConsumed * (ulong)options.ComputeUnitMarginPercent / 100 + 1_000, ComputeBudgetProgram.MaxComputeUnitLimit);
            var transaction = Sign(instructions, blockhash.Blockhash, (uint)units, await PriceAsync(instructions, attempt, cancellationToken));
            if (await LandAsync(what, instructions, transaction, blockhash, cancellationToken)) return transaction.Signature;
        }

        throw new ChainException($"{options.Name}: {what}: not landed within the life of {Blockhashes} blockhashes; raise {nameof(SolanaOptions.MinComputeUnitPriceMicroLamports)} or try again later.");
    }

    /// <summary>False when its blockhash expired before it landed.</summary>
    private async Task<bool> LandAsync(string what, IReadOnlyList<SolanaInstruction> instructions, SolanaTransaction transaction, LatestBlockhash blockhash, CancellationToken cancellationToken)
    {
        var expired = false;
        long? sentAt = null;
        while (true)
        {
            if (!expired && (sentAt is null || time.GetElapsedTime(sentAt.Value) >= options.ResendInterval))
            {
                await _retry.RunAsync(
                    async token =>
                    {
                        await rpc.SendTransactionAsync(transaction, token);
                        return true;
                    },
                    cancellationToken);
                sentAt = time.GetTimestamp();
            }

            var status = (await _retry.RunAsync(token => rpc.GetSignatureStatusesAsync([transaction.Signature], token), cancellationToken))[0];
            if (status?.Error is { } failed) throw Refused(what, instructions, failed);
            if (status is not null && status.Commitment >= rpc.Commitment) return true;
            if (expired && status is null) return false;
            // Looked at before the last look at the status, so that what landed in its last block is seen.
            expired = await _retry.RunAsync(rpc.GetBlockHeightAsync, cancellationToken) > blockhash.LastValidBlockHeight;
            await Task.Delay(options.StatusPollInterval, time, cancellationToken);
        }
    }

    private async Task<ulong> PriceAsync(IReadOnlyList<SolanaInstruction> instructions, int expiries, CancellationToken cancellationToken)
    {
        SolanaAddress[] writable = [.. instructions.SelectMany(i => i.Accounts).Where(a => a.IsWritable).Select(a => a.Address).Distinct()];
        var recent = await _retry.RunAsync(token => rpc.GetRecentPrioritizationFeesAsync(writable, token), cancellationToken);
        return PriorityFee.Choose(recent, options.PriorityFeePercentile, expiries, (ulong)options.MinComputeUnitPriceMicroLamports, (ulong)options.MaxComputeUnitPriceMicroLamports);
    }

    private SolanaTransaction Sign(IReadOnlyList<SolanaInstruction> instructions, SolanaAddress blockhash, uint units, ulong price)
    {
        SolanaInstruction[] all = [.. instructions, ComputeBudgetProgram.SetComputeUnitLimit(units), ComputeBudgetProgram.SetComputeUnitPrice(price)];
        return SolanaTransaction.Sign(SolanaMessage.Compile(payer.Address, blockhash, all), payer);
    }

    private ChainException Refused(string what, IReadOnlyList<SolanaInstruction> instructions, SolanaTransactionError why)
    {
        var ours = why is { InstructionIndex: { } index, CustomCode: not null } && index < instructions.Count && instructions[index].Program == program;
        return new ChainException($"{options.Name}: {what} is refused: {(ours ? FeedsProgramError.Describe(why.CustomCode!.Value) : why.ToString())}");
    }
}
