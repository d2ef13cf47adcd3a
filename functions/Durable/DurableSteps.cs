using DurableTask.Core.History;
using TriOps.Core.Workflows;

namespace TriOps.Functions.Durable;

/// <summary>Durable's history as people read it: one line per action, with its outcome. What the adapter does for itself is passed over.</summary>
internal static class DurableSteps
{
    /// <summary>The steps in order of scheduling.</summary>
    public static IReadOnlyList<WorkflowStep> Of(IEnumerable<HistoryEvent> history)
    {
        var steps = new List<WorkflowStep>();
        var open = new Dictionary<int, int>();
        foreach (var e in history)
        {
            var (n, at) = (steps.Count, At(e));
            WorkflowStep? step = e switch
            {
                TaskScheduledEvent x when x.Name != LookAtWorkflowFunction.Activity.Value => new(n, x.Name ?? "", "activity", at),
                SubOrchestrationInstanceCreatedEvent x => new(n, x.Name ?? "", "workflow", at, ChildId: x.InstanceId),
                TimerCreatedEvent x when !OwnTimers.IsOurs(x.FireAt) => new(n, "timer", "timer", at),
                EventSentEvent x when !IsOurs(x.Name) => new(n, x.Name ?? "", "event", at, at),
                EventRaisedEvent x when !IsOurs(x.Name) => new(n, x.Name ?? "", "event", at, at),
                _ => null,
            };
            if (step is not null) steps.Add(step);
            if (step is { EndedAt: null }) open[e.EventId] = n;
            var (settled, failure) = Outcome(e);
            if (settled is { } id && open.Remove(id, out var index)) steps[index] = steps[index] with { EndedAt = at, Failure = failure };
            if (e is not ExecutionCompletedEvent) continue;
            foreach (var left in open.Values) steps[left] = steps[left] with { EndedAt = at }; // Cancelled timers: a history does not mention them.
            open.Clear();
        }
        return steps;
    }

    private static (int? Settled, StepFailure? Failure) Outcome(HistoryEvent e) => e switch
    {
        TaskCompletedEvent x => (x.TaskScheduledId, null),
        SubOrchestrationInstanceCompletedEvent x => (x.TaskScheduledId, null),
        TimerFiredEvent x => (x.TimerId, null),
        TaskFailedEvent x => (x.TaskScheduledId, StepFaultException.ReadText(x.FailureDetails?.ErrorType, x.FailureDetails?.ErrorMessage ?? x.Reason)),
        SubOrchestrationInstanceFailedEvent x => (x.TaskScheduledId, StepFaultException.ReadText(x.FailureDetails?.ErrorType, x.FailureDetails?.ErrorMessage ?? x.Reason)),
        _ => (null, null),
    };

    private static bool IsOurs(string? name) => name?.StartsWith("triops.", StringComparison.OrdinalIgnoreCase) == true;

    private static DateTimeOffset At(HistoryEvent e) => new(DateTime.SpecifyKind(e.Timestamp, DateTimeKind.Utc));
}
