namespace OracleNode.Chains.Evm;

/// <summary>What a transaction offers to pay, wei per gas.</summary>
/// <param name="MaxPriorityFeePerGas">Tip.</param>
/// <param name="MaxFeePerGas">Base fee and tip together at most.</param>
internal readonly record struct EvmFees(UInt128 MaxPriorityFeePerGas, UInt128 MaxFeePerGas)
{
    private const uint BpsInOne = 10_000;

    /// <summary>
    /// For a first attempt: twice the base fee, so that six full blocks of rising fees do not strand it, and the tip the
    /// endpoint suggests, each within its cap. Null when the base fee alone is above the cap: it could not be included.
    /// </summary>
    public static EvmFees? First(UInt128 baseFee, UInt128 suggestedTip, UInt128 feeCap, UInt128 tipCap)
    {
        if (baseFee > feeCap) return null;
        var tip = UInt128.Min(suggestedTip, tipCap);
        var room = feeCap - baseFee;
        var fee = baseFee + UInt128.Min(room, UInt128.Min(baseFee, room) + tip);
        return new EvmFees(UInt128.Min(tip, fee), fee);
    }

    /// <summary>
    /// For a replacement: both parts more than before by a share (nodes compare each, and want at least a wei), and at least
    /// what a first attempt would offer now. Only the fee cap limits it: a low tip must not keep a nonce stuck. Null when
    /// the cap leaves no room for it.
    /// </summary>
    public static EvmFees? Replacement(EvmFees previous, EvmFees? fresh, uint bumpBps, UInt128 feeCap)
    {
        var fee = UInt128.Max(Raise(previous.MaxFeePerGas, bumpBps), fresh?.MaxFeePerGas ?? 0);
        var tip = UInt128.Max(Raise(previous.MaxPriorityFeePerGas, bumpBps), fresh?.MaxPriorityFeePerGas ?? 0);
        return UInt128.Max(fee, tip) <= feeCap ? new EvmFees(tip, UInt128.Max(fee, tip)) : null;
    }

    /// <summary>Rounds up, so that a check in integers on the other side is met as well.</summary>
    private static UInt128 Raise(UInt128 value, uint bps) => value + UInt128.Max(1, (value * bps + BpsInOne - 1) / BpsInOne);

    /// <inheritdoc/>
    public override string ToString() => $"{MaxFeePerGas} wei per gas, {MaxPriorityFeePerGas} of it tip";
}
