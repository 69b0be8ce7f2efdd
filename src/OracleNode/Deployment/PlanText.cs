using System.Globalization;
using OracleNode.Chains;

namespace OracleNode.Deployment;

/// <summary>A plan for a person to read before money is spent.</summary>
internal static class PlanText
{
    public static async Task WriteAsync(ChainPlan plan, TextWriter output)
    {
        var evm = plan.Kind == ChainKind.Evm;
        await output.WriteLineAsync($"{plan.Chain} ({(evm ? "chain id" : "genesis hash")} {plan.ChainId}): {(evm ? "OracleFeeds" : "program")} at {plan.Contract}");
        await output.WriteLineAsync($"  deployer {plan.Deployer} holds {Amount(plan.Balance, plan.Kind)}");
        foreach (var step in plan.Steps)
        {
            var cost = step.State == StepState.ToDo ? $" ({Units(step.Units, plan.Kind)}, {Amount(plan.CostOf(step), plan.Kind)})" : "";
            await output.WriteLineAsync($"  [{Word(step.State)}] {step.Name}: {step.Detail}{cost}");
        }

        var todo = plan.Steps.Count(s => s.State == StepState.ToDo);
        if (todo == 0) return;
        var note = evm ? ", without a rollup's fee for data on L1" : "";
        await output.WriteLineAsync($"  to do: {todo} step(s), {Units(plan.Units, plan.Kind)}, about {Amount(plan.Cost, plan.Kind)} at {Price(plan)}{note}");
        if (plan.Cost > plan.Balance) await output.WriteLineAsync($"  the deployer holds too little: send it at least {Amount(plan.Cost - plan.Balance, plan.Kind)}");
    }

    /// <summary>An amount of a chain's own coin, exact.</summary>
    /// <param name="smallest">Wei or lamports.</param>
    public static string Amount(UInt128 smallest, ChainKind kind)
    {
        var (decimals, symbol) = kind == ChainKind.Evm ? (18, "ETH") : (9, "SOL");
        var digits = smallest.ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var fraction = digits[^decimals..].TrimEnd('0');
        return $"{digits[..^decimals]}{(fraction.Length == 0 ? "" : "." + fraction)} {symbol}";
    }

    private static string Price(ChainPlan plan) => plan.Kind == ChainKind.Evm
        ? string.Create(CultureInfo.InvariantCulture, $"{plan.UnitPrice} wei per gas")
        : string.Create(CultureInfo.InvariantCulture, $"{plan.UnitPrice} lamports per transaction, deposits included");

    private static string Units(ulong units, ChainKind kind) => string.Create(CultureInfo.InvariantCulture, $"{units:N0} {(kind == ChainKind.Evm ? "gas" : "transaction(s)")}");

    private static string Word(StepState state) => state switch
    {
        StepState.Done => "done",
        StepState.ToDo => "to do",
        StepState.ForOthers => "for others",
        StepState.Blocked => "cannot be done",
        _ => state.ToString(),
    };
}
