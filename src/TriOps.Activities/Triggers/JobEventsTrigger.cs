using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Triggers;

/// <summary>A message on the job-events queue becomes the event that the job's workflow waits for.</summary>
public sealed class JobEventsTrigger(IWorkflows workflows)
{
    /// <summary>Raises <see cref="JobSteps.Ended"/> on the instance whose id is the job's.</summary>
    /// <param name="message">A <see cref="JobEnd"/> as JSON.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="InvalidInputException">It is none (code job-event-invalid): trying again will not help.</exception>
    public Task HandleAsync(string message, CancellationToken ct)
    {
        JobEnd? end;
        try { end = JsonSerializer.Deserialize<JobEnd>(message, TriOpsJson.Options); }
        catch (JsonException e) { throw Invalid(e.Message, e); }
        if (end is null || end.Attempt < 1) throw Invalid("it has no job or no attempt", null);
        try { DocumentKeyRule.Check(end.JobId, "job id"); }
        catch (InvalidInputException e) { throw Invalid(e.Message, e); }
        return workflows.RaiseAsync(end.JobId, JobSteps.Ended, end, ct);
    }

    private static InvalidInputException Invalid(string why, Exception? inner) =>
        new("job-event-invalid", $"A message on the queue {Queues.JobEvents} is not the end of a job: {why}.", inner);
}
