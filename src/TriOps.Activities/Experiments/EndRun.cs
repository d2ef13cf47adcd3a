using TriOps.Core.Compute;
using TriOps.Core.Experiments;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Experiments;

/// <summary>Closes the run, and with it trials that nobody waits for any more. A run that has ended stays as it is; one that failed before it was
/// recorded has nothing to close.</summary>
public sealed class EndRun(RunLog runs, TimeProvider time) : IActivity<RunEnd, Done>
{
    /// <inheritdoc/>
    public static ActivityName<RunEnd, Done> Name => TrainSteps.EndRun;

    /// <inheritdoc/>
    public async Task<Done> Run(RunEnd input, CancellationToken ct)
    {
        if (await runs.FindAsync(input.RunId, ct) is null) return Done.Value;
        var trials = await runs.TrialsAsync(input.RunId, ct);
        foreach (var trial in trials)
        {
            if (trial.Status == RunStatus.Running)
                await runs.UpdateTrialAsync(trial.RunId, trial.Number, t => t.Status == RunStatus.Running ? t with { Status = RunStatus.Cancelled, Error = "The run ended before this trial." } : t, ct);
        }
        await runs.UpdateAsync(input.RunId, run => run.Status != RunStatus.Running
            ? run
            : run with { Status = input.Status, EndedAt = time.GetUtcNow(), ModelVersion = input.ModelVersion, Error = input.Error, DeviceSeconds = trials.Sum(t => t.DeviceSeconds), Cost = Money.Sum(trials.Select(t => t.Cost)) }, ct);
        return Done.Value;
    }
}
