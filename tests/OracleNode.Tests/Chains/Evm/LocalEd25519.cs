using System.Numerics;
using System.Security.Cryptography;
using OracleNode.Updates;

namespace OracleNode.Chains.Evm;

/// <summary>
/// The verifier of a deployed OracleFeeds, asked without transactions: one <c>eth_call</c> registers keys, as a transaction
/// would, tables and all, asks the verifiers just made, and is forgotten.
/// </summary>
internal sealed class LocalEd25519
{
    // A registration takes about 5 million gas and a call at most 30 million.
    public const int KeysPerCall = 4;

    private const int RegisterLength = 36;

    private static readonly BigInteger L = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", System.Globalization.CultureInfo.InvariantCulture);
    private static readonly byte[] Neutral = [1, .. new byte[31]];

    // Runs as creation code. Behind it lie calls, each a byte of length and calldata: one of 36 bytes is `register`, made to the
    // Ed25519 contract, whose answer is whom the next ones go to. Returns a word for each call, 0 for one that reverted.
    private const string Program =
        "607b610100" // ptr = size of this, out = 0x100
        + "5b8138116015576101009003610100f3" // 05: unless ptr < codesize, return what is from 0x100 to out
        + "5b5f5f5260018260" + "1f39" + "5f51" // 15: length = the byte at ptr
        + "80836001016020395f5f52" // calldata to 0x20, nothing at 0
        + "80602414" + "8073" + Factory + "02" + "811560c0510201" // to = length == 36 ? factory : the last one registered
        + "60205f8460205f855af1" + "5f5102" + "9050" // result = call(...) * mload(0)
        + "818102821560c051020160c052" // remembered if it was `register`
        + "835250" // mstore(out, result)
        + "60010191906020019101" + "90" + "600556"; // ptr += length + 1, out += 32, again

    private const string Factory = "<20 bytes>";

    private readonly EvmRpcClient _rpc;
    private readonly EvmAddress _caller;
    private readonly byte[] _program;

    private LocalEd25519(EvmRpcClient rpc, EvmAddress caller, EvmAddress factory)
    {
        _rpc = rpc;
        _caller = caller;
        _program = Convert.FromHexString(Program.Replace(Factory, Convert.ToHexString(factory.ToArray()), StringComparison.Ordinal));
    }

    public static async Task<LocalEd25519> OfAsync(EvmRpcClient rpc, EvmAddress oracleFeeds, CancellationToken cancellationToken)
    {
        var answer = await rpc.CallAsync(new EvmCall(oracleFeeds, oracleFeeds, AbiWriter.Selector("ed25519()")), EvmBlockTag.Latest, cancellationToken);
        return new LocalEd25519(rpc, oracleFeeds, new EvmAddress(answer.AsSpan(12)));
    }

    /// <summary>What the verifier of each key says of each signature; null where the key is refused.</summary>
    public async Task<IReadOnlyList<bool[]?>> VerifyAsync(IReadOnlyList<Asked> keys, CancellationToken cancellationToken)
    {
        var code = new List<byte>(_program);
        foreach (var asked in keys)
        {
            Append(code, new AbiWriter("register(bytes32)", 1).Bytes32(asked.Key).ToArray());
            foreach (var (message, signature) in asked.Signatures) Append(code, Call(asked.Key, message, signature));
        }

        var words = await _rpc.CallAsync(new EvmCall(_caller, null, code.ToArray()), EvmBlockTag.Latest, cancellationToken);
        Assert.Equal(32 * keys.Sum(asked => 1 + asked.Signatures.Count), words.Length);
        var at = 0;
        byte[] Next() => words.AsSpan(32 * at++, 32).ToArray();
        return [.. keys.Select(asked =>
        {
            var registered = Next().AsSpan().ContainsAnyExcept((byte)0);
            var answers = asked.Signatures.Select(s => Read(Next(), s.Message, s.Signature)).ToArray();
            return registered ? answers : null;
        })];
    }

    private static void Append(List<byte> code, byte[] calldata)
    {
        Assert.True(calldata.Length == RegisterLength || calldata.Length is > RegisterLength and <= 160);
        code.Add((byte)calldata.Length);
        code.AddRange(calldata);
    }

    /// <summary>Our messages go to <c>verify</c>; for one of another length its challenge is computed here and R' asked for.</summary>
    private static byte[] Call(byte[] key, byte[] message, byte[] signature)
    {
        if (message.Length == BatchMessage.Length)
        {
            return new AbiWriter("verify(bytes15,bytes32,bytes32,bytes32)", 4)
                .Bytes32([.. message[..15], .. new byte[17]]).Bytes32(message.AsSpan(15)).Bytes32(signature.AsSpan(0, 32)).Bytes32(signature.AsSpan(32)).ToArray();
        }

        var k = Little(SHA512.HashData([.. signature[..32], .. key, .. message])) % L;
        return new AbiWriter("sum(uint256,uint256)", 2).Bytes32(Big(Little(signature[32..]) % L)).Bytes32(Big(k)).ToArray();
    }

    private static bool Read(byte[] answer, byte[] message, byte[] signature)
    {
        if (message.Length == BatchMessage.Length) return answer[31] == 1;
        return Little(signature[32..]) < L && !signature.AsSpan(0, 32).SequenceEqual(Neutral) && answer.AsSpan().SequenceEqual(signature.AsSpan(0, 32));
    }

    private static BigInteger Little(byte[] bytes) => new(bytes, isUnsigned: true);

    private static byte[] Big(BigInteger value)
    {
        var bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }

    /// <summary>A key and what is to be verified with it.</summary>
    internal sealed record Asked(byte[] Key, IReadOnlyList<(byte[] Message, byte[] Signature)> Signatures);
}
