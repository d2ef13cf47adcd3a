using System.Security.Cryptography;
using System.Text;
using Azure.Core.Serialization;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace TriOps.Functions.Tests.Durable;

/// <summary>Durable's context for one run of the code over a history: results are handed over one at a time, on the orchestrator's thread, through the worker's serializer;
/// the newest wait of a name gets an event first and is never forgotten; every call from another thread is refused.</summary>
internal sealed class FakeOrchestrationContext(FakeInstance instance, ObjectSerializer serializer, ILoggerFactory logs) : TaskOrchestrationContext
{
    private sealed record Pending(Action<string?> Resolve, Action<Exception> Reject, bool IsTimer);

    private sealed class Slot
    {
        public Type? Type;
        public Queue<EventRaisedEvent> Buffer { get; } = [];
        public Stack<Action<string?>> Waits { get; } = [];
    }

    private readonly SortedDictionary<int, Pending> pending = [];
    private readonly Dictionary<string, Slot> events = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<EventRaisedEvent> order = [];
    private int tasks, guids;

    /// <summary>The rule that Durable checks: only this thread, and only while it processes an event.</summary>
    [ThreadStatic] public static bool IsOrchestratorThread;

    public DateTime Now { get; set; }
    public bool Replaying { get; set; }
    public List<HistoryEvent> Asked { get; } = [];
    public bool IsAccessed { get; private set; }
    public string? NewInput { get; private set; }
    public bool Continued { get; private set; }
    public string? CustomStatus { get; private set; }

    /// <summary>Open timers keep an instance running.</summary>
    public bool HasOpenTimers => pending.Values.Any(p => p.IsTimer);

    /// <summary>Events that no wait has taken.</summary>
    public IReadOnlyList<EventRaisedEvent> Buffered => order;

    public override TaskName Name => instance.Name;
    public override string InstanceId => instance.Id;
    public override ParentOrchestrationInstance? Parent => null;
    public override DateTime CurrentUtcDateTime => Now;
    public override bool IsReplaying => Replaying;
    protected override ILoggerFactory LoggerFactory => logs;

    public override T? GetInput<T>() where T : default
    {
        Access();
        return Read<T>(instance.Input);
    }

    public override Guid NewGuid()
    {
        Access();
        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{InstanceId}|{Now.Ticks}|{guids++}")).AsSpan(0, 16));
    }

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        Access();
        var id = tasks++;
        Asked.Add(new TaskScheduledEvent(id, name, "", Write(input)) { Timestamp = Now });
        return Add<TResult>(id, false);
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        Access();
        var id = tasks++;
        Asked.Add(new SubOrchestrationInstanceCreatedEvent(id) { Name = orchestratorName, InstanceId = (options as SubOrchestrationOptions)?.InstanceId ?? NewGuid().ToString("N"), Input = Write(input), Timestamp = Now });
        return Add<TResult>(id, false);
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        Access();
        if (fireAt.Kind != DateTimeKind.Utc) throw new ArgumentException("A timer's time must be UTC.", nameof(fireAt));
        var id = tasks++;
        Asked.Add(new TimerCreatedEvent(id, fireAt) { Timestamp = Now });
        var timer = new TaskCompletionSource();
        pending[id] = new(_ => timer.SetResult(), timer.SetException, true);
        cancellationToken.Register(() => { if (pending.Remove(id)) timer.SetCanceled(cancellationToken); });
        return timer.Task;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        Access();
        var slot = Of(eventName);
        if (slot.Type is { } type && type != typeof(T)) throw new ArgumentException($"Events named '{eventName}' are expected to have the type {type}.", nameof(eventName));
        slot.Type = typeof(T);
        var wait = new TaskCompletionSource<T>();
        if (slot.Buffer.TryDequeue(out var kept))
        {
            order.Remove(kept);
            wait.SetResult(Read<T>(kept.Input)!);
        }
        else slot.Waits.Push(payload => wait.SetResult(Read<T>(payload)!));
        return wait.Task;
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        Access();
        Asked.Add(new EventSentEvent(tasks++) { InstanceId = instanceId, Name = eventName, Input = Write(payload), Timestamp = Now });
    }

    public override void SetCustomStatus(object? customStatus)
    {
        Access();
        CustomStatus = Write(customStatus);
        if (CustomStatus?.Length * 2 > 16 * 1024) throw new ArgumentException("The size of the custom status exceeds 16 KB.", nameof(customStatus));
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        Access();
        (Continued, NewInput) = (true, Write(newInput));
        Assert.True(preserveUnprocessedEvents);
    }

    /// <summary>Hands one event of the history to the code.</summary>
    public void Deliver(HistoryEvent e)
    {
        switch (e)
        {
            case TaskCompletedEvent x: Take(x.TaskScheduledId)?.Resolve(x.Result); break;
            case SubOrchestrationInstanceCompletedEvent x: Take(x.TaskScheduledId)?.Resolve(x.Result); break;
            case TimerFiredEvent x: Take(x.TimerId)?.Resolve(null); break;
            case TaskFailedEvent x: Take(x.TaskScheduledId)?.Reject(Failed(x.TaskScheduledId, x.FailureDetails, x.Reason)); break;
            case SubOrchestrationInstanceFailedEvent x: Take(x.TaskScheduledId)?.Reject(Failed(x.TaskScheduledId, x.FailureDetails, x.Reason)); break;
            case EventRaisedEvent x when Of(x.Name!) is var slot:
                if (slot.Waits.TryPop(out var newest)) newest(x.Input);
                else { slot.Buffer.Enqueue(x); order.Add(x); }
                break;
        }
    }

    private static TaskFailedException Failed(int id, DurableTask.Core.FailureDetails? d, string? reason) =>
        new("step", id, new(d?.ErrorType ?? "(unknown)", d?.ErrorMessage ?? reason ?? "", d?.StackTrace, null, null));

    private Slot Of(string name) => events.TryGetValue(name, out var slot) ? slot : events[name] = new();

    private Pending? Take(int id) => pending.Remove(id, out var p) ? p : null;

    private Task<T> Add<T>(int id, bool timer)
    {
        var result = new TaskCompletionSource<T>();
        pending[id] = new(json => result.SetResult(Read<T>(json)!), result.SetException, timer);
        return result.Task;
    }

    private string? Write(object? value) => value is null ? null : serializer.Serialize(value, value.GetType(), default).ToString();

    private T? Read<T>(string? json) => json is null ? default : (T?)serializer.Deserialize(new MemoryStream(Encoding.UTF8.GetBytes(json)), typeof(T), default);

    private void Access()
    {
        if (!IsOrchestratorThread) throw new InvalidOperationException("An invalid asynchronous invocation was detected.");
        IsAccessed = true;
    }
}
