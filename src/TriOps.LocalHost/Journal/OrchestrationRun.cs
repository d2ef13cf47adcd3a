using System.Text.Json;
using Microsoft.Extensions.Logging;
using TriOps.Core.Workflows;
using TriOps.LocalHost.Workflows;

namespace TriOps.LocalHost.Journal;

/// <summary>
/// One execution of an orchestration, alive in memory: triggers go in one at a time, the actions they cause come out. It is the same code
/// whether the triggers are new or recorded, and does no I/O. Not thread-safe: one turn at a time.
/// </summary>
public sealed class OrchestrationRun
{
    private sealed record Pending(ScheduledAction Action, TaskCompletionSource<Payload> Result, CancellationTokenRegistration Registration = default);

    private readonly SortedDictionary<int, Pending> pending = [];
    private readonly List<ScheduledAction> emitted = [];
    private readonly HashSet<string> seen = [];
    private readonly HashSet<Waiter> waiters = [];
    private readonly OrchestrationCode code;
    private readonly WorkflowContext context;
    private Task<Payload>? running;
    private Payload? continuedWith;
    private int sequence;

    /// <summary>Prepares an execution; <see cref="Apply"/> of its <see cref="ExecutionStarted"/> begins it.</summary>
    public OrchestrationRun(string instanceId, ExecutionStarted start, OrchestrationCode code, ILogger log)
    {
        (Start, this.code) = (start, code);
        context = new WorkflowContext(this, instanceId, log);
        foreach (var e in start.Carried) Events.Arrive(e.Name, e.Payload);
        seen.UnionWith(start.Seen);
        waiters.UnionWith(start.Waiters);
    }

    /// <summary>How this execution began.</summary>
    public ExecutionStarted Start { get; }

    /// <summary>The thread rule.</summary>
    public SingleThreadedContext Thread { get; } = new();

    /// <summary>Events kept and awaited.</summary>
    public EventBuffer Events { get; } = new();

    /// <summary>When the trigger now being processed was recorded.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>True while recorded triggers are fed.</summary>
    public bool IsReplaying { get; private set; }

    /// <summary>What the code last published.</summary>
    public JsonElement? CustomStatus { get; set; }

    /// <summary>How the execution ended; null while it goes on.</summary>
    public JournalEvent? End { get; private set; }

    /// <summary>Who is told of the end.</summary>
    public IReadOnlyCollection<Waiter> Waiters => waiters;

    /// <summary>Actions still without their outcome, in order of scheduling.</summary>
    public IEnumerable<ScheduledAction> Open => pending.Values.Select(p => p.Action);

    /// <summary>The action, if it has no outcome yet.</summary>
    public ScheduledAction? Find(int seq) => pending.TryGetValue(seq, out var p) ? p.Action : null;

    /// <summary>True if the action has no outcome yet.</summary>
    public bool IsOpen(int seq) => pending.ContainsKey(seq);

    /// <summary>True if a message was received before.</summary>
    public bool HasSeen(string messageId) => seen.Contains(messageId);

    /// <summary>Feeds one trigger and runs the code to quiescence.</summary>
    /// <returns>What the code asked for, the execution's end included.</returns>
    public IReadOnlyList<ScheduledAction> Apply(Trigger trigger, bool replaying)
    {
        (Now, IsReplaying) = (trigger.At, replaying);
        emitted.Clear();
        Thread.Run(() => Deliver(trigger));
        if (End is null) Settle();
        return [.. emitted];
    }

    /// <summary>The entries with which the next execution starts.</summary>
    public ExecutionStarted Next(DateTimeOffset at) => new(at, Start.Workflow, Start.Version, Start.Execution + 1, Start.Trace)
    {
        Data = continuedWith, Waiters = [.. waiters], Carried = Events.Kept, Seen = [.. seen.Except(Start.Seen)],
    };

    /// <summary>Ends the execution because its code left its own tasks between two turns.</summary>
    public ExecutionFailed EndForeign(DateTimeOffset at)
    {
        var end = new ExecutionFailed(at, Foreign());
        End = end;
        return end;
    }

