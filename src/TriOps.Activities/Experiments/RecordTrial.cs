using TriOps.Core.Compute;
using TriOps.Core.Experiments;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Experiments;

/// <summary>Writes down how a trial ended and what it took, once: a trial that is no longer running stays as it is.</summary>
public sealed class RecordTrial(RunLog runs, IComputeTarget compute) : IActivity<TrialEnd, Done>
{
    /// <inheritdoc/>
    public static ActivityName<TrialEnd, Done> Name => TrainSteps.RecordTrial;

    /// <inheritdoc/>
    public async Task<Done> Run(TrialEnd input, CancellationToken ct)
    {
        var bill = await Bill(input.End, ct);
        await runs.UpdateTrialAsync(input.RunId, input.Number, trial => trial.Status == RunStatus.Running ? Ended(trial, input.End, bill) : trial, ct);
        return Done.Value;
    }

    /// <summary>Of all attempts: those that were lost were paid for, too.</summary>
    private async Task<AttemptBill> Bill(JobEnd end, CancellationToken ct)
    {
        var bills = new List<AttemptBill>();
        for (var attempt = 1; attempt <= end.Attempt; attempt++)
        {
            var measured = attempt == end.Attempt ? end.DeviceSeconds : 0;
            bills.Add(await compute.BillAsync(end.JobId, attempt, measured, ct) ?? new(measured, Cost: null));
        }
        return bills is [] ? new(end.DeviceSeconds, Cost: null) : new(bills.Sum(b => b.DeviceSeconds), Money.Sum(bills.Select(b => b.Cost)));
    }

    private static Trial Ended(Trial trial, JobEnd end, AttemptBill bill)
    {
        var ended = trial with { Objective = end.Objective, Metrics = end.Metrics, Artifacts = end.Artifacts, DeviceSeconds = bill.DeviceSeconds, Cost = bill.Cost };
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
