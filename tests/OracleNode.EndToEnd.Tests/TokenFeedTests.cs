using System.Numerics;
using OracleNode.Chains;
using OracleNode.Chains.Solana;
using OracleNode.Fixtures;
using OracleNode.Market;
using OracleNode.Readers;
using OracleNode.Run;

namespace OracleNode;

/// <summary>Token feeds follow the share and the multiplier that stands on their mint, and nothing else.</summary>
[Collection(GeneratedDay.Name)]
public sealed class TokenFeedTests(GeneratedSystem system)
{
    [Theory]
    [InlineData("TSLAx", "TSLA")]
    [InlineData("SPYx", "SPY")]
    public async Task Token_Landed_IsTheShareTimesTheMultiplierOfItsMint(string token, string share)
    {
        await system.SettledAsync();
        var (bits, newBits, effectiveAt) = await system.SolanaReader.ReadMintAsync(TokenOf(token).Mint);
        Assert.True(newBits == bits || effectiveAt <= system.Devnet.Clock.Now.ToUnixTimeSeconds(), "the mint has a staged multiplier");
        var multiplier = ExactE18(newBits);

        foreach (var chain in system.Readers)
        {
            var (ofToken, ofShare) = await system.UntilFoundAsync<Tuple<PublishedRecord, PublishedRecord>>($"{chain.Name} holds {token} and {share} of one sequence", async () =>
                await chain.ReadAsync(system.IdOf(token)) is { } t && await chain.ReadAsync(system.IdOf(share)) is { } s && t.Sequence == s.Sequence ? Tuple.Create(t, s) : null);

            Assert.Equal(multiplier, (BigInteger)ofToken.Multiplier);
            Assert.Equal(ofShare.Price, ofToken.Underlying);
            Assert.Equal(TimesRoundHalfEven(ofShare.Price, multiplier), ofToken.Price);
            Assert.Equal(ofShare.ObservedAtMillis, ofToken.ObservedAtMillis);
        }
    }

    [Fact]
    public async Task Multiplier_ChangedOnTheMint_IsPublishedWithinAFewBatches()
    {
        await system.SettledAsync();
        var token = TokenOf("SPYx");
        const double Raised = 1.0061;
        try
        {
            await PlaceAsync(token with { Multiplier = Raised });
            var raised = system.Devnet.Clock.Now.ToUnixTimeMilliseconds();
            var expected = ExactE18(BitConverter.DoubleToInt64Bits(Raised));
            foreach (var record in await system.UntilOnEveryChainAsync("carries the new multiplier", token.Name, r => r.Multiplier == (UInt128)expected))
            {
                Assert.Equal(TimesRoundHalfEven(record.Underlying, expected), record.Price);
            }

            foreach (var chain in system.EvmReaders)
            {
                // From one record on, all of them; the mint is looked at once a second, and a batch may be under way.
                var carrying = (await chain.RecordsAsync(system.IdOf(token.Name))).Where(r => r.AttestedAtMillis > raised).SkipWhile(r => r.Multiplier != (UInt128)expected).ToList();
                Assert.NotEmpty(carrying);
                Assert.All(carrying, r => Assert.Equal((UInt128)expected, r.Multiplier));
            }
        }
        finally
        {
            await PlaceAsync(token);
        }

        await system.UntilOnEveryChainAsync("carries the former multiplier again", token.Name, r => r.IsFresh && r.Multiplier == (UInt128)ExactE18(BitConverter.DoubleToInt64Bits(token.Multiplier)));
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("zero")]
    [InlineData("not a number")]
    [InlineData("of another program")]
    public async Task Mint_WithoutAUsableMultiplier_HoldsTheTokenAndNotTheShare(string damage)
    {
        await system.SettledAsync();
        var token = TokenOf("SPYx");
        var address = SolanaAddress.Parse(token.Mint);
        try
        {
            await (damage switch
            {
                "gone" => system.Devnet.Solana.SetAccountAsync(address, default, [], LocalSystem.Cancelled),
                "zero" => PlaceAsync(token with { Multiplier = 0 }),
                "not a number" => PlaceAsync(token with { Multiplier = double.NaN }),
                _ => system.Devnet.Solana.SetAccountAsync(address, system.Devnet.SolanaDeployed.Program, DevnetFeeds.MintOf(token).Encode(), LocalSystem.Cancelled),
            });

            var held = await system.UntilOnEveryChainAsync("is held as stale", token.Name, r => r.IsHeldFor(HoldReasons.Stale));
            Assert.All(held, r => Assert.True(r.Price > 0));
            var newest = held.Max(r => r.AttestedAtMillis);
            // Its share and the other token go on, while its own price and the time of it stand still.
            await system.UntilOnEveryChainAsync("goes on", "SPY", r => r.IsFresh && r.ObservedAtMillis > newest);
            await system.UntilOnEveryChainAsync("goes on", "TSLAx", r => r.IsFresh && r.ObservedAtMillis > newest);
            var still = await system.UntilOnEveryChainAsync("is attested again", token.Name, r => r.AttestedAtMillis > newest);
            Assert.All(still, r => Assert.True(r.IsHeldFor(HoldReasons.Stale)));
            Assert.All(still.Zip(held), pair => Assert.Equal((pair.Second.Price, pair.Second.ObservedAtMillis), (pair.First.Price, pair.First.ObservedAtMillis)));
        }
        finally
        {
            await PlaceAsync(token);
        }

        await system.UntilOnEveryChainAsync("is fresh again", token.Name, r => r.IsFresh);
    }

    private static DevnetToken TokenOf(GeneratedSystem system, string name) => DevnetFeeds.TokensOf(system.Devnet.Timeline).Single(t => t.Name == name);

    private DevnetToken TokenOf(string name) => TokenOf(system, name);

    private Task PlaceAsync(DevnetToken token) => SolanaDeployer.PlaceMintAsync(system.Devnet.Solana, DevnetFeeds.MintOf(token), LocalSystem.Cancelled);

    /// <summary>A positive normal binary64 times 1e18, rounded half to even, in exact integers.</summary>
    private static BigInteger ExactE18(long bits)
    {
        var significand = (bits & ((1L << 52) - 1)) | (1L << 52);
        var exponent = (int)((bits >> 52) & 0x7FF) - 1075;
        var scaled = significand * BigInteger.Pow(10, 18);
        return exponent >= 0 ? scaled << exponent : DivideRoundHalfEven(scaled, BigInteger.One << -exponent);
    }

    private static long TimesRoundHalfEven(long price, BigInteger multiplierE18) => (long)DivideRoundHalfEven(price * multiplierE18, BigInteger.Pow(10, 18));

    private static BigInteger DivideRoundHalfEven(BigInteger value, BigInteger by)
    {
        var quotient = BigInteger.DivRem(value, by, out var remainder);
        var twice = remainder * 2;
        return twice > by || (twice == by && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}
