using DurableTask.Core;
using DurableTask.Core.Command;
using DurableTask.Core.History;

namespace TriOps.Testing.Durable;

/// <summary>Replay of a history by Durable's own executor.</summary>
public static class RecordedHistory
{
    /// <summary>How today's code ends when it is led through a history's turns; null: it would still wait.</summary>
    /// <param name="history">Of an instance that has ended.</param>
    /// <param name="code">A new run of its orchestration.</param>
    public static OrchestrationCompleteOrchestratorAction? Replay(IReadOnlyList<HistoryEvent> history, TaskOrchestration code)
    {
        var last = history.Select((e, i) => (e, i)).Last(x => x.e is OrchestratorStartedEvent).i;
        var state = new OrchestrationRuntimeState([.. history.Take(last)]);
        foreach (var e in history.Skip(last))
            if (e is OrchestratorStartedEvent or ExecutionStartedEvent or TaskCompletedEvent or TaskFailedEvent or TimerFiredEvent
                or EventRaisedEvent or SubOrchestrationInstanceCompletedEvent or SubOrchestrationInstanceFailedEvent)
                state.AddEvent(e);
        var actions = new TaskOrchestrationExecutor(state, code, BehaviorOnContinueAsNew.Carryover, ErrorPropagationMode.UseFailureDetails)
            .Execute().Actions;
        return actions.OfType<OrchestrationCompleteOrchestratorAction>().SingleOrDefault();
    }

    /// <summary>What a history holds, an event a line, without times and payloads.</summary>
    public static IEnumerable<string> Shape(IEnumerable<HistoryEvent> history) => history.Select(e => e switch
    {
        TaskScheduledEvent x => $"activity {x.Name}",
        SubOrchestrationInstanceCreatedEvent x => $"workflow {x.Name} {x.InstanceId}",
        EventRaisedEvent x => $"event {x.Name}",
        EventSentEvent x => $"send {x.Name} to {x.InstanceId}",
        TaskCompletedEvent x => $"{x.EventType} {x.TaskScheduledId}",
        TimerFiredEvent x => $"{x.EventType} {x.TimerId}",
        ExecutionCompletedEvent x => $"{x.EventType} {x.OrchestrationStatus}",
        _ => e.EventType.ToString(),
    });
}
