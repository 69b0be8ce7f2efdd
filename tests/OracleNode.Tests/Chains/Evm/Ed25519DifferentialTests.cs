using System.Buffers.Binary;
using System.Security.Cryptography;
using NSec.Cryptography;
using OracleNode.Updates;

namespace OracleNode.Chains.Evm;

/// <summary>The contract against libsodium: what one signs the other verifies, and both refuse the same.</summary>
public sealed class Ed25519DifferentialTests(LocalOracleFeeds local) : IClassFixture<LocalOracleFeeds>
{
    private const int Keys = 10_000;

    // A flipped key costs a second table where it is a point: one key in four is.
    private const int FlippedKeyEvery = 4;

    [Fact]
    public async Task Verify_RandomKeysAndMessages_AsLibsodium()
    {
        var run = RandomNumberGenerator.GetBytes(16);
        var contract = await LocalEd25519.OfAsync(local.Chain.Rpc, local.Deployed.Contract, TestContext.Current.CancellationToken);
        var asked = Enumerable.Range(0, Keys).SelectMany(i => Cases(run, i)).Chunk(LocalEd25519.KeysPerCall);
        var verified = 0;
        var refused = 0;
        await Parallel.ForEachAsync(asked, TestContext.Current.CancellationToken, async (cases, cancellationToken) =>
        {
            var answers = await contract.VerifyAsync([.. cases.Select(c => c.Asked)], cancellationToken);
            for (var i = 0; i < cases.Length; i++)
            {
                var (key, signatures) = cases[i].Asked;
                for (var j = 0; j < signatures.Count; j++)
                {
                    var (message, signature) = signatures[j];
                    var what = $"run {Convert.ToHexString(run)}: key {Convert.ToHexString(key)}, message {Convert.ToHexString(message)}, signature {Convert.ToHexString(signature)}";
                    var wanted = j == 0 && !cases[i].Flipped;
                    Assert.True(wanted == Libsodium.Verifies(key, message, signature), $"libsodium, {what}");
                    Assert.True(wanted == (answers[i]?[j] ?? false), $"the contract, {what}");
                    Assert.True(cases[i].Flipped || answers[i] is not null, $"the contract refuses a key, {what}");
                    Interlocked.Add(ref wanted ? ref verified : ref refused, 1);
                }
            }
        });
        Assert.Equal(Keys, verified);
        Assert.Equal(3 * Keys + Keys / FlippedKeyEvery, refused);
    }

    /// <summary>A key with a good signature and one with a bit of R, of S and of the message turned; for some, a bit of the key.</summary>
    private static List<(LocalEd25519.Asked Asked, bool Flipped)> Cases(byte[] run, int i)
    {
        Span<byte> label = [.. run, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(label[run.Length..], i);
        var random = SHA512.HashData(label);
        using var key = Key.Import(SignatureAlgorithm.Ed25519, random.AsSpan(0, 32), KeyBlobFormat.RawPrivateKey);
        var publicKey = key.PublicKey.Export(KeyBlobFormat.RawPublicKey);
        byte[] message = SHA512.HashData(random)[..BatchMessage.Length];
        var signature = SignatureAlgorithm.Ed25519.Sign(key, message);
        int Bit(int at, int bits) => BinaryPrimitives.ReadUInt16LittleEndian(random.AsSpan(32 + 2 * at)) % bits;
        List<(LocalEd25519.Asked, bool)> cases =
        [
            (new(publicKey,
            [
                (message, signature),
                (message, Flip(signature, Bit(0, 256))),
                (message, Flip(signature, 256 + Bit(1, 256))),
                (Flip(message, Bit(2, 8 * BatchMessage.Length)), signature),
            ]), false),
        ];
        if (i % FlippedKeyEvery == 0) cases.Add((new(Flip(publicKey, Bit(3, 256)), [(message, signature)]), true));
        return cases;
    }

    private static byte[] Flip(byte[] bytes, int bit)
    {
        byte[] flipped = [.. bytes];
        flipped[bit / 8] ^= (byte)(1 << bit % 8);
        return flipped;
    }
}
