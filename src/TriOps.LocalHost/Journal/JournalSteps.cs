using TriOps.Core.Workflows;

namespace TriOps.LocalHost.Journal;

/// <summary>A history as people read it: one line per action, with its outcome.</summary>
public static class JournalSteps
{
    /// <summary>The steps in order of scheduling.</summary>
    public static IReadOnlyList<WorkflowStep> Of(IReadOnlyList<JournalEvent> history)
    {
        var steps = new List<WorkflowStep>();
        var open = new Dictionary<int, int>();
        foreach (var e in history)
        {
            var n = steps.Count;
            WorkflowStep? step = e switch
            {
                StepScheduled x => new(n, x.Name, "activity", x.At),
                ChildScheduled x => new(n, x.Name, "workflow", x.At, ChildId: x.InstanceId),
                TimerCreated x => new(n, "timer", "timer", x.At),
                EventSent x => new(n, x.Name, "event", x.At, x.At),
                EventRaised x => new(n, x.Name, "event", x.At, x.At),
                _ => null,
            };
            if (step is not null) steps.Add(step);
            if (step?.EndedAt is null && Outcomes.ActionOf(e) is { } seq) open[seq] = n;
            if (Outcomes.SettledBy(e) is { } settled && open.Remove(settled, out var at)) steps[at] = steps[at] with { EndedAt = e.At, Failure = Outcomes.FailureOf(e) };
        }
        return steps;
    }
}
