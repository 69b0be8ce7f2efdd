using System.Text.Json;
using OracleNode.Chains.Evm;

namespace OracleNode.Deployment;

/// <summary>The compiled OracleFeeds as it is committed in <c>src/onchain/evm/build</c>: what to create, and how to know it again.</summary>
internal sealed class EvmArtifact
{
    private const string Resource = "OracleFeeds.json";

    private readonly byte[] _deployed;
    private readonly (int Start, int Length)[] _immutables;

    private EvmArtifact(byte[] creation, byte[] deployed, (int, int)[] immutables)
    {
        Creation = creation;
        _deployed = deployed;
        _immutables = immutables;
    }

    /// <summary>The one this program was built with.</summary>
    public static EvmArtifact Embedded { get; } = Parse(EmbeddedFile.Read(Resource));

    /// <summary>Creation code; the constructor's arguments follow it.</summary>
    public byte[] Creation { get; }

    /// <summary>True when the code on a chain is this contract's, whatever its immutables.</summary>
    public bool IsCodeOf(ReadOnlySpan<byte> code)
    {
        if (code.Length != _deployed.Length) return false;
        var at = 0;
        foreach (var (start, length) in _immutables)
        {
            if (!code[at..start].SequenceEqual(_deployed.AsSpan(at..start))) return false;
            at = start + length;
        }

        return code[at..].SequenceEqual(_deployed.AsSpan(at));
    }

    private static EvmArtifact Parse(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        byte[] Code(string name) => EvmHex.ReadData(root.GetProperty(name).GetString()) ?? throw new InvalidDataException($"{Resource}: {name} is not hex; run npm run evm:build in src/onchain.");
        return new EvmArtifact(
            Code("bytecode"), Code("deployedBytecode"),
            [.. root.GetProperty("immutables").EnumerateArray().Select(r => (r[0].GetInt32(), r[1].GetInt32()))]);
    }
}
