using OracleNode.Chains.Evm;
using OracleNode.Market;

namespace OracleNode.Chains;

/// <summary>
/// A price feed on a local EVM chain with the interface that Chainlink documents: a proxy that stays where it is (<see cref="Address"/>, the address to configure) and the phase behind it
/// that answers. Eight decimals. Every member sends a transaction of <see cref="TokenContracts.Owner"/>.
/// </summary>
internal sealed class PriceAggregator
{
    /// <summary>Decimals of its answers.</summary>
    public const byte Decimals = 8;

    private const int SelectorLength = 4;

    private readonly TokenContracts _contracts;

    private PriceAggregator(TokenContracts contracts, EvmAddress address, EvmAddress phase)
    {
        _contracts = contracts;
        (Address, Phase) = (address, phase);
    }

    /// <summary>The proxy's.</summary>
    public EvmAddress Address { get; }

    /// <summary>The phase that is behind it.</summary>
    public EvmAddress Phase { get; }

    /// <summary>Creates one for a currency's price in dollars, in one transaction, without an answer: <see cref="ReportAsync"/> gives the first.</summary>
    /// <param name="contracts">The chain.</param>
    /// <param name="currency">USDC or USDT.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ChainException">It did not land, or failed.</exception>
    public static Task<PriceAggregator> DeployAsync(TokenContracts contracts, string currency, CancellationToken cancellationToken) =>
        DeployAsync(contracts, $"{currency} / USD", Price.FromE8(Price.One / 100), Price.FromE8(1_000 * Price.One), cancellationToken);

    /// <summary>Creates one with a description and bounds of its own: an answer outside them is not taken, as on chains.</summary>
    /// <exception cref="ChainException">It did not land, or failed.</exception>
    public static async Task<PriceAggregator> DeployAsync(TokenContracts contracts, string description, Price min, Price max, CancellationToken cancellationToken)
    {
        var proxy = await contracts.DeployAsync("PriceAggregatorProxy", Constructor(description, min, max), cancellationToken);
        // The first that the proxy creates: a contract's own count begins at 1 (EIP-161).
        return new PriceAggregator(contracts, proxy, EvmAddress.OfCreation(proxy, 1));
    }

    /// <summary>Answers from now on, in a next round whose time is the block's.</summary>
    /// <exception cref="ChainException">It did not land; or the answer lies outside the bounds.</exception>
    public Task ReportAsync(Price answer, CancellationToken cancellationToken) =>
        _contracts.SendAsync(Phase, new AbiWriter("report(int256)", 1).Signed(answer.E8).ToArray(), cancellationToken);

    /// <summary>Answers anything at all: for tests of what no network should answer.</summary>
    /// <param name="round">Of the phase, without the proxy's 16 bits.</param>
    /// <param name="answerE8">Need not be a price.</param>
    /// <param name="updatedAt">Unix seconds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ChainException">It did not land.</exception>
    public Task ForceAsync(ulong round, long answerE8, ulong updatedAt, CancellationToken cancellationToken) =>
        _contracts.SendAsync(Phase, new AbiWriter("force(uint80,int256,uint256)", 3).Unsigned(round).Signed(answerE8).Unsigned(updatedAt).ToArray(), cancellationToken);

    /// <summary>Puts a new phase with other bounds behind the same proxy, without an answer yet.</summary>
    /// <returns>The same feed, whose reports go to the new phase.</returns>
    /// <exception cref="ChainException">It did not land.</exception>
    public async Task<PriceAggregator> ReplacePhaseAsync(string description, Price min, Price max, CancellationToken cancellationToken)
    {
        var next = await _contracts.DeployAsync("PriceAggregator", Constructor(description, min, max), cancellationToken);
        await _contracts.SendAsync(Address, new AbiWriter("setAggregator(address)", 1).Address(next).ToArray(), cancellationToken);
        return new PriceAggregator(_contracts, Address, next);
    }

    private static byte[] Constructor(string description, Price min, Price max) =>
        new AbiWriter("constructor(address,string,uint8,int192,int192)", 5).Address(TokenContracts.Owner).Text(description).Unsigned(Decimals).Signed(min.E8).Signed(max.E8).ToArray()[SelectorLength..];
}
