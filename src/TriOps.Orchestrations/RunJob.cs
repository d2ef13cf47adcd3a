using Microsoft.Extensions.Logging;
using TriOps.Core.Compute;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Orchestrations;

/// <summary>Sees one job through: starts it, waits for its last word, and starts it again when it is lost. When it returns, nothing of the
/// job runs.</summary>
/// <remarks>The event is the fast way to hear of the end, the look the sure one: a message can be lost, and a dead process sends
/// none.</remarks>
public sealed class RunJob : IOrchestration<JobRequest, JobEnd>
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);
    /// <summary>A trainer keeps to the time limit itself; this long after it, it has hung.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);
    private const int LooksPerHistory = 60;

    /// <inheritdoc/>
    public static WorkflowName<JobRequest, JobEnd> Name => JobSteps.Workflow;

    /// <inheritdoc/>
    public async Task<JobEnd> Run(IWorkflow workflow, JobRequest job)
    {
        var attempt = job.Running ?? await Start(workflow, job, 1);
        var lostSeconds = job.LostSeconds;
        var message = workflow.WaitForEvent(JobSteps.Ended); // Open all the time: a wait cannot be taken back.
        for (var looks = 0; looks < LooksPerHistory || message.IsCompleted; looks++)
        {
            var goesOn = looks == 0 && job.Running is not null; // A new history shows no progress: look at once.
            var told = goesOn ? message.IsCompleted : await workflow.Within(message, Stagger.Of(LookEvery, $"{job.JobId}/{looks}"));
            var (end, waited) = told ? (await Hear(workflow, await message, attempt), false) : (null, false);
            if (told) message = workflow.WaitForEvent(JobSteps.Ended);
            if (end is null) (end, waited) = await Look(workflow, job, attempt);
            if (waited) attempt = attempt with { StartedAt = workflow.Now };
            if (end is null) continue;
            end = end with { LostSeconds = lostSeconds };
            if (end.Outcome != JobOutcome.Lost) return end;
            workflow.Log.LogWarning("Job {Job}: attempt {Attempt} of {Attempts} was lost: {Reason}", job.JobId, attempt.Attempt,
                job.MaxAttempts, end.Error);
            if (attempt.Attempt >= job.MaxAttempts)
                return end
                    with { Outcome = JobOutcome.Lost,
                    Error = $"Lost in each of {job.MaxAttempts} attempts; in the last: {end.Error ?? "no reason was given"}" };
            lostSeconds += end.DeviceSeconds;
            attempt = await Start(workflow, job, attempt.Attempt + 1);
        }
        workflow.ContinueAsNew(job with { Running = attempt, LostSeconds = lostSeconds });
        return new(job.JobId, attempt.Attempt, JobOutcome.Lost); // Not seen by anybody: the next execution's result is.
    }

    private static async Task<JobAttempt> Start(IWorkflow workflow, JobRequest job, int number)
    {
        var attempt = new JobAttempt(job.JobId, number, workflow.Now);
        workflow.SetStatus(new WorkflowProgress("starting", $"Trial {job.Trial}, attempt {number} of {job.MaxAttempts}.", 0));
        await workflow.Call(JobSteps.Start, attempt);
        return attempt;
    }

    /// <summary>What a message says of the attempt; null when it is about another one.</summary>
    private static async Task<JobEnd?> Hear(IWorkflow workflow, JobEnd said, JobAttempt attempt) =>
        !Concerns(said, attempt) ? null
        : said.Attempt == attempt.Attempt ? said
        : await Stop(workflow, attempt, said.Error ?? $"attempt {said.Attempt} has ended the job", 0, said);

    /// <summary>The attempt's end as far as a look shows it; null while it runs. Time that it waits in line does not count against its
    /// limit.</summary>
    private static async Task<(JobEnd? End, bool InLine)> Look(IWorkflow workflow, JobRequest job, JobAttempt attempt)
    {
        var look = await workflow.Call(JobSteps.Look, attempt);
        if (look.End is { } found && Concerns(found, attempt))
            return (found.Attempt == attempt.Attempt ? found
                : await Stop(workflow, attempt, $"attempt {found.Attempt} has ended the job", look.DeviceSeconds, found), false);

        var inLine = look.Heartbeat?.Phase == JobHeartbeat.Queued;
        var over = !inLine && workflow.Now - attempt.StartedAt > job.TimeLimit + Grace;
        if (!look.Lost && !over)
        {
            if (look.Heartbeat is { } beat)
                workflow.SetStatus(
                    new WorkflowProgress(beat.Phase, $"Trial {job.Trial}, attempt {attempt.Attempt} of {job.MaxAttempts}.", beat.Progress));
            return (null, inLine);
        }
        var reason = look.Lost ? look.Reason
            : $"attempt {attempt.Attempt} had not ended {Grace.TotalMinutes:0} minutes after its time limit of {job.TimeLimit}";
        return (await Stop(workflow, attempt, reason, look.DeviceSeconds,
            new(attempt.JobId, attempt.Attempt, JobOutcome.Lost, Error: reason)), false);
    }

    /// <summary>Makes sure that nothing of the attempt goes on. The job's end is <paramref name="otherwise"/>, unless the attempt itself
    /// ended just before.</summary>
    private static async Task<JobEnd> Stop(IWorkflow workflow, JobAttempt attempt, string? reason, double seconds, JobEnd otherwise)
    {
        workflow.SetStatus(new WorkflowProgress("stopping", $"Attempt {attempt.Attempt}: {reason}.", 0));
        await workflow.Call(JobSteps.Stop, attempt);
        var look = await workflow.Call(JobSteps.Look, attempt);
        return look.End is { Outcome: JobOutcome.Succeeded or JobOutcome.Failed } end && Concerns(end, attempt)
            ? end
            : otherwise.Outcome is JobOutcome.Succeeded or JobOutcome.Failed ? otherwise
            : otherwise with { Attempt = attempt.Attempt, DeviceSeconds = Math.Max(seconds, look.DeviceSeconds) };
    }

    /// <summary>An earlier attempt that was given up may still speak. A success or a failure is then the job's, for another attempt would
    /// end the same; that it was lost or stopped is known. Attempt 0 is the word of <see cref="JobSteps.Cancel"/>.</summary>
    private static bool Concerns(JobEnd end, JobAttempt attempt) =>
        end.JobId == attempt.JobId
            && (end.Attempt == attempt.Attempt || end.Attempt == 0 || end.Outcome is JobOutcome.Succeeded or JobOutcome.Failed);
}
