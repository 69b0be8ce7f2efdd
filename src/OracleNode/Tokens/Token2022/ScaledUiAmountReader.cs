using System.Buffers.Binary;
using NodaTime;
using OracleNode.Chains.Solana;
using OracleNode.Market;

namespace OracleNode.Tokens;

/// <summary>
/// Reads the ScaledUiAmount extension of a Token-2022 mint, and the Pausable one where it has that, from its account data. Layout and rules: solana-program/token-2022,
/// interface/src/extension (base account padded to 165 bytes, account type, then entries of type u16, length u16, value;
/// integers little-endian).
/// </summary>
internal static class ScaledUiAmountReader
{
    internal const int AccountTypeOffset = 165;
    internal const int EntriesOffset = 166;
    internal const byte MintAccountType = 1;
    internal const ushort ExtensionType = 25;
    internal const int ValueLength = 56;
    internal const ushort PausableType = 26;
    internal const int PausableLength = 33;

    private const int MintLength = 82;
    private const int InitializedOffset = 45;
    private const int EntryHeaderLength = 4;

    /// <summary>An account of exactly this length is a multisig, never a mint: Token-2022 pads its mints past it.</summary>
    private const int MultisigLength = 355;

    /// <summary>Reads the extension.</summary>
    /// <param name="account">The mint's account.</param>
    /// <param name="now">The chain's time, for the bound on the effective time.</param>
    /// <param name="scaled">The multipliers, when the mint has them.</param>
    /// <returns>Null when read; else what was found and what would be right.</returns>
    public static string? TryRead(SolanaAccount account, Instant now, out ScaledUiAmount scaled)
    {
        scaled = default;
        if (account.Owner != SolanaPrograms.Token2022) return $"its owner is {account.Owner}, not the Token-2022 program {SolanaPrograms.Token2022}";
        ReadOnlySpan<byte> data = account.Data;
        if (data.Length is <= EntriesOffset or MultisigLength) return $"it has {data.Length} bytes, which is no mint with extensions";
        if (data[AccountTypeOffset] != MintAccountType) return $"its account type is {data[AccountTypeOffset]}, not {MintAccountType} (mint)";
        if (data[InitializedOffset] != 1) return "the mint is not initialised";
        if (data[MintLength..AccountTypeOffset].ContainsAnyExcept((byte)0)) return "the padding between mint and account type is not zero";

        var error = FindExtensions(data[EntriesOffset..], out var value, out var isPaused) ?? ReadValue(value, now, out scaled);
        if (error is null) scaled = scaled with { IsPaused = isPaused };
        return error;
    }

    private static string? FindExtensions(ReadOnlySpan<byte> entries, out ReadOnlySpan<byte> value, out bool isPaused)
    {
        value = default;
        isPaused = false;
        var (found, foundPausable) = (false, false);
        while (entries.Length >= EntryHeaderLength)
        {
            var type = BinaryPrimitives.ReadUInt16LittleEndian(entries);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(entries[2..]);
            if (type == 0) break;
            if (length > entries.Length - EntryHeaderLength)
            {
                return $"extension {type} says {length} bytes, {entries.Length - EntryHeaderLength} are left";
            }

            if (type == ExtensionType)
            {
                if (found) return "it has the ScaledUiAmount extension twice";
                if (length != ValueLength) return $"its ScaledUiAmount extension has {length} bytes, not {ValueLength}";
                value = entries.Slice(EntryHeaderLength, ValueLength);
                found = true;
            }
            else if (type == PausableType)
            {
                if (foundPausable) return "it has the Pausable extension twice";
                if (length != PausableLength) return $"its Pausable extension has {length} bytes, not {PausableLength}";
                var flag = entries[EntryHeaderLength + PausableLength - 1];
                if (flag > 1) return $"its Pausable extension says {flag}, neither 0 nor 1";
                (isPaused, foundPausable) = (flag == 1, true);
            }

            entries = entries[(EntryHeaderLength + length)..];
        }

        if (entries.ContainsAnyExcept((byte)0)) return "bytes after its last extension are not zero";
        return found ? null : "it has no ScaledUiAmount extension";
    }

    private static string? ReadValue(ReadOnlySpan<byte> value, Instant now, out ScaledUiAmount scaled)
    {
        scaled = default;
        var multiplierBits = BinaryPrimitives.ReadInt64LittleEndian(value[32..]);
        var effectiveSeconds = BinaryPrimitives.ReadInt64LittleEndian(value[40..]);
        var newMultiplierBits = BinaryPrimitives.ReadInt64LittleEndian(value[48..]);
        if (!Multiplier.TryFromDoubleBits(multiplierBits, out var multiplier)) return Unusable("multiplier", multiplierBits);
        if (!Multiplier.TryFromDoubleBits(newMultiplierBits, out var newMultiplier)) return Unusable("new multiplier", newMultiplierBits);
        if (effectiveSeconds < 0) return $"its new multiplier's effective time {effectiveSeconds} s is negative";
        var latest = (now + TokenTerms.MaxLead).ToUnixTimeSeconds();
        if (effectiveSeconds > latest)
        {
            return $"its new multiplier's effective time {effectiveSeconds} s lies more than {TokenTerms.MaxLead.Days} days ahead; expected Unix seconds up to {latest}";
        }

        scaled = new ScaledUiAmount(multiplier, newMultiplier, Instant.FromUnixTimeSeconds(effectiveSeconds));
        return null;
    }

    private static string Unusable(string which, long bits) =>
        $"its {which} (binary64 0x{bits:x16}) is not a positive normal number that 1e-18 steps in 128 bits hold";
}
