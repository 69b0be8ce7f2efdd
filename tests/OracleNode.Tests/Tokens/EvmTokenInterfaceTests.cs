using FsCheck.Xunit;
using NodaTime;
using OracleNode.Chains.Evm;
using OracleNode.Market;

namespace OracleNode.Tokens;

/// <summary>What each interface's answers mean, and that no answer makes a reader throw.</summary>
public class EvmTokenInterfaceTests
{
    private const long Now = 1_781_000_000;
    private static readonly EvmAddress Contract = EvmAddress.Parse("0x1111111111111111111111111111111111111111");
    private static readonly EvmAddress Oracle = EvmAddress.Parse("0x2222222222222222222222222222222222222222");
    private static readonly Instant Time = Instant.FromUnixTimeSeconds(Now);
    private static readonly UInt128 One = Multiplier.One.E18;

    [Fact]
    public void Queries_OfEveryInterface_AreThePublishedSelectors()
    {
        Assert.Equal("0xb187bd26", Selector(new BackedToken(Contract).Queries[4]));
        Assert.Equal("0xa781a3fd", Selector(new DinariToken(Contract).Queries[0]));
        Assert.Equal("0x5c60da1b", EvmHex.Data(AbiWriter.Selector("implementation()")));

        // ERC-8056 gives the ids of its interfaces: a selector, and two of them combined.
        var scaled = new Erc8056Token(Contract).Queries.Select(q => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(q.Data.Span)).ToArray();
        Assert.Equal(0xa60bf13d, scaled[0]);
        Assert.Equal(0x4bd27648u, scaled[1] ^ scaled[2]);
        Assert.Equal("0x5c975abb", Selector(new Erc8056Token(Contract).Queries[4]));
        Assert.Equal(36, new OndoToken(Oracle, Contract).Queries[0].Data.Length);
        Assert.Equal([Oracle], new OndoToken(Oracle, Contract).Contracts);
    }

    [Fact]
    public void Backed_Staged_IsStagedUntilTheBlockOfItsTime()
    {
        var staged = Read(new BackedToken(Contract), [Words(One, 0, 4), Words(One * 2), Words(Now + 1), Words(4), Words(0)]);
        Assert.Equal((One, One * 2, Time + Duration.FromSeconds(1)), (staged.Current.E18, staged.Next.E18, staged.ActivationAt!.Value));

        var due = Read(new BackedToken(Contract), [Words(One * 2, 0, 5), Words(One * 2), Words(Now), Words(5), Words(0)]);
        Assert.Equal((One * 2, default, null, false), (due.Current.E18, due.Next, due.ActivationAt, due.IsPaused));
    }

    [Fact]
    public void Backed_FeePerPeriod_MovesMultiplierAndNonce()
    {
        var read = Read(new BackedToken(Contract), [Words(One - 5, 2, 9), Words(One), Words(0), Words(7), Words(1)]);
        Assert.Equal((One - 5, true), (read.Current.E18, read.IsPaused));
    }

