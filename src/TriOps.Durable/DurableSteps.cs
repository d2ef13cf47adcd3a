using DurableTask.Core.History;
using TriOps.Core.Workflows;

namespace TriOps.Durable;

/// <summary>Durable's history as people read it: one line per action, with its outcome.</summary>
public static class DurableSteps
{
    /// <summary>The steps in order of scheduling. A result counts as recorded with the turn that took it: the time of a timer's own event
    /// is when it was set.</summary>
    public static IReadOnlyList<WorkflowStep> Of(IEnumerable<HistoryEvent> history)
    {
        var steps = new List<WorkflowStep>();
        var open = new Dictionary<int, int>();
        DateTimeOffset turn = default;
        foreach (var e in history)
        {
            var (n, at) = (steps.Count, At(e));
            if (e is OrchestratorStartedEvent) turn = at;
            WorkflowStep? step = e switch
            {
                TaskScheduledEvent x => new(n, x.Name ?? "", "activity", at),
                SubOrchestrationInstanceCreatedEvent x => new(n, x.Name ?? "", "workflow", at, ChildId: x.InstanceId),
                TimerCreatedEvent => new(n, "timer", "timer", at),
                EventSentEvent x => new(n, x.Name ?? "", "event", at, at),
                EventRaisedEvent x => new(n, x.Name ?? "", "event", at, at),
                _ => null,
            };
            if (step is not null) steps.Add(step);
            if (step is { EndedAt: null }) open[e.EventId] = n;
            var (settled, failure) = Outcome(e, steps, open);
            if (settled is { } id && open.Remove(id, out var index))
                steps[index] = steps[index] with { EndedAt = turn > steps[index].ScheduledAt ? turn : at, Failure = failure };
            if (e is not ExecutionCompletedEvent) continue;
            // Cancelled timers: a history does not mention them.
            foreach (var left in open.Values) steps[left] = steps[left] with { EndedAt = at };
            open.Clear();
        }
        return steps;
    }

    private static (int? Settled, StepFailure? Failure) Outcome(HistoryEvent e, List<WorkflowStep> steps, Dictionary<int, int> open) =>
        e switch
    {
        TaskCompletedEvent x => (x.TaskScheduledId, null),
        SubOrchestrationInstanceCompletedEvent x => (x.TaskScheduledId, null),
        TimerFiredEvent x => (x.TimerId, null),
        TaskFailedEvent x =>
        (x.TaskScheduledId, StepFaultException.ReadText(x.FailureDetails?.ErrorType, x.FailureDetails?.ErrorMessage ?? x.Reason)),
        SubOrchestrationInstanceFailedEvent { FailureDetails: null } x =>
        (x.TaskScheduledId,
        StepFaultException.Terminated(open.TryGetValue(x.TaskScheduledId, out var i) ? $"{steps[i].Name} '{steps[i].ChildId}'"
        : "The workflow", x.Reason)),
        SubOrchestrationInstanceFailedEvent x =>
        (x.TaskScheduledId, StepFaultException.ReadText(x.FailureDetails.ErrorType, x.FailureDetails.ErrorMessage)),
        _ => (null, null),
    };

    private static DateTimeOffset At(HistoryEvent e) => new(DateTime.SpecifyKind(e.Timestamp, DateTimeKind.Utc));
}
