using TriOps.Core.Compute;
using TriOps.Core.Experiments;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Experiments;

/// <summary>Writes down how a trial ended, once: a trial that is no longer running stays as it is.</summary>
public sealed class RecordTrial(RunLog runs) : IActivity<TrialEnd, Done>
{
    /// <inheritdoc/>
    public static ActivityName<TrialEnd, Done> Name => TrainSteps.RecordTrial;

    /// <inheritdoc/>
    public async Task<Done> Run(TrialEnd input, CancellationToken ct)
    {
        await runs.UpdateTrialAsync(input.RunId, input.Number, trial => trial.Status == RunStatus.Running ? Ended(trial, input.End) : trial, ct);
        return Done.Value;
    }

    private static Trial Ended(Trial trial, JobEnd end)
    {
        var ended = trial with { Objective = end.Objective, Metrics = end.Metrics, Artifacts = end.Artifacts, DeviceSeconds = end.DeviceSeconds };
        return end switch
        {
            { Outcome: JobOutcome.Succeeded, Objective: { } objective, Artifacts: not null } when double.IsFinite(objective) => ended with { Status = RunStatus.Completed },
            { Outcome: JobOutcome.Succeeded } => ended with
            {
                Status = RunStatus.Failed,
                Error = $"The trainer reported success with objective {end.Objective?.ToString() ?? "none"} and {(end.Artifacts is null ? "no" : "a")} model: the trial cannot be compared.",
            },
            { Outcome: JobOutcome.Cancelled } => ended with { Status = RunStatus.Cancelled, Error = end.Error },
            _ => ended with { Status = RunStatus.Failed, Error = end.Error ?? $"The job ended as {end.Outcome} without a reason; see {JobPaths.Log(end.JobId, end.Attempt)}." },
        };
    }
}
