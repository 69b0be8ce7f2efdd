using System.Globalization;
using System.Text.Json;

namespace OracleNode.Chains.Solana;

/// <summary>Why a transaction failed, as the runtime reports it.</summary>
/// <param name="Name">The runtime's name, e.g. <c>BlockhashNotFound</c> or <c>InstructionError</c>.</param>
/// <param name="InstructionIndex">Which instruction failed, for an instruction error.</param>
/// <param name="InstructionError">Its name, e.g. <c>Custom</c> or <c>ComputationalBudgetExceeded</c>.</param>
/// <param name="CustomCode">The program's own code, for <c>Custom</c>.</param>
internal sealed record SolanaTransactionError(string Name, int? InstructionIndex = null, string? InstructionError = null, uint? CustomCode = null)
{
    private const int MaxNameLength = 160;

    public bool IsBlockhashNotFound => Name == "BlockhashNotFound";
    public bool IsAlreadyProcessed => Name == "AlreadyProcessed";

    /// <summary>Reads the <c>err</c> of a status, simulation or transaction; null when there is none.</summary>
    public static SolanaTransactionError? Read(RpcValue? err)
    {
        if (err is not { IsNull: false } value) return null;
        if (value.Element.ValueKind == JsonValueKind.String) return new SolanaTransactionError(RpcValue.Printable(value.Text(), MaxNameLength));
        if (value.Element.ValueKind == JsonValueKind.Object && value.Member("InstructionError") is { } instruction)
        {
            var pair = instruction.Items(2);
            var index = pair[0].UInt64();
            if (index > byte.MaxValue) throw pair[0].Wrong("an instruction index");
            var what = pair[1];
            if (what.Element.ValueKind == JsonValueKind.Object && what.Member("Custom") is { } custom)
            {
                var code = custom.UInt64();
                return code <= uint.MaxValue
                    ? new SolanaTransactionError("InstructionError", (int)index, "Custom", (uint)code)
                    : throw custom.Wrong("a 32-bit code");
            }

            var name = what.Element.ValueKind == JsonValueKind.String ? RpcValue.Printable(what.Text(), MaxNameLength) : what.Shown();
            return new SolanaTransactionError("InstructionError", (int)index, name);
        }

        return new SolanaTransactionError(value.Shown());
    }

    /// <inheritdoc/>
    public override string ToString() => (InstructionIndex, CustomCode) switch
    {
        (null, _) => Name,
        ({ } index, { } code) => string.Create(CultureInfo.InvariantCulture, $"instruction {index} failed with custom code {code}"),
        ({ } index, null) => string.Create(CultureInfo.InvariantCulture, $"instruction {index} failed with {InstructionError}"),
    };
}
