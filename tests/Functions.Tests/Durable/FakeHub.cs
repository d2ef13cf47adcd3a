using Azure.Core.Serialization;
using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TriOps.Core;

namespace TriOps.Functions.Tests.Durable;

/// <summary>A task hub and its worker, single-threaded and on a test's clock: nothing happens but in <see cref="SettleAsync"/>. Every turn replays the whole history, as
/// after the crash of a host.</summary>
internal sealed class FakeHub(FakeTimeProvider time)
{
    private const int MaxRequest = 4 * 1024 * 1024; // gRPC between host and worker: the history of one instance.

    private readonly List<(DateTime At, string Instance, int Execution, int Id)> timers = [];
    private readonly Queue<(string Instance, int Execution, TaskScheduledEvent Task)> work = [];
    private readonly ObjectSerializer serializer = new JsonObjectSerializer(TriOpsJson.Options);

    public SortedDictionary<string, FakeInstance> Instances { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> Orchestrations { get; } = [];
    public Dictionary<string, Func<string?, Task<object?>>> Activities { get; } = [];
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Called when a sub-orchestration is about to be started: the moment in which another may start an instance of its id.</summary>
    public Action<string>? BeforeChild { get; set; }

    public T? Read<T>(string? json) => json is null ? default : (T?)serializer.Deserialize(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json)), typeof(T), default);

    public string? Write(object? value) => value is null ? null : serializer.Serialize(value, value.GetType(), default).ToString();

    /// <summary>A new instance, or a new life of an ended one. Whoever is there and lives, stays; the start is lost.</summary>
    public void Create(string id, string name, string? input, (string, int, int)? parent = null)
    {
        var execution = 0;
        if (Instances.TryGetValue(id, out var there))
        {
            if (!there.IsEnded) return;
            execution = there.Execution + 1;
        }
        var made = new FakeInstance(id, name, Now, input) { Parent = parent, Execution = execution };
        made.Inbox.Add(new ExecutionStartedEvent(-1, input));
        Instances[id] = made;
    }

    public void Send(string id, HistoryEvent e, int? execution = null)
    {
        if (Instances.TryGetValue(id, out var there) && !there.IsEnded && (execution is null || execution == there.Execution)) there.Inbox.Add(e);
    }

    public void Terminate(string id, string? output, bool recursive)
    {
        if (!Instances.TryGetValue(id, out var there) || there.IsEnded) return;
        if (recursive)
            foreach (var child in Instances.Values.Where(i => i.Parent?.Id == id && !i.IsEnded).ToList()) Terminate(child.Id, output, true);
        End(there, OrchestrationRuntimeStatus.Terminated, output, null);
    }

    /// <summary>Works until there is nothing to do.</summary>
    public async Task SettleAsync()
    {
        for (var turns = 0; ; turns++)
        {
            Assert.True(turns < 10_000, "The hub does not come to rest.");
            if (Instances.Values.FirstOrDefault(i => i.Inbox.Count > 0 && !i.IsEnded) is { } ready) Turn(ready);
            else if (work.TryDequeue(out var item)) await RunAsync(item.Instance, item.Execution, item.Task);
            else return;
        }
    }

    public void FireTimers()
    {
        foreach (var due in timers.Where(t => t.At <= Now.UtcDateTime).OrderBy(t => t.At).ToList())
        {
            timers.Remove(due);
            Send(due.Instance, new TimerFiredEvent(-1, due.At) { TimerId = due.Id }, due.Execution);
        }
    }

    private async Task RunAsync(string instance, int execution, TaskScheduledEvent task)
    {
        HistoryEvent outcome;
        try { outcome = new TaskCompletedEvent(-1, task.EventId, Write(await Activities[task.Name!](task.Input))); }
        // Of the exception only its text arrives, and with words around it.
        catch (Exception e) { outcome = new TaskFailedEvent(-1, task.EventId, e.Message, null, new FailureDetails("(unknown)", $"One or more errors occurred. ({e.Message})", null, null, false)); }
        Send(instance, outcome, execution);
    }

    private void Turn(FakeInstance instance)
    {
        Assert.True(instance.History.SelectMany(t => t.Came.Concat(t.Asked)).Sum(Size) < MaxRequest, $"The history of {instance.Id} is too large for one message.");
        var context = new FakeOrchestrationContext(instance, serializer, NullLoggerFactory.Instance);
        var thread = new OrchestratorThread();
        Task<object?>? running = null;
        foreach (var past in instance.History)
        {
            context.Asked.Clear();
            (context.Now, context.Replaying) = (past.At, true);
            foreach (var e in past.Came) Process(e);
            Assert.Equal(past.Asked.Select(Describe), context.Asked.Select(Describe)); // Replay asks for the same again.
        }
        context.Asked.Clear();
        (context.Now, context.Replaying) = (Now.UtcDateTime, false);
        var turn = new FakeTurn(context.Now, [], []);
        while (instance.Inbox.Count > 0 && !IsOver())
        {
            var e = instance.Inbox[0];
            instance.Inbox.RemoveAt(0);
            e.Timestamp = context.Now;
            turn.Came.Add(e);
            Process(e);
        }
        turn.Asked.AddRange(context.Asked);
        instance.History.Add(turn);
        (instance.UpdatedAt, instance.CustomStatus) = (Now, context.CustomStatus);
        if (instance.Status == OrchestrationRuntimeStatus.Pending) instance.Status = OrchestrationRuntimeStatus.Running;
        Perform(instance, turn.Asked);
        if (IsOver()) Finish(instance, context, running!);

        bool IsOver() => running is { IsCompleted: true } && !context.HasOpenTimers;

        void Process(HistoryEvent e) => thread.Run(() =>
        {
            if (e is not ExecutionStartedEvent) { context.Deliver(e); return; }
            running = Orchestrations[instance.Name](context);
            Assert.True(running.IsCompleted || context.IsAccessed, "The first await of an orchestrator must be Durable's.");
        });
    }

    private void Perform(FakeInstance instance, IEnumerable<HistoryEvent> asked)
    {
        foreach (var action in asked)
            switch (action)
            {
                case TaskScheduledEvent x: work.Enqueue((instance.Id, instance.Execution, x)); break;
                case TimerCreatedEvent x: timers.Add((x.FireAt, instance.Id, instance.Execution, x.EventId)); break;
                case EventSentEvent x: Send(x.InstanceId!, new EventRaisedEvent(-1, x.Input) { Name = x.Name }); break;
                case SubOrchestrationInstanceCreatedEvent x:
                    BeforeChild?.Invoke(x.InstanceId!);
                    Create(x.InstanceId!, x.Name!, x.Input, (instance.Id, instance.Execution, x.EventId));
                    break;
            }
        FireTimers();
    }

    private void Finish(FakeInstance instance, FakeOrchestrationContext context, Task<object?> running)
    {
        if (running.IsFaulted) End(instance, OrchestrationRuntimeStatus.Failed, running.Exception.InnerException!.Message, running.Exception.InnerException);
        else if (!context.Continued) End(instance, OrchestrationRuntimeStatus.Completed, Write(running.Result), null);
        else
        {
            HistoryEvent[] kept = [.. context.Buffered, .. instance.Inbox.OfType<EventRaisedEvent>()];
            (instance.Input, instance.CustomStatus, instance.Execution) = (context.NewInput, null, instance.Execution + 1);
            instance.History.Clear();
            instance.Inbox.Clear();
            instance.Inbox.AddRange([new ExecutionStartedEvent(-1, context.NewInput), .. kept]);
        }
    }

    private void End(FakeInstance instance, OrchestrationRuntimeStatus status, string? output, Exception? error)
    {
        (instance.Status, instance.Output, instance.UpdatedAt) = (status, output, Now);
        instance.History.Add(new(Now.UtcDateTime, [new ExecutionCompletedEvent(-1, output) { Timestamp = Now.UtcDateTime }], []));
        instance.Inbox.Clear();
        if (instance.Parent is not { } parent) return;
        Send(parent.Id, status == OrchestrationRuntimeStatus.Completed
            ? new SubOrchestrationInstanceCompletedEvent(-1, parent.Task, output)
            : new SubOrchestrationInstanceFailedEvent(-1, parent.Task, output, null, error is null ? null : new FailureDetails(error.GetType().FullName!, error.Message, null, null, false)), parent.Execution);
    }

    private static string Describe(HistoryEvent e) => e switch
    {
        TaskScheduledEvent x => $"{x.EventId} activity {x.Name} {x.Input}",
        SubOrchestrationInstanceCreatedEvent x => $"{x.EventId} workflow {x.Name} {x.InstanceId} {x.Input}",
        TimerCreatedEvent x => $"{x.EventId} timer {x.FireAt:O}",
        EventSentEvent x => $"{x.EventId} event {x.Name} {x.InstanceId} {x.Input}",
        _ => e.GetType().Name,
    };

    private static int Size(HistoryEvent e) => e switch
    {
        ExecutionStartedEvent x => x.Input?.Length ?? 0,
        TaskScheduledEvent x => x.Input?.Length ?? 0,
        TaskCompletedEvent x => x.Result?.Length ?? 0,
        EventRaisedEvent x => x.Input?.Length ?? 0,
        SubOrchestrationInstanceCompletedEvent x => x.Result?.Length ?? 0,
        _ => 0,
    };
}
