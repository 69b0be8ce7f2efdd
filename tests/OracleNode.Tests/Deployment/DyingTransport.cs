namespace OracleNode.Deployment;

/// <summary>A process that dies at its n-th transaction: just before it is sent, or when it was sent and nobody heard the answer. From then on nothing goes out.</summary>
internal sealed class DyingTransport(int atSend, bool afterSend) : DelegatingHandler(new SocketsHttpHandler())
{
    private int _sends;
    private volatile bool _dead;

    public bool IsDead => _dead;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_dead) throw new DeadException();
        var body = await request.Content!.ReadAsStringAsync(cancellationToken);
        var sends = body.Contains("\"eth_sendRawTransaction\"", StringComparison.Ordinal) || body.Contains("\"sendTransaction\"", StringComparison.Ordinal);
        if (!sends || Interlocked.Increment(ref _sends) != atSend) return await base.SendAsync(request, cancellationToken);

        _dead = true;
        if (afterSend) (await base.SendAsync(request, cancellationToken)).Dispose();
        throw new DeadException();
    }
}

/// <summary>Nothing in the program catches it, as nothing catches a kill.</summary>
internal sealed class DeadException : Exception;
