namespace OracleNode.Chains.Solana;

/// <summary>Tries an RPC call again while its failure may pass, a bounded number of times, with a doubling pause.</summary>
internal sealed class SolanaRetry(int maxRetries, TimeSpan delay, TimeProvider time)
{
    /// <exception cref="SolanaRpcException">The last failure.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await call(cancellationToken);
            }
            catch (SolanaRpcException e) when (e.IsTransient && attempt < maxRetries)
            {
                await Task.Delay(delay * (1 << attempt), time, cancellationToken);
            }
        }
    }
}
