using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Experiments;
using TriOps.Core.Steps;

namespace TriOps.Activities.Experiments;

/// <summary>How trials ended, and what they took.</summary>
public sealed class TrialBook(RunLog runs, IComputeTarget compute)
{
    /// <summary>Writes an end down. A trial that is no longer running stays as it is.</summary>
    public async Task EndAsync(TrialEnd end, CancellationToken ct)
    {
        var bill = await BillAsync(end.End, ct);
        await runs.UpdateTrialAsync(end.RunId, end.Number, trial => trial.Status == RunStatus.Running
            ? Ended(trial, end.End, bill) : trial, ct);
    }

    /// <summary>Of all attempts: those that were lost were paid for, too. Where the target does not count, what showed of them
    /// stands.</summary>
    private async Task<AttemptBill> BillAsync(JobEnd end, CancellationToken ct)
    {
        if (end.Attempt < 1) return new(end.DeviceSeconds + end.LostSeconds, Cost: null);
        var bills = new List<AttemptBill>();
        for (var attempt = 1; attempt < end.Attempt; attempt++)
            if (await compute.BillAsync(end.JobId, attempt, measured: 0, ct) is { } lost) bills.Add(lost);
        if (bills is []) bills.Add(new(end.LostSeconds, Cost: null));
        bills.Add(await compute.BillAsync(end.JobId, end.Attempt, end.DeviceSeconds, ct) ?? new(end.DeviceSeconds, Cost: null));
        return new(bills.Sum(b => b.DeviceSeconds), Money.Sum(bills.Select(b => b.Cost)));
    }

    private static Trial Ended(Trial trial, JobEnd end, AttemptBill bill)
    {
        var result = end.Result as TrialResult ?? new TrialResult(Objective: null);
        var ended = trial with
        {
            Objective = result.Objective, Metrics = result.Metrics, Artifacts = result.Artifacts, DeviceSeconds = bill.DeviceSeconds,
                Cost = bill.Cost,
        };
        return end.Outcome switch
        {
            JobOutcome.Succeeded when result is { Objective: { } objective, Artifacts: not null } && double.IsFinite(objective) =>
                ended with { Status = RunStatus.Completed },
            JobOutcome.Succeeded => ended with
            {
                Status = RunStatus.Failed,
                Error = $"The trainer reported success with objective {result.Objective?.ToString() ?? "none"} and "
                + $"{(result.Artifacts is null ? "no" : "a")} model: the trial cannot be compared.",
            },
            JobOutcome.Cancelled => ended with { Status = RunStatus.Cancelled, Error = end.Error },
            _ => ended with { Status = RunStatus.Failed, Error = end.Error
            ?? $"The job ended as {end.Outcome} without a reason; see {JobPaths.Log(end.JobId, end.Attempt)}." },
        };
    }
}