    [Fact]
    public void Backed_AnswersThatDoNotFitTogether_AreNoReading()
    {
        Assert.Contains("do not belong together", Fails(new BackedToken(Contract), [Words(One, 1, 9), Words(One), Words(0), Words(7), Words(0)]), StringComparison.Ordinal);
        Assert.Contains("was due at", Fails(new BackedToken(Contract), [Words(One, 0, 5), Words(One * 2), Words(Now), Words(5), Words(0)]), StringComparison.Ordinal);
        Assert.Contains("was due at", Fails(new BackedToken(Contract), [Words(One * 3, 1, 6), Words(One * 2), Words(Now), Words(5), Words(0)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Erc8056_EffectiveAtInThePast_IsNothingPending()
    {
        // After activation both views mirror and effectiveAt stays where it was; one that differs is not pending either.
        foreach (var next in (UInt128[])[One, One * 2])
        {
            var read = Read(new Erc8056Token(Contract), [Words(One), Words(next), Words(Now), Words(0), Words(0)]);
            Assert.Equal((One, default, null), (read.Current.E18, read.Next, read.ActivationAt));
        }

        Assert.Null(Read(new Erc8056Token(Contract), [Words(One), Words(One), Words(Now + 600), Words(0), Words(0)]).ActivationAt);
        Assert.Equal(One * 4, Read(new Erc8056Token(Contract), [Words(One), Words(One * 4), Words(Now + 600), Words(0), Words(0)]).Next.E18);
    }

    [Fact]
    public void Erc8056_PauseFlags_AreReadWhereTheyExist()
    {
        var absent = new EvmStateAnswer(default, new EvmRpcError(3, "execution reverted", default));
        Assert.False(Read(new Erc8056Token(Contract), [Words(One), Words(One), Words(0), absent, absent]).IsPaused);
        Assert.False(Read(new Erc8056Token(Contract), [Words(One), Words(One), Words(0), new EvmStateAnswer(default, null), absent]).IsPaused);
        Assert.True(Read(new Erc8056Token(Contract), [Words(One), Words(One), Words(0), Words(1), absent]).IsPaused);
        Assert.True(Read(new Erc8056Token(Contract), [Words(One), Words(One), Words(0), Words(0), Words(1)]).IsPaused);
        Assert.Contains("neither 0 nor 1", Fails(new Erc8056Token(Contract), [Words(One), Words(One), Words(0), Words(2), absent]), StringComparison.Ordinal);
    }

    [Fact]
    public void Ondo_Paused_IsTheIssuersPause()
    {
        Assert.Equal((One + 1, true), (Read(new OndoToken(Oracle, Contract), [Words(One + 1, 1)]).Current.E18, Read(new OndoToken(Oracle, Contract), [Words(One + 1, 1)]).IsPaused));
        Assert.Contains("neither 0 nor 1", Fails(new OndoToken(Oracle, Contract), [Words(One, 2)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Dinari_BalancePerShare_IsTheMultiplierAndNothingIsStaged()
    {
        var read = Read(new DinariToken(Contract), [Words(One * 10)]);
        Assert.Equal((One * 10, default, null, false), (read.Current.E18, read.Next, read.ActivationAt, read.IsPaused));
    }

    [Fact]
    public void Answers_OfAnotherShape_NameTheFunctionAndTheFault()
    {
        var token = new DinariToken(Contract);
        Assert.Contains("balancePerShare() answers nothing", Fails(token, [new EvmStateAnswer(default, null)]), StringComparison.Ordinal);
        Assert.Contains("balancePerShare() answers 64 bytes, not 32", Fails(token, [Words(One, One)]), StringComparison.Ordinal);
        Assert.Contains("balancePerShare() reverts (no)", Fails(token, [new EvmStateAnswer(default, new EvmRpcError(3, "no", default))]), StringComparison.Ordinal);
        Assert.Contains("does not fit uint128", Fails(token, [new EvmStateAnswer(Enumerable.Repeat((byte)0xFF, 32).ToArray(), null)]), StringComparison.Ordinal);
        Assert.Contains("multiplier is 0", Fails(token, [Words(0)]), StringComparison.Ordinal);
        Assert.Contains("366 days", Fails(new Erc8056Token(Contract), [Words(One), Words(One), Words((UInt128)Now * 1000), Words(0), Words(0)]), StringComparison.Ordinal);
        Assert.Contains("staged multiplier is 0", Fails(new Erc8056Token(Contract), [Words(One), Words(0), Words(Now + 9), Words(0), Words(0)]), StringComparison.Ordinal);
    }

    [Property(MaxTest = 500)]
    public void TryRead_AnyBytes_NeverThrowsAndNeverYieldsNone(byte[][] answers, bool whole)
    {
        foreach (var token in (IEvmTokenInterface[])[new BackedToken(Contract), new Erc8056Token(Contract), new DinariToken(Contract), new OndoToken(Oracle, Contract)])
        {
            var given = Enumerable.Range(0, token.Queries.Count).Select(i =>
            {
                var bytes = i < answers.Length ? answers[i] : [];
                return new EvmStateAnswer(whole ? [.. bytes.Concat(new byte[32 * 3]).Take(32)] : bytes, null);
            }).ToArray();
            if (token.TryRead(given, Time, out var terms) is not null) continue;
            Assert.False(terms.Current.IsNone);
            Assert.Equal(terms.Next.IsNone, terms.ActivationAt is null);
        }
    }

    private static string Selector(EvmStateQuery query) => EvmHex.Data(query.Data.Span[..4]);

    private static TokenTerms Read(IEvmTokenInterface token, EvmStateAnswer[] answers)
    {
        Assert.Null(token.TryRead(answers, Time, out var terms));
        return terms;
    }

    private static string Fails(IEvmTokenInterface token, EvmStateAnswer[] answers) => token.TryRead(answers, Time, out _) ?? "";

    private static EvmStateAnswer Words(params UInt128[] words)
    {
        var data = new byte[32 * words.Length];
        for (var i = 0; i < words.Length; i++) System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(data.AsSpan((32 * i) + 16), words[i]);
        return new EvmStateAnswer(data, null);
    }
}
