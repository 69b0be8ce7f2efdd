using System.Globalization;
using System.Numerics;
using System.Text.Json;
using NodaTime.Text;
using OracleNode.Chains;
using OracleNode.Fixtures;
using OracleNode.Market;
using OracleNode.Readers;
using OracleNode.Run;

namespace OracleNode;

/// <summary>A multiplier that changes on a token's own chain is seen, recorded, and in the next batch that every chain gets.</summary>
[Collection(GeneratedDay.Name)]
public sealed class TokenStepTests(GeneratedSystem system)
{
    /// <summary>Steps of a dividend, large enough to be worth a transaction at once. Binary numbers in exact 1e-18.</summary>
    private static readonly Dictionary<string, (UInt128 Before, UInt128 After)> Steps = new(StringComparer.Ordinal)
    {
        ["SPYx"] = (1_005_714_999_999_999_915, 1_008_000_000_000_000_007),
        ["AAPL-rh"] = (1_003_269_000_000_000_000, 1_006_000_000_000_000_000),
        ["TSLAx-arbitrum"] = (1_000_000_000_000_000_000, 1_004_500_000_000_000_000),
    };

    [Theory]
    [InlineData("SPYx")]
    [InlineData("AAPL-rh")]
    [InlineData("TSLAx-arbitrum")]
    public async Task Multiplier_SteppedOnItsChain_IsRecordedAndPublishedWithinOneBatch(string token)
    {
        await system.SettledAsync();
        var (before, after) = Steps[token];
        try
        {
            var started = TimeProvider.System.GetTimestamp();
            var from = system.Devnet.Clock.Now.ToUnixTimeMilliseconds();
            await SetAsync(token, isAfter: true);
            var found = await Task.WhenAll(system.Readers.Select(async chain =>
            {
                var record = await system.UntilFoundAsync($"{chain.Name} carries the new multiplier of {token}", async () => await chain.ReadAsync(system.IdOf(token)) is { } r && r.Multiplier == after ? r : null);
                return (chain.Name, Span: TimeProvider.System.GetElapsedTime(started), At: system.Devnet.Clock.Now.ToUnixTimeMilliseconds(), Record: record);
            }));

            Assert.All(found, f => Assert.Equal(Times(f.Record.Underlying, after), f.Record.Price));
            var seen = await system.UntilFoundAsync($"the new multiplier of {token} is recorded", () => Task.FromResult(FirstRecorded(token, after, from)));
            foreach (var chain in system.EvmReaders)
            {
                // No batch that was made after it was seen carries the former one.
                var since = (await chain.RecordsAsync(system.IdOf(token))).Where(r => r.AttestedAtMillis >= seen.AtMillis).ToList();
                Assert.NotEmpty(since);
                Assert.All(since, r => Assert.Equal(after, r.Multiplier));
            }

            // Market time runs faster than this machine's.
            foreach (var (chain, span, at, _) in found)
                TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{token}: landed on {chain} {(at - seen.AtMillis) / system.Speed:F0} ms after the node saw the new multiplier, {span.TotalMilliseconds:F0} ms after it was set"));
        }
        finally
        {
            await SetAsync(token, isAfter: false);
        }

        await system.UntilOnEveryChainAsync("carries the former multiplier again", token, r => r.IsFresh && r.Multiplier == before);
    }

    [Fact]
    public async Task Multiplier_Scheduled_IsStagedOnEveryChainAndInForceFromItsSecond()
    {
        const string Token = "TSLAx-arbitrum";
        await system.SettledAsync();
        var (before, after) = Steps[Token];
        var contracts = new TokenContracts(system.Devnet.Arbitrum.Rpc);
        var start = system.Devnet.Clock.Now.ToUnixTimeMilliseconds();
        var activation = system.Devnet.Clock.Now.ToUnixTimeSeconds() + (long)(30 * system.Speed);
        try
        {
            await contracts.ScheduleBackedAsync(DevnetEvmToken.Address, after, activation, LocalSystem.Cancelled);
            await system.UntilOnEveryChainAsync("shows what is staged", Token, r => r.Multiplier == before && r.NextMultiplier == after && r.ActivationSeconds == activation);
            await system.UntilOnEveryChainAsync("has it in force", Token, r => r.Multiplier == after && r.NextMultiplier == 0);

            // Its chain's own time decides: no record of before the activation has it.
            foreach (var chain in system.EvmReaders)
                Assert.All((await chain.RecordsAsync(system.IdOf(Token))).Where(r => r.Multiplier == after && r.AttestedAtMillis >= start), r => Assert.True(r.AttestedAtMillis >= activation * 1_000));
        }
        finally
        {
            await SetAsync(Token, isAfter: false);
        }

        await system.UntilOnEveryChainAsync("carries the former multiplier again", Token, r => r.IsFresh && r.Multiplier == before);
    }

