using System.Text.Json;

namespace TriOps.Core.Workflows;

/// <summary>Where an instance stands.</summary>
public enum WorkflowStatus { /// <summary>Accepted, not begun.</summary>
    Pending, /// <summary>Begun.</summary>
    Running, /// <summary>Ended with a result.</summary>
    Completed, /// <summary>Ended with an error.</summary>
    Failed, /// <summary>Ended from outside.</summary>
    Terminated }

/// <summary>What is known of an instance.</summary>
/// <param name="InstanceId">Its id.</param>
/// <param name="Workflow">The orchestration's name.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="UpdatedAt">When something last happened.</param>
/// <param name="ParentId">The instance that started it, or null.</param>
/// <param name="Input">As JSON.</param>
/// <param name="Output">As JSON, when completed.</param>
/// <param name="CustomStatus">What the orchestration last published.</param>
/// <param name="Failure">Why it failed.</param>
public sealed record WorkflowInstance(string InstanceId, string Workflow, WorkflowStatus Status, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string? ParentId = null, JsonElement? Input = null, JsonElement? Output = null, JsonElement? CustomStatus = null,
    StepFailure? Failure = null)
{
    /// <summary>True when nothing more will happen.</summary>
    public bool IsEnded => Status is WorkflowStatus.Completed or WorkflowStatus.Failed or WorkflowStatus.Terminated;
}

/// <summary>A step of an instance as people see it, from its history.</summary>
/// <param name="Sequence">Order of scheduling, from 0.</param>
/// <param name="Name">The activity's, child workflow's or event's name, or "timer".</param>
/// <param name="Kind">"activity", "workflow", "timer" or "event".</param>
/// <param name="ScheduledAt">When it was asked for.</param>
/// <param name="EndedAt">When its result was recorded, or null.</param>
/// <param name="Failure">Why it failed, or null.</param>
/// <param name="ChildId">A child workflow's instance id.</param>
public sealed record WorkflowStep(int Sequence, string Name, string Kind, DateTimeOffset ScheduledAt, DateTimeOffset? EndedAt = null,
    StepFailure? Failure = null, string? ChildId = null);

/// <summary>The workflow engine as seen from triggers, HTTP and pages.</summary>
public interface IWorkflows
{
    /// <summary>Starts an instance. If one of that id exists in any state, nothing happens and false is returned: ids are never reused,
    /// which is what makes duplicate triggers harmless.</summary>
    Task<bool> StartAsync<TIn, TOut>(WorkflowName<TIn, TOut> workflow, TIn input, string instanceId, CancellationToken ct);

    /// <summary>Raises an event. Kept until the instance waits for it; ignored when the instance has ended or does not exist.</summary>
    Task RaiseAsync<T>(string instanceId, EventName<T> name, T payload, CancellationToken ct);

    /// <summary>Asks for the end of one running instance; its reason becomes the output. It ends within seconds, and its children go on:
    /// whoever wants the whole tree ended asks <see cref="ITermination"/>. Nothing happens when the instance has ended.</summary>
    /// <exception cref="NotFoundException">There is no such instance (code workflow-missing).</exception>
    Task TerminateAsync(string instanceId, string reason, CancellationToken ct);

    /// <summary>The instance, or null.</summary>
    Task<WorkflowInstance?> FindAsync(string instanceId, CancellationToken ct);

    /// <summary>Instances, newest first.</summary>
    /// <param name="prefix">Only ids that start so; "" for all.</param>
    /// <param name="size">1 to 1000.</param>
    /// <param name="continuation">From the page before.</param>
    /// <param name="ct">Ends the reading.</param>
    Task<Storage.Page<WorkflowInstance>> ListAsync(string prefix, int size, string? continuation, CancellationToken ct);

    /// <summary>The steps of an instance in order of scheduling; empty when it does not exist.</summary>
    Task<IReadOnlyList<WorkflowStep>> StepsAsync(string instanceId, CancellationToken ct);
}
