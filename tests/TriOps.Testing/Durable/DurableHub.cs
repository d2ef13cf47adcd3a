using DurableTask.Core;
using DurableTask.Core.Command;
using DurableTask.Core.History;
using Microsoft.Extensions.Time.Testing;
using TriOps.Durable;

namespace TriOps.Testing.Durable;

/// <summary>Durable's own executor over memory, on a clock that the test owns: orchestrations run through months in milliseconds, and
/// between two turns nothing but the history is kept, so every turn replays. Not safe for threads.</summary>
/// <param name="registry">The code.</param>
/// <param name="time">The clock.</param>
/// <param name="services">For activities that are classes.</param>
public sealed class DurableHub(WorkflowRegistry registry, FakeTimeProvider time, IServiceProvider? services = null) : IActivityHost
{
    private readonly Dictionary<string, HubInstance> all = new(StringComparer.Ordinal);
    private readonly PriorityQueue<(string Id, string Execution, TimerFiredEvent Event), DateTime> timers = new();
    private readonly Queue<(string Id, string Execution, TaskScheduledEvent Task)> work = new();

    /// <summary>The instance's events, as Durable keeps them.</summary>
    public IReadOnlyList<HistoryEvent> History(string id) => all[id].Past;

    /// <summary>The custom statuses that could be seen of the instance, in order, as JSON: of those set in one turn, the last.</summary>
    public IReadOnlyList<string> Statuses(string id) => all[id].Statuses;

    /// <summary>How often the instance has begun: 1, and one more for each time it continued as new.</summary>
    public int Executions(string id) => all[id].Executions;

    internal IReadOnlyCollection<HubInstance> Instances => all.Values;

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <inheritdoc/>
    public Task<TOut> RunAsync<TOut>(string name, Func<IServiceProvider, CancellationToken, Task<TOut>> activity) =>
        activity(services ?? EmptyServices.Instance, CancellationToken.None);

    /// <summary>Runs until nothing is left to do before the clock moves or something arrives.</summary>
    public async Task SettleAsync()
    {
        while (true)
        {
            if (all.Values.FirstOrDefault(i => i.Inbox.Count > 0 && i.End is null) is { } ready) Turn(ready);
            else if (work.TryDequeue(out var next)) await RunAsync(next.Id, next.Execution, next.Task);
            else return;
        }
    }