    [Fact]
    public async Task Multiplier_SteppedByTwoPercent_SaysOnEveryChainSinceWhenItApplies()
    {
        const string Token = "AAPL-rh";
        await system.SettledAsync();
        var before = Steps[Token].Before;
        var after = before + (before / 50);
        var contracts = new TokenContracts(system.Devnet.Base.Rpc);
        var activation = system.Devnet.Clock.Now.ToUnixTimeSeconds() + (long)(10 * system.Speed);
        try
        {
            await contracts.ScheduleScaledAsync(DevnetEvmToken.Address, after, activation, LocalSystem.Cancelled);
            var staged = await system.UntilOnEveryChainAsync("is paused before the step", Token, r => r.State == (int)FeedState.Paused && r.NextMultiplier == after);
            Assert.All(staged, r => Assert.Equal((before, activation), (r.Multiplier, r.ActivationSeconds)));

            // None staged, and a time that has passed: for OracleConsumer the step is `pauseAfter` long behind it (CorporateActionNear).
            var landed = await system.UntilOnEveryChainAsync("has it in force", Token, r => r.IsFresh && r.Multiplier == after);
            Assert.All(landed, r => Assert.Equal((UInt128.Zero, activation), (r.NextMultiplier, r.ActivationSeconds)));
            Assert.All(landed, r => Assert.True(r.AttestedAtMillis >= activation * 1_000));
        }
        finally
        {
            await SetAsync(Token, isAfter: false);
        }

        await system.UntilOnEveryChainAsync("carries the former multiplier again", Token, r => r.IsFresh && r.Multiplier == before);
    }

    /// <summary>When the node first took in a multiplier since a moment, market time in Unix milliseconds, by its own recording; null when it is in no file yet.</summary>
    private Seen? FirstRecorded(string token, UInt128 multiplier, long fromMillis)
    {
        foreach (var file in Directory.EnumerateFiles(system.RecordingFolder, "*.jsonl").Order(StringComparer.Ordinal))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is { } line)
            {
                if (!line.Contains("\"multiplier\"", StringComparison.Ordinal) || !line.EndsWith('}')) continue;
                using var entry = JsonDocument.Parse(line);
                var root = entry.RootElement;
                if (root.GetProperty("kind").GetString() != "multiplier" || root.GetProperty("token").GetString() != token) continue;
                var at = InstantPattern.ExtendedIso.Parse(root.GetProperty("t").GetString()!).Value.ToUnixTimeMilliseconds();
                if (at >= fromMillis && root.GetProperty("value").GetString() == new Multiplier(multiplier).ToString()) return new Seen(at);
            }
        }

        return null;
    }

    private Task SetAsync(string token, bool isAfter)
    {
        var multiplier = isAfter ? Steps[token].After : Steps[token].Before;
        switch (token)
        {
            case "SPYx":
                var mint = DevnetFeeds.TokensOf(system.Devnet.Timeline).Single(t => t.Name == token);
                return SolanaDeployer.PlaceMintAsync(system.Devnet.Solana, DevnetFeeds.MintOf(isAfter ? mint with { Multiplier = 1.008 } : mint), LocalSystem.Cancelled);
            case "AAPL-rh":
                return new TokenContracts(system.Devnet.Base.Rpc).ScheduleScaledAsync(DevnetEvmToken.Address, multiplier, 0, LocalSystem.Cancelled);
            default:
                return new TokenContracts(system.Devnet.Arbitrum.Rpc).ScheduleBackedAsync(DevnetEvmToken.Address, multiplier, 0, LocalSystem.Cancelled);
        }
    }

    private sealed record Seen(long AtMillis);

    private static long Times(long price, UInt128 multiplier)
    {
        var one = BigInteger.Pow(10, 18);
        var quotient = BigInteger.DivRem((BigInteger)price * multiplier, one, out var remainder);
        return (long)(remainder * 2 > one || (remainder * 2 == one && !quotient.IsEven) ? quotient + 1 : quotient);
    }
}
