using System.Globalization;
using System.Numerics;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using OracleNode.Chains;
using OracleNode.Chains.Evm;
using OracleNode.Commands;
using OracleNode.Fixtures;
using OracleNode.Guards;
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
        // One of each standard, each staged on its own chain, all for one second.
        await system.SettledAsync();
        var start = system.Devnet.Clock.Now.ToUnixTimeMilliseconds();
        var activation = Ahead(30);
        try
        {
            foreach (var token in Steps.Keys) await ScheduleAsync(token, activation);
            foreach (var (token, (before, after)) in Steps)
                await system.UntilOnEveryChainAsync("shows what is staged", token, r => r.Multiplier == before && r.NextMultiplier == after && r.ActivationSeconds == activation);
            foreach (var (token, (_, after)) in Steps) await system.UntilOnEveryChainAsync("has it in force", token, r => r.IsFresh && r.Multiplier == after && r.NextMultiplier == 0);

            // Its chain's own time decides: no record of before the activation has it.
            foreach (var (token, (_, after)) in Steps)
                foreach (var chain in system.EvmReaders)
                    Assert.All((await chain.RecordsAsync(system.IdOf(token))).Where(r => r.Multiplier == after && r.AttestedAtMillis >= start), r => Assert.True(r.AttestedAtMillis >= activation * 1_000));
        }
        finally
        {
            foreach (var token in Steps.Keys) await SetAsync(token, isAfter: false);
        }

        foreach (var (token, (before, _)) in Steps) await system.UntilOnEveryChainAsync("carries the former multiplier again", token, r => r.IsFresh && r.Multiplier == before);
    }

    [Fact]
    public async Task Schedule_Overridden_IsReplacedOnEveryChainAndNeverApplies()
    {
        const string Token = "TSLAx-arbitrum";
        await system.SettledAsync();
        var (before, first) = Steps[Token];
        var second = before + (before / 500);
        var contracts = new TokenContracts(system.Devnet.Arbitrum.Rpc);
        var start = system.Devnet.Clock.Now.ToUnixTimeMilliseconds();
        var (firstAt, secondAt) = (Ahead(30), Ahead(600));
        try
        {
            await contracts.ScheduleBackedAsync(DevnetEvmToken.Address, first, firstAt, LocalSystem.Cancelled);
            await system.UntilOnEveryChainAsync("shows what is staged", Token, r => r.Multiplier == before && r.NextMultiplier == first && r.ActivationSeconds == firstAt);
            await contracts.ScheduleBackedAsync(DevnetEvmToken.Address, second, secondAt, LocalSystem.Cancelled);
            await system.UntilOnEveryChainAsync("shows what is staged instead", Token, r => r.Multiplier == before && r.NextMultiplier == second && r.ActivationSeconds == secondAt);

            // The first one's second comes and goes.
            await system.UntilOnEveryChainAsync("goes on", Token, r => r.IsFresh && r.AttestedAtMillis > (firstAt + 5) * 1_000 && r.Multiplier == before && r.NextMultiplier == second);
            foreach (var chain in system.EvmReaders)
                Assert.All((await chain.RecordsAsync(system.IdOf(Token))).Where(r => r.AttestedAtMillis >= start), r => Assert.Equal(before, r.Multiplier));
        }
        finally
        {
            await SetAsync(Token, isAfter: false);
        }

        await system.UntilOnEveryChainAsync("has nothing staged", Token, r => r.IsFresh && r.Multiplier == before && r.NextMultiplier == 0);
    }

    [Theory]
    [InlineData("TSLAx-arbitrum", "TSLA")]
    [InlineData("AAPL-rh", "AAPL")]
    public async Task Token_PausedByItsIssuer_IsHeldOnEveryChainUntilReleasedAndItsShareGoesOn(string token, string share)
    {
        await system.SettledAsync();
        try
        {
            await PauseAsync(token, isPaused: true);
            var held = await system.UntilOnEveryChainAsync("is held for its issuer's pause", token, r => r.IsHeldFor(HoldReasons.IssuerPause));
            Assert.All(held, r => Assert.True(r.Price > 0));
            foreach (var record in held) Assert.Equal(nameof(DecisionReason.IssuerPaused), await ReasonOfAsync(token, record));

            var newest = held.Max(r => r.AttestedAtMillis);
            await system.UntilOnEveryChainAsync("goes on", share, r => r.IsFresh && r.ObservedAtMillis > newest);
        }
        finally
        {
            await PauseAsync(token, isPaused: false);
        }

        await system.UntilOnEveryChainAsync("is released by itself", token, r => r.IsFresh && r.HoldReasons == 0);
    }

    [Fact]
    public async Task Multiplier_SteppedByTwoPercent_PausesOnEveryChainAndSaysSinceWhenItApplies()
    {
        const string Token = "AAPL-rh";
        await system.SettledAsync();
        var before = Steps[Token].Before;
        var after = before + (before / 50);
        var contracts = new TokenContracts(system.Devnet.Base.Rpc);
        var activation = Ahead(30);
        try
        {
            await contracts.ScheduleScaledAsync(DevnetEvmToken.Address, after, activation, LocalSystem.Cancelled);
            var staged = await system.UntilOnEveryChainAsync("is paused before the step", Token, r => r.State == (int)FeedState.Paused && r.NextMultiplier == after);
            Assert.All(staged, r => Assert.Equal((before, activation), (r.Multiplier, r.ActivationSeconds)));
            Assert.All(staged, r => Assert.Equal((uint)HoldReasons.CorporateAction, r.HoldReasons));
            foreach (var record in staged) Assert.Equal(nameof(DecisionReason.CorporateActionWindow), await ReasonOfAsync(Token, record));

            // None staged, and a time that has passed: for OracleConsumer the step is `pauseAfter` long behind it (CorporateActionNear).
            var landed = await system.UntilOnEveryChainAsync("has it in force", Token, r => r.IsFresh && r.Multiplier == after);
            Assert.All(landed, r => Assert.Equal((UInt128.Zero, activation, 0u), (r.NextMultiplier, r.ActivationSeconds, r.HoldReasons)));
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

    /// <summary>Each standard's way to stage its <see cref="Steps"/>.</summary>
    private Task ScheduleAsync(string token, long activation)
    {
        var after = Steps[token].After;
        switch (token)
        {
            case "SPYx":
                var mint = DevnetFeeds.MintOf(DevnetFeeds.TokensOf(system.Devnet.Timeline).Single(t => t.Name == token));
                return SolanaDeployer.PlaceMintAsync(system.Devnet.Solana, mint with { NewMultiplier = 1.008, EffectiveAt = Instant.FromUnixTimeSeconds(activation) }, LocalSystem.Cancelled);
            case "AAPL-rh":
                return new TokenContracts(system.Devnet.Base.Rpc).ScheduleScaledAsync(DevnetEvmToken.Address, after, activation, LocalSystem.Cancelled);
            default:
                return new TokenContracts(system.Devnet.Arbitrum.Rpc).ScheduleBackedAsync(DevnetEvmToken.Address, after, activation, LocalSystem.Cancelled);
        }
    }

    /// <summary>The issuer's own switch: Backed's of the token, ERC-8056's of its price.</summary>
    private Task PauseAsync(string token, bool isPaused)
    {
        var (rpc, signature) = token == "AAPL-rh" ? (system.Devnet.Base.Rpc, "setOraclePaused(bool)") : (system.Devnet.Arbitrum.Rpc, "setPause(bool)");
        return new TokenContracts(rpc).SendAsync(DevnetEvmToken.Address, new AbiWriter(signature, 1).Unsigned(isPaused ? 1u : 0u).ToArray(), LocalSystem.Cancelled);
    }

    /// <summary>Unix seconds of market time, so many seconds of this machine's from now: far enough ahead for a busy one to see what comes before.</summary>
    private long Ahead(int seconds) => system.Devnet.Clock.Now.ToUnixTimeSeconds() + (long)(seconds * system.Speed);

    /// <summary>The rule that decided a record, by the evidence that its batch commits to.</summary>
    private async Task<string> ReasonOfAsync(string feed, PublishedRecord record)
    {
        var explanation = await system.UntilFoundAsync($"the evidence of {feed} in batch {record.Sequence} is kept and proves it", () =>
        {
            using var output = new StringWriter(CultureInfo.InvariantCulture);
            var code = ExplainCommand.Run(system.Devnet.ConfigurationPath, feed, record.Sequence, null, json: true, null, output, TextWriter.Null);
            return Task.FromResult(code == 0 ? output.ToString() : null);
        });
        using var json = JsonDocument.Parse(explanation);
        return json.RootElement.GetProperty("reason").GetString()!;
    }

    private sealed record Seen(long AtMillis);

    private static long Times(long price, UInt128 multiplier)
    {
        var one = BigInteger.Pow(10, 18);
        var quotient = BigInteger.DivRem((BigInteger)price * multiplier, one, out var remainder);
        return (long)(remainder * 2 > one || (remainder * 2 == one && !quotient.IsEven) ? quotient + 1 : quotient);
    }
}
