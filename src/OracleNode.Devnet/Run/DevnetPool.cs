using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using OracleNode.Chains;
using OracleNode.Chains.Solana;
using OracleNode.Clock;
using OracleNode.Market;
using OracleNode.MarketData;

namespace OracleNode.Run;

/// <summary>A Raydium pool of a token against USDC on the local cluster, which follows the token's market as arbitrage makes it.</summary>
internal sealed partial class DevnetPool : IAsyncDisposable
{
    /// <summary>Name of the source that reads it.</summary>
    public const string SourceName = "raydium";

    private const int PremiumBps = 10;
    private const byte UsdcDecimals = 6;
    private const byte TokenDecimals = 8;

    /// <summary>A swap a second is what the node's source, which asks as often, can see.</summary>
    private static readonly TimeSpan SwapPause = TimeSpan.FromSeconds(1);

    private static readonly SolanaAddress Usdc = SolanaAddress.Parse("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v");

    private readonly LiteSvmChain _chain;
    private readonly DevnetToken _token;
    private readonly ILogger _logger;
    private readonly ViewPlayer _player;
    private readonly CancellationTokenSource _stopping = new();
    private readonly RaydiumPool _pool;
    private Task _trading = Task.CompletedTask;
    private long _priceE8;

    /// <param name="chain">Where it stands.</param>
    /// <param name="token">What it trades, whose mint is placed there.</param>
    /// <param name="timeline">The shares' day.</param>
    /// <param name="clock">Decides what is due.</param>
    /// <param name="seed">Of the run.</param>
    /// <param name="logger">Hears of swaps that the cluster did not take.</param>
    public DevnetPool(LiteSvmChain chain, DevnetToken token, MarketTimeline timeline, ScaledMarketClock clock, ulong seed, ILogger logger)
    {
        _chain = chain;
        _token = token;
        _logger = logger;
        var address = new SolanaAddress(SHA256.HashData(Encoding.ASCII.GetBytes("devnet pool of " + token.Name)));
        var mint = SolanaAddress.Parse(token.Mint);

        // A pool's mints are in order.
        _pool = IsUsdcFirst(mint)
            ? new RaydiumPool(address, Usdc, mint) { Decimals0 = UsdcDecimals, Decimals1 = TokenDecimals }
            : new RaydiumPool(address, mint, Usdc) { Decimals0 = TokenDecimals, Decimals1 = UsdcDecimals };
        _player = new ViewPlayer(TokenViews.Of(timeline, [new TokenPairSpec($"{token.Name}/USDC", token.Underlying, (decimal)token.Multiplier, "USDC")], PremiumBps, seed), clock, Take);
    }

    /// <summary>Its address.</summary>
    public SolanaAddress Address => _pool.Address;

    /// <summary>Places it at the price of the moment, and lets it follow the market from then on.</summary>
    /// <exception cref="ChainException">The cluster refused it, or the day has no price of the token.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _player.StartAsync(cancellationToken);
            if (Volatile.Read(ref _priceE8) == 0) throw new ChainException($"{_chain.Name}: the pool of {_token.Name} has no price to begin at: the day has no quote of {_token.Underlying} before its beginning");
            await RaydiumPool.PlaceMintAsync(_chain, Usdc, UsdcDecimals, cancellationToken);
            await AtPrice().PlaceAsync(_chain, cancellationToken);
        }
        catch (SolanaRpcException e)
        {
            throw new ChainException($"{_chain.Name}: placing the pool of {_token.Name}: {e.Message}", e);
        }

        _trading = Task.Run(TradeAsync, CancellationToken.None);
    }

    /// <summary>Adds the source that reads it to the node's configuration.</summary>
    public void AddTo(JsonObject node) => node["Sources"]!.AsArray().Add(new JsonObject
    {
        ["Name"] = SourceName,
        ["Vendor"] = "Raydium",
        ["Upstream"] = "raydium-clmm",
        ["Url"] = _chain.RpcUrl.ToString(),
        ["Symbols"] = new JsonArray(new JsonObject { ["Symbol"] = Address.ToString(), ["Token"] = _token.Name }),
        ["Raydium"] = new JsonObject { ["PollPeriod"] = "00:00:01", ["GenesisHash"] = _chain.GenesisHash.ToString() },
    });

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _trading;
        await _player.DisposeAsync();
        _stopping.Dispose();
    }

    private void Take(ReadOnlySpan<MarketEvent> events)
    {
        foreach (ref readonly var happened in events)
        {
            if (happened is { Kind: MarketEventKind.Quote, Bid.IsNone: false, Ask.IsNone: false }) Volatile.Write(ref _priceE8, (happened.Bid.E8 + happened.Ask.E8) / 2);
        }
    }

    private async Task TradeAsync()
    {
        var placed = 0L;
        while (!_stopping.IsCancellationRequested)
        {
            await Task.Delay(SwapPause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var price = Volatile.Read(ref _priceE8);
            if (price == placed || _stopping.IsCancellationRequested) continue;
            try
            {
                await AtPrice().MoveAsync(_chain, _stopping.Token);
                placed = price;
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (SolanaRpcException e)
            {
                // A cluster that ended says so itself; one that is busy gets the next price.
                LogSwapFailed(_token.Name, e.Message);
            }
        }
    }

    private RaydiumPool AtPrice()
    {
        // USDC atoms per token atom; this is a market's price, for which a double is fine enough.
        var price = Volatile.Read(ref _priceE8) / (double)Price.One * Math.Pow(10, UsdcDecimals - TokenDecimals);
        var root = Math.Sqrt(_pool.Mint0 == Usdc ? 1 / price : price);
        return _pool with { SqrtPriceX64 = (UInt128)(root * Math.Pow(2, 64)) };
    }

    private static bool IsUsdcFirst(SolanaAddress mint) => Usdc.ToArray().AsSpan().SequenceCompareTo(mint.ToArray()) < 0;

    [LoggerMessage(EventId = 9101, EventName = "SwapFailed", Level = LogLevel.Warning, Message = "The pool of {Token} did not move: {Problem}")]
    private partial void LogSwapFailed(string token, string problem);
}
