namespace OracleNode.Chains.Evm;

/// <summary>Tries an RPC call again when the endpoint failed or was busy; a refusal or nonsense is final at once.</summary>
internal static class EvmRetry
{
    public static async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, EvmOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var delay = options.RetryDelay;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await call(cancellationToken);
            }
            catch (EvmRpcException e) when (attempt < options.MaxRetries && (e.Failure == EvmRpcFailure.Transport || e.Error?.Kind is EvmRpcErrorKind.Busy or EvmRpcErrorKind.UnknownBlock))
            {
                await Task.Delay(delay, time, cancellationToken);
                delay *= 2;
            }
        }
    }
}
