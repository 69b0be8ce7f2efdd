using System.Runtime.Versioning;
using FsCheck.Xunit;
using OracleNode.Updates;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;

namespace OracleNode.Chains.Evm;

[UnsupportedOSPlatform("windows")]
public class EvmAccountTests
{
    // Test vectors, known to everybody: the first accounts of "test test ... junk", and the key of EIP-155's example.
    private const string FirstDevelopmentKey = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
    private const string Eip155Key = "4646464646464646464646464646464646464646464646464646464646464646";

    [Theory]
    [InlineData(FirstDevelopmentKey, "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266")]
    [InlineData("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8")]
    [InlineData(Eip155Key, "0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F")]
    public void Address_KnownKey_Matches(string key, string address)
    {
        var account = EvmAccount.FromPrivateKey(Convert.FromHexString(key));
        Assert.Equal(address, account.Address.ToString());
        Assert.Equal(address, account.ToString());
    }

    [Fact]
    public void Sign_ExampleOfEip155_MatchesItsSignature()
    {
        var signature = EvmAccount.FromPrivateKey(Convert.FromHexString(Eip155Key)).Sign(Convert.FromHexString("daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53"));
        Assert.Equal("0x28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276", signature.R.ToString());
        Assert.Equal("0x67cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83", signature.S.ToString());
        Assert.False(signature.YParity);
    }

    [Property(MaxTest = 40)]
    public void Sign_AnyHash_VerifiesWithLowS(byte[] seed)
    {
        var account = EvmAccount.Create();
        var hash = System.Security.Cryptography.SHA256.HashData(seed);
        var signature = account.Sign(hash);
        Assert.Equal(signature, account.Sign(hash));

        var curve = CustomNamedCurves.GetByName("secp256k1");
        var r = Number(signature.R);
        var s = Number(signature.S);
        Assert.True(s.CompareTo(curve.N.ShiftRight(1)) <= 0);

        // Public key recovery as a chain does it: the point with our parity must lead back to the account.
        byte[] encoded = [(byte)(signature.YParity ? 3 : 2), .. Bytes(signature.R)];
        var point = curve.Curve.DecodePoint(encoded);
        var inverse = r.ModInverse(curve.N);
        var recovered = point.Multiply(s).Subtract(curve.G.Multiply(new BigInteger(1, hash))).Multiply(inverse).Normalize();
        Assert.Equal(account.Address, EvmAddress.OfPublicKey(recovered.GetEncoded(false).AsSpan(1)));

        var verifier = new ECDsaSigner();
        verifier.Init(false, new ECPublicKeyParameters(recovered, new ECDomainParameters(curve)));
        Assert.True(verifier.VerifySignature(hash, r, s));
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("01")]
    public void FromPrivateKey_OutOfRange_RefusedWithoutShowingIt(string key)
    {
        var error = Assert.Throws<ArgumentException>(() => EvmAccount.FromPrivateKey(Convert.FromHexString(key)));
        Assert.DoesNotContain(key.TrimStart('0') is { Length: > 4 } digits ? digits : "no such text", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void CreateFile_ThenLoad_SameAccountAndOwnerOnly()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("relayer.key");
        var created = EvmAccount.CreateFile(path);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(created.Address, EvmAccount.Load(new EvmOptions { Name = "test", RelayerKeyFile = path }).Address);
        Assert.Contains("exists already", Assert.Throws<ChainException>(() => EvmAccount.CreateFile(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FileOthersMayRead_Refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("relayer.key");
        EvmAccount.CreateFile(path);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        var error = Assert.Throws<ChainException>(() => EvmAccount.Load(new EvmOptions { Name = "test", RelayerKeyFile = path }));
        Assert.Contains("440", error.Message, StringComparison.Ordinal);
        Assert.Contains("chmod 600", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x12")]
    [InlineData("zz0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(FirstDevelopmentKey + FirstDevelopmentKey + FirstDevelopmentKey + FirstDevelopmentKey + FirstDevelopmentKey)]
    public void Load_FileWithoutKey_RefusedByNameWithoutShowingIt(string content)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("relayer.key");
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var error = Assert.Throws<ChainException>(() => EvmAccount.Load(new EvmOptions { Name = "test", RelayerKeyFile = path }));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        if (content.Length > 8) Assert.DoesNotContain(content[8..], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingFileOrVariable_SaysWhich()
    {
        Assert.Contains("/nowhere/relayer.key", Assert.Throws<ChainException>(() => EvmAccount.Load(new EvmOptions { Name = "test", RelayerKeyFile = "/nowhere/relayer.key" })).Message, StringComparison.Ordinal);
        Assert.Contains("ORACLENODE_TEST_UNSET", Assert.Throws<ChainException>(() => EvmAccount.Load(new EvmOptions { Name = "test", RelayerKeyEnvironment = "ORACLENODE_TEST_UNSET" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FromEnvironment_TakesTheKey()
    {
        const string Variable = "ORACLENODE_TEST_RELAYER_KEY";
        Environment.SetEnvironmentVariable(Variable, "0x" + FirstDevelopmentKey);
        Assert.Equal("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", EvmAccount.Load(new EvmOptions { Name = "test", RelayerKeyEnvironment = Variable }).Address.ToString());
    }

    private static byte[] Bytes(Hash32 hash)
    {
        var bytes = new byte[Hash32.Length];
        hash.CopyTo(bytes);
        return bytes;
    }

    private static BigInteger Number(Hash32 hash) => new(1, Bytes(hash));
}
