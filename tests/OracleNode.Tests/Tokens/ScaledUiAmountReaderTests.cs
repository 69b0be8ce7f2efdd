using FsCheck.Xunit;
using NodaTime;
using OracleNode.Chains.Solana;
using OracleNode.Market;

namespace OracleNode.Tokens;

public class ScaledUiAmountReaderTests
{
    private const long Switch = 1_781_000_000;
    private static readonly Instant Now = Instant.FromUnixTimeSeconds(Switch - 60);

    [Fact]
    public void TryRead_StagedMultiplier_HoldsTheOldUntilItsSecond()
    {
        Assert.Null(ScaledUiAmountReader.TryRead(TokenMints.Account(TokenMints.Scaled(1.0, Switch, 20.0)), Now, out var scaled));

        var at = Instant.FromUnixTimeSeconds(Switch);
        Assert.Equal(Multiplier.One, scaled.At(at - Duration.Epsilon));
        Assert.True(scaled.IsStagedAt(at - Duration.Epsilon));
        Assert.Equal(20 * Multiplier.One.E18, scaled.At(at).E18);
        Assert.False(scaled.IsStagedAt(at));
    }

    [Fact]
    public void TryRead_NeverUpdatedMint_IsCurrentAndNothingStaged()
    {
        Assert.Null(ScaledUiAmountReader.TryRead(TokenMints.Account(TokenMints.Scaled(1.003269, 0, 1.003269)), Now, out var scaled));

        // 1.003269 as binary64 is 1.003268999999999966377117743832...
        Assert.Equal((UInt128)1_003_268_999_999_999_966, scaled.At(Now).E18);
        Assert.False(scaled.IsStagedAt(Now));
    }

    [Fact]
    public void TryRead_StagedSameMultiplier_StagesNothing()
    {
        Assert.Null(ScaledUiAmountReader.TryRead(TokenMints.Account(TokenMints.Scaled(1.5, Switch, 1.5)), Now, out var scaled));
        Assert.False(scaled.IsStagedAt(Now));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.Epsilon)]
    [InlineData(2.2250738585072009E-308)]
    [InlineData(double.MaxValue)]
    public void TryRead_MultiplierNotPositiveNormalOrTooLarge_IsRefused(double value)
    {
        Assert.Contains("multiplier", ScaledUiAmountReader.TryRead(TokenMints.Account(TokenMints.Scaled(value, 0, 1.0)), Now, out _), StringComparison.Ordinal);
        Assert.Contains("new multiplier", ScaledUiAmountReader.TryRead(TokenMints.Account(TokenMints.Scaled(1.0, 0, value)), Now, out _), StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_EffectiveMoreThan366DaysAhead_IsRefused()
    {
        var latest = (Now + Duration.FromDays(366)).ToUnixTimeSeconds();

        Assert.Null(Read(TokenMints.Scaled(1.0, latest, 2.0)));
        Assert.Contains("366 days", Read(TokenMints.Scaled(1.0, latest + 1, 2.0)), StringComparison.Ordinal);
        Assert.Contains("366 days", Read(TokenMints.Scaled(1.0, Switch * 1000, 2.0)), StringComparison.Ordinal);
        Assert.Contains("366 days", Read(TokenMints.Scaled(1.0, long.MaxValue, 2.0)), StringComparison.Ordinal);
        Assert.Contains("negative", Read(TokenMints.Scaled(1.0, -1, 2.0)), StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_OtherOwner_IsRefused()
    {
        var account = TokenMints.Account(TokenMints.Scaled(1, 0, 1)) with { Owner = SolanaAddress.Parse("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA") };
        Assert.Contains("owner is TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA", ScaledUiAmountReader.TryRead(account, Now, out _), StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_BrokenMints_NameTheFault()
    {
        var value = TokenMints.Value(1, 0, 1);
        Assert.Contains("no ScaledUiAmount", Read(TokenMints.Mint((12, new byte[32]))), StringComparison.Ordinal);
        Assert.Contains("twice", Read(TokenMints.Mint((25, value), (25, value))), StringComparison.Ordinal);
        Assert.Contains("55 bytes, not 56", Read(TokenMints.Mint((25, value[..55]))), StringComparison.Ordinal);
        Assert.Contains("no mint with extensions", Read(TokenMints.Mint()), StringComparison.Ordinal);
        Assert.Contains("no mint with extensions", Read(new byte[355]), StringComparison.Ordinal);
        Assert.Contains("are left", Read(TokenMints.Scaled(1, 0, 1)[..^1]), StringComparison.Ordinal);
        Assert.Contains("not zero", Read([.. TokenMints.Mint((25, value)), 7, 0, 0]), StringComparison.Ordinal);
        Assert.Contains("not zero", Read([.. TokenMints.Mint((25, value), (0, [])), 1]), StringComparison.Ordinal);
        Assert.Null(Read([.. TokenMints.Mint((25, value)), 0, 0, 0, 0, 0]));
        Assert.Contains("account type is 2", Read(With(165, 2)), StringComparison.Ordinal);
        Assert.Contains("not initialised", Read(With(45, 0)), StringComparison.Ordinal);
        Assert.Contains("padding", Read(With(100, 1)), StringComparison.Ordinal);

        static byte[] With(int offset, byte changed)
        {
            var data = TokenMints.Scaled(1, 0, 1);
            data[offset] = changed;
            return data;
        }
    }

    [Fact]
    public void TryRead_PausableExtension_SaysWhetherTheIssuerPaused()
    {
        var value = TokenMints.Value(1, 0, 1);
        foreach (var paused in (bool[])[false, true])
        {
            Assert.Null(ScaledUiAmountReader.TryRead(TokenMints.Account(TokenMints.Mint((26, Pausable((byte)(paused ? 1 : 0))), (25, value))), Now, out var scaled));
            Assert.Equal(paused, scaled.IsPaused);
        }

        Assert.Contains("neither 0 nor 1", Read(TokenMints.Mint((25, value), (26, Pausable(2)))), StringComparison.Ordinal);
        Assert.Contains("32 bytes, not 33", Read(TokenMints.Mint((25, value), (26, new byte[32]))), StringComparison.Ordinal);
        Assert.Contains("Pausable extension twice", Read(TokenMints.Mint((26, Pausable(0)), (26, Pausable(0)), (25, value))), StringComparison.Ordinal);

        static byte[] Pausable(byte flag) => [.. new byte[32], flag];
    }

    [Property(MaxTest = 500)]
    public void TryRead_AnyBytes_NeverThrowsAndNeverYieldsNone(byte[] entries, bool plausible)
    {
        byte[] data = plausible ? [.. TokenMints.Mint(), .. entries] : entries;
        if (ScaledUiAmountReader.TryRead(TokenMints.Account(data), Now, out var scaled) is not null) return;
        Assert.False(scaled.Multiplier.IsNone);
        Assert.False(scaled.NewMultiplier.IsNone);
    }

    [Property(MaxTest = 1000)]
    public void TryRead_MintWithFlippedByte_NeverThrowsAndNeverYieldsNone(ushort position, byte flip)
    {
        var data = TokenMints.Scaled(1.25, Switch, 2.5);
        data[position % data.Length] ^= flip;
        if (ScaledUiAmountReader.TryRead(TokenMints.Account(data), Now, out var scaled) is not null) return;
        Assert.False(scaled.At(Now).IsNone);
        Assert.True(scaled.EffectiveAt <= Now + Duration.FromDays(366));
    }

    private static string? Read(byte[] data) => ScaledUiAmountReader.TryRead(TokenMints.Account(data), Now, out _);
}
