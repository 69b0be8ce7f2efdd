using OracleNode.Chains;

namespace OracleNode.Deployment;

/// <summary>
/// Does what a plan says, step by step: look at the chain, do what is missing, record it, look again. It can be stopped
/// anywhere: what counts is what the chain holds, and the next run begins with that.
/// </summary>
internal static class DeploymentRun
{
    // Some steps show only after others are done.
    private const int MostRounds = 4;

    /// <summary>Runs to the end, or to the first step that cannot be done.</summary>
    /// <param name="report">Told each step as it is done.</param>
    /// <returns>What the chain holds after it.</returns>
    /// <exception cref="ChainException">A step was refused, or the chain does not hold what a step should have left.</exception>
    public static async Task<ChainPlan> ExecuteAsync(IChainDeployment deployment, Action<string> report, CancellationToken cancellationToken)
    {
        await deployment.SettleAsync(cancellationToken);
        var plan = await deployment.PlanAsync(cancellationToken);
        for (var round = 0; round < MostRounds; round++)
        {
            var todo = plan.Steps.TakeWhile(s => s.State != StepState.Blocked).Where(s => s.State == StepState.ToDo).ToList();
            // What a run that died could not record any more is recorded now.
            if (plan.Steps.Any(s => s.State == StepState.Done)) deployment.Record(_ => plan.Observed);
            if (todo.Count == 0) return plan;
            foreach (var step in todo)
            {
                var outcome = await step.Run!(cancellationToken);
                deployment.Record(chain => outcome.Apply(chain) with { Transactions = [.. chain.Transactions, .. outcome.Transactions.Select(id => new TransactionRecord(step.Name, id))] });
                report($"{deployment.Name}: {step.Name}: {(outcome.Transactions.Count == 0 ? "done" : outcome.Transactions[^1])}");
            }

            plan = await deployment.PlanAsync(cancellationToken);
        }

        throw new ChainException($"{deployment.Name}: after {MostRounds} rounds this is still missing, though every transaction was taken: {string.Join(", ", plan.Steps.Where(s => s.State == StepState.ToDo).Select(s => s.Name))}. Does the endpoint show old state?");
    }
}