    /// <summary>Moves the clock, timer by timer.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        await SettleAsync();
        var until = Now + by;
        while (await FireAsync(until)) { /* The next. */ }
        time.Advance(until - Now);
    }

    /// <summary>Moves the clock to the next timer, and runs what it wakes.</summary>
    /// <param name="until">The clock goes no further.</param>
    /// <returns>False when no timer is due until then: the clock stands where it stood.</returns>
    public async Task<bool> FireAsync(DateTime until)
    {
        if (!timers.TryPeek(out _, out var due) || due > until) return false;
        var timer = timers.Dequeue();
        if (due > Now) time.Advance(due - Now);
        Deliver(timer.Id, timer.Execution, timer.Event);
        await SettleAsync();
        return true;
    }

    internal HubInstance? Find(string id) => all.GetValueOrDefault(id);

    internal void Start(string id, string name, string? input, (string, int)? parent = null)
    {
        if (all.ContainsKey(id)) return; // As on Azure Storage: a child's start under a taken id is dropped.
        all[id] = new HubInstance(name, id, Now) { Parent = parent };
        all[id].Begin(input, Now, []);
    }

    internal void Send(string id, HistoryEvent e)
    {
        e.Timestamp = Now;
        if (all.TryGetValue(id, out var instance) && instance.End is null) instance.Inbox.Add(e);
    }

    private void Deliver(string id, string execution, HistoryEvent e)
    {
        if (all.TryGetValue(id, out var instance) && $"{id}-{instance.Executions}" == execution) Send(id, e);
    }

    private async Task RunAsync(string id, string execution, TaskScheduledEvent task)
    {
        HistoryEvent result;
        try
        {
            result = new TaskCompletedEvent(-1, task.EventId, await registry.Activity(task.Name!, this)
                .RunAsync(new TaskContext(new() { InstanceId = id }), task.Input));
        }
        catch (Exception e) { result = new TaskFailedEvent(-1, task.EventId, e.Message, null, new FailureDetails(e)); }
        Deliver(id, execution, result);
    }

    private void Turn(HubInstance i)
    {
        var state = new OrchestrationRuntimeState([.. i.Past]);
        state.AddEvent(new OrchestratorStartedEvent(-1) { Timestamp = Now });
        foreach (var e in i.Inbox) state.AddEvent(e);
        i.Inbox.Clear();
        var result = new TaskOrchestrationExecutor(state, registry.Orchestration(i.Name), BehaviorOnContinueAsNew.Carryover,
            ErrorPropagationMode.UseFailureDetails).Execute();
        (i.Status, i.Updated) = (result.CustomStatus, Now);
        OrchestrationCompleteOrchestratorAction? end = null;
        foreach (var action in result.Actions) end = Act(i, state, action) ?? end;
        if (end is { OrchestrationStatus: OrchestrationStatus.ContinuedAsNew })
        {
            i.Executions++;
            i.Begin(end.Result, Now, end.CarryoverEvents);
            return;
        }
        if (end is not null)
            state.AddEvent(
                new ExecutionCompletedEvent(end.Id, end.Result, end.OrchestrationStatus, end.FailureDetails) { Timestamp = Now });
        state.AddEvent(new OrchestratorCompletedEvent(-1) { Timestamp = Now });
        i.Past = [.. state.Events];
        if ((i.End = end) is not null && i.Parent is { } parent) Send(parent.Id, Told(parent.Task, end!));
    }

    private OrchestrationCompleteOrchestratorAction? Act(HubInstance i, OrchestrationRuntimeState state, OrchestratorAction action)
    {
        var execution = $"{i.Id}-{i.Executions}";
        switch (action)
        {
            case ScheduleTaskOrchestratorAction a:
                var task = new TaskScheduledEvent(a.Id) { Name = a.Name, Version = a.Version, Input = a.Input, Timestamp = Now };
                state.AddEvent(task);
                work.Enqueue((i.Id, execution, task));
                return null;
            case CreateTimerOrchestratorAction a:
                state.AddEvent(new TimerCreatedEvent(a.Id) { FireAt = a.FireAt, Timestamp = Now });
                var hidden = Math.Floor(Math.Max(0, (a.FireAt - Now).TotalSeconds)); // Azure Storage hides messages for whole seconds.
                timers.Enqueue((i.Id, execution, new TimerFiredEvent(-1, a.FireAt) { TimerId = a.Id, Timestamp = Now }),
                hidden < (DateTime.MaxValue - Now).TotalSeconds ? Now.AddSeconds(hidden) : DateTime.MaxValue);
                return null;
            case CreateSubOrchestrationAction a:
                state.AddEvent(
                    new SubOrchestrationInstanceCreatedEvent(a.Id) { Name = a.Name, Version = a.Version, InstanceId = a.InstanceId,
                    Input = a.Input, Timestamp = Now });
                Start(a.InstanceId!, a.Name!, a.Input, (i.Id, a.Id));
                return null;
            case SendEventOrchestratorAction a:
                state.AddEvent(
                    new EventSentEvent(a.Id) { InstanceId = a.Instance!.InstanceId, Name = a.EventName, Input = a.EventData,
                    Timestamp = Now });
                Send(a.Instance.InstanceId, new EventRaisedEvent(-1, a.EventData) { Name = a.EventName });
                return null;
            default:
                return (OrchestrationCompleteOrchestratorAction)action;
        }
    }

    private static HistoryEvent Told(int task, OrchestrationCompleteOrchestratorAction end) =>
        end.OrchestrationStatus == OrchestrationStatus.Completed
        ? new SubOrchestrationInstanceCompletedEvent(-1, task, end.Result)
        : new SubOrchestrationInstanceFailedEvent(-1, task, end.Result, end.Details, end.FailureDetails);

    private sealed class EmptyServices : IServiceProvider
    {
        public static readonly EmptyServices Instance = new();
        public object? GetService(Type serviceType) => null;
    }
}