    internal Task<Payload> Schedule(Func<int, ScheduledAction> action, Func<int, CancellationTokenRegistration>? register = null)
    {
        var seq = Emit(action);
        var result = new TaskCompletionSource<Payload>();
        pending[seq] = new(emitted[^1], result);
        if (register is not null) pending[seq] = pending[seq] with { Registration = register(seq) };
        return result.Task;
    }

    internal int Emit(Func<int, ScheduledAction> action)
    {
        Guard();
        emitted.Add(action(sequence));
        return sequence++;
    }

    internal void CancelTimer(int seq, CancellationToken ct)
    {
        if (!Thread.IsCurrent) { Thread.NoteForeign(); return; }
        if (!pending.Remove(seq, out var timer)) return;
        emitted.Add(new TimerCancelled(Now, seq));
        timer.Result.SetCanceled(ct);
    }

    internal void ContinueWith(Payload input)
    {
        Guard();
        continuedWith = input;
    }

    /// <summary>Refuses what comes from another thread, or after continue-as-new.</summary>
    internal void Guard()
    {
        if (!Thread.IsCurrent)
        {
            Thread.NoteForeign();
            throw new NonDeterministicException(ForeignMessage);
        }
        if (continuedWith is not null) throw new InvalidOperationException("ContinueAsNew must be the last thing an orchestration does: nothing may be asked for after it.");
    }

    private const string ForeignMessage = "The orchestration awaited a task that the workflow did not give it, or left its thread (Task.Run, Task.Delay, I/O, ConfigureAwait). Do such work in an activity.";

    private static StepFailure Foreign() => StepFailure.Of(new NonDeterministicException(ForeignMessage));

    private void Deliver(Trigger trigger)
    {
        switch (trigger)
        {
            case ExecutionStarted e: running = Begin(e); break;
            case StepCompleted e: Resolve(e.Seq, e.Data); break;
            case ChildCompleted e: Resolve(e.Seq, e.Data); break;
            case TimerFired e: Resolve(e.Seq, null); break;
            case StepFailed e: Reject(e.Seq, e.Failure); break;
            case ChildFailed e: Reject(e.Seq, e.Failure); break;
            case EventRaised e: if (e.MessageId is not null) seen.Add(e.MessageId); Events.Arrive(e.Name, e.Data ?? new()); break;
            case WaiterJoined e: waiters.Add(e.Waiter); break;
            case ExecutionTerminated e: End = e; break;
            default: throw new InvalidDataException($"Unknown trigger {trigger.GetType().Name}.");
        }
    }

    // A separate async method, so that what the code throws before its first await ends up in the task too.
    private async Task<Payload> Begin(ExecutionStarted start) => await code(context, start.Data ?? new());

    private void Resolve(int seq, Payload? data)
    {
        if (!pending.Remove(seq, out var p)) return;
        p.Registration.Dispose();
        p.Result.SetResult(data ?? new());
    }

    private void Reject(int seq, StepFailure failure)
    {
        if (!pending.Remove(seq, out var p)) return;
        var name = p.Action switch { StepScheduled s => s.Name, ChildScheduled c => c.Name, _ => p.Action.What };
        p.Result.SetException(new StepFailedException(name, failure));
    }

    private void Settle()
    {
        ScheduledAction? end = null;
        if (Thread.SawForeign) end = new ExecutionFailed(Now, Foreign());
        else if (running!.IsCompleted)
        {
            if (continuedWith is not null && running.IsCompletedSuccessfully) end = new ExecutionContinued(Now) { Data = continuedWith };
            else if (running.IsFaulted) end = new ExecutionFailed(Now, StepFailure.Of(running.Exception.InnerException!));
            else if (running.IsCanceled) end = new ExecutionFailed(Now, StepFailure.Of(new OperationCanceledException("The orchestration let a cancellation through.")));
            else if (!pending.Values.Any(p => p.Action is TimerCreated)) end = new ExecutionCompleted(Now) { Data = running.Result };
        }
        else if (pending.Count == 0 && !Events.HasWaits) end = new ExecutionFailed(Now, Foreign());
        if (end is null) return;
        End = end;
        emitted.Add(end);
    }
}
