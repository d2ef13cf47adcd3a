using System.Text.Json.Serialization;
using TriOps.Core.Workflows;

namespace TriOps.LocalHost.Journal;

/// <summary>One entry of an execution's ordered history. A <i>trigger</i> is something that happened and makes the orchestration's code run;
/// the actions that the code then asks for follow it at once. Format: docs/formats.md, "Workflow journal".</summary>
/// <param name="At">When it was recorded; never earlier than the entry before.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ExecutionStarted), "executionStarted")]
[JsonDerivedType(typeof(StepScheduled), "stepScheduled")]
[JsonDerivedType(typeof(StepCompleted), "stepCompleted")]
[JsonDerivedType(typeof(StepFailed), "stepFailed")]
[JsonDerivedType(typeof(TimerCreated), "timerCreated")]
[JsonDerivedType(typeof(TimerFired), "timerFired")]
[JsonDerivedType(typeof(TimerCancelled), "timerCancelled")]
[JsonDerivedType(typeof(ChildScheduled), "childScheduled")]
[JsonDerivedType(typeof(ChildCompleted), "childCompleted")]
[JsonDerivedType(typeof(ChildFailed), "childFailed")]
[JsonDerivedType(typeof(EventRaised), "eventRaised")]
[JsonDerivedType(typeof(EventSent), "eventSent")]
[JsonDerivedType(typeof(WaiterJoined), "waiterJoined")]
[JsonDerivedType(typeof(ExecutionContinued), "continuedAsNew")]
[JsonDerivedType(typeof(ExecutionCompleted), "executionCompleted")]
[JsonDerivedType(typeof(ExecutionFailed), "executionFailed")]
[JsonDerivedType(typeof(ExecutionTerminated), "executionTerminated")]
public abstract record JournalEvent(DateTimeOffset At)
{
    /// <summary>Input, result or event payload; null for entries that carry none.</summary>
    public Payload? Data { get; init; }
}

/// <summary>Something that happened: the orchestration's code runs on it.</summary>
public abstract record Trigger(DateTimeOffset At) : JournalEvent(At);

/// <summary>Something the orchestration's code asked for.</summary>
public abstract record ScheduledAction(DateTimeOffset At) : JournalEvent(At)
{
    /// <summary>What replay compares: kind and name.</summary>
    [JsonIgnore]
    public abstract string What { get; }
}

/// <summary>The step of the instance that waits for a child.</summary>
public sealed record Waiter(string InstanceId, int Execution, int Seq);

/// <summary>An event that no one had waited for when the execution before this one ended.</summary>
public sealed record CarriedEvent(string Name, Payload Payload);

/// <summary>The first entry of every execution. <see cref="JournalEvent.Data"/> is the input.</summary>
/// <param name="At">When.</param>
/// <param name="Workflow">The orchestration's name.</param>
/// <param name="Version">The workflow version it was started under.</param>
/// <param name="Execution">0, and one more with each continue-as-new.</param>
/// <param name="Trace">W3C traceparent that steps belong to.</param>
public sealed record ExecutionStarted(DateTimeOffset At, string Workflow, string Version, int Execution, string? Trace) : Trigger(At)
{
    /// <summary>Who is told of the end.</summary>
    public IReadOnlyList<Waiter> Waiters { get; init; } = [];
    /// <summary>Events kept from the execution before, oldest first.</summary>
    public IReadOnlyList<CarriedEvent> Carried { get; init; } = [];
    /// <summary>Ids of messages that the execution before received, so that a repeated delivery is known.</summary>
    public IReadOnlyList<string> Seen { get; init; } = [];
}

/// <summary>An activity was asked for. Data: its input.</summary>
public sealed record StepScheduled(DateTimeOffset At, int Seq, string Name) : ScheduledAction(At) { /// <inheritdoc/>
    public override string What => $"activity '{Name}'"; }
/// <summary>An activity ended well. Data: its result.</summary>
public sealed record StepCompleted(DateTimeOffset At, int Seq) : Trigger(At);
/// <summary>An activity failed.</summary>
public sealed record StepFailed(DateTimeOffset At, int Seq, StepFailure Failure) : Trigger(At);

/// <summary>A timer was asked for.</summary>
public sealed record TimerCreated(DateTimeOffset At, int Seq, DateTimeOffset FireAt) : ScheduledAction(At) { /// <inheritdoc/>
    public override string What => "timer"; }
/// <summary>A timer came due.</summary>
public sealed record TimerFired(DateTimeOffset At, int Seq) : Trigger(At);
/// <summary>A timer was given up by the code.</summary>
public sealed record TimerCancelled(DateTimeOffset At, int Seq) : ScheduledAction(At) { /// <inheritdoc/>
    public override string What => $"cancellation of timer {Seq}"; }

/// <summary>A child workflow was asked for. Data: its input.</summary>
public sealed record ChildScheduled(DateTimeOffset At, int Seq, string Name, string InstanceId) : ScheduledAction(At) { /// <inheritdoc/>
    public override string What => $"workflow '{Name}'"; }
/// <summary>A child ended well. Data: its result.</summary>
public sealed record ChildCompleted(DateTimeOffset At, int Seq) : Trigger(At);
/// <summary>A child failed or was terminated.</summary>
public sealed record ChildFailed(DateTimeOffset At, int Seq, StepFailure Failure) : Trigger(At);

/// <summary>An external event arrived. Data: its payload.</summary>
/// <param name="At">When.</param>
/// <param name="Name">Its name.</param>
/// <param name="MessageId">Of a message that may be delivered again; null when it came from outside.</param>
public sealed record EventRaised(DateTimeOffset At, string Name, string? MessageId) : Trigger(At);
/// <summary>An event was sent to another instance. Data: its payload.</summary>
public sealed record EventSent(DateTimeOffset At, int Seq, string Name, string InstanceId) : ScheduledAction(At) { /// <inheritdoc/>
    public override string What => $"event '{Name}'"; }

/// <summary>Another instance joined this one. No code runs on it.</summary>
public sealed record WaiterJoined(DateTimeOffset At, Waiter Waiter) : Trigger(At);

/// <summary>The code asked for a fresh execution. Data: its input.</summary>
public sealed record ExecutionContinued(DateTimeOffset At) : ScheduledAction(At) { /// <inheritdoc/>
    public override string What => "continue-as-new"; }
/// <summary>The code ran to its end. Data: the output.</summary>
public sealed record ExecutionCompleted(DateTimeOffset At) : ScheduledAction(At) { /// <inheritdoc/>
    public override string What => "completion"; }
/// <summary>The code threw.</summary>
public sealed record ExecutionFailed(DateTimeOffset At, StepFailure Failure) : ScheduledAction(At) { /// <inheritdoc/>
    public override string What => "failure"; }
/// <summary>The instance was ended from outside. No code runs on it.</summary>
public sealed record ExecutionTerminated(DateTimeOffset At, string Reason) : Trigger(At);
