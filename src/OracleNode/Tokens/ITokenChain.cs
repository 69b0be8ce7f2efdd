namespace OracleNode.Tokens;

/// <summary>A chain that tokens are read from.</summary>
internal interface ITokenChain : IDisposable
{
    /// <summary>Its configured name.</summary>
    string Name { get; }

    /// <summary>What may be shown of its endpoint.</summary>
    string Endpoint { get; }

    /// <summary>Reads every token; all of one snapshot is of one block. Bounded in size and time.</summary>
    /// <exception cref="Chains.ChainException">The chain could not be read; nothing is known of any token.</exception>
    Task<IReadOnlyList<ChainSnapshot>> ReadAsync(CancellationToken cancellationToken);
}
