using TriOps.Activities.Compute;
using TriOps.Core;
using TriOps.Core.Experiments;
using TriOps.Core.Steps;

namespace TriOps.Activities.Experiments;

/// <summary>Brings a run to its end. Idempotent: a run that has ended keeps how it ended.</summary>
public sealed class RunCloser(RunLog runs, TrialBook book, JobStopper jobs, TimeProvider time)
{
    /// <summary>Closes the run, and with it trials that nobody waits for any more.</summary>
    public async Task CloseAsync(RunEnd end, CancellationToken ct)
    {
        if (await runs.FindAsync(end.RunId, ct) is not null)
        {
            var trials = await runs.TrialsAsync(end.RunId, ct);
            foreach (var trial in trials)
                if (trial.Status == RunStatus.Running)
                    await runs.UpdateTrialAsync(trial.RunId, trial.Number, t => t.Status == RunStatus.Running
                        ? t with { Status = RunStatus.Cancelled, Error = "The run ended before this trial." } : t, ct);
            await runs.UpdateAsync(end.RunId,
                run => Ended(run, end)
                with { DeviceSeconds = trials.Sum(t => t.DeviceSeconds), Cost = Money.Sum(trials.Select(t => t.Cost)) }, ct);
        }
        await runs.ForgetOpenAsync(end.RunId, ct);
    }

    /// <summary>Closes a run whose workflow has ended without doing so: first the run, so that none of its steps starts anything more, then
    /// its jobs, wherever they run.</summary>
    public async Task AbandonAsync(RunEnd end, CancellationToken ct)
    {
        if (await runs.FindAsync(end.RunId, ct) is { Status: RunStatus.Running })
            await runs.UpdateAsync(end.RunId, run => Ended(run, end), ct);
        foreach (var trial in await runs.TrialsAsync(end.RunId, ct))
            if (trial.Status == RunStatus.Running)
                await book.EndAsync(
                    new(trial.RunId, trial.Number, await jobs.StopAsync(trial.JobId, end.Error ?? "The run was ended.", ct)), ct);
        await CloseAsync(end, ct);
    }

    private Run Ended(Run run, RunEnd end) => run.Status != RunStatus.Running ? run
        : run with { Status = end.Status, EndedAt = time.GetUtcNow(), ModelVersion = end.ModelVersion, Error = end.Error };
}
