using System.Text.Json;
using System.Text.Json.Serialization;
using TriOps.Core.Workflows;

namespace TriOps.LocalHost.Journal;

/// <summary>What the journal knows of an instance besides its history: one row, whose ETag guards every commit.</summary>
public sealed record JournalInstance
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }
    /// <summary>The orchestration's name.</summary>
    public required string Workflow { get; init; }
    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>When something was last recorded.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
    /// <summary>Where it stands.</summary>
    public WorkflowStatus Status { get; init; }
    /// <summary>The current execution; one more with each continue-as-new.</summary>
    public int Execution { get; init; }
    /// <summary>History batches of the current execution.</summary>
    public int Batches { get; init; }
    /// <summary>False while the current execution's first entry waits to be run.</summary>
    public bool Begun { get; init; }
    /// <summary>The host that runs it; null: none has taken it yet.</summary>
    public string? Owner { get; init; }
    /// <summary>The parent's step that started it, or null.</summary>
    public Waiter? StartedBy { get; init; }
    /// <summary>What the orchestration last published.</summary>
    public JsonElement? CustomStatus { get; init; }
    /// <summary>The result, when completed; the reason, when terminated.</summary>
    public Payload? Output { get; init; }
    /// <summary>Why it failed.</summary>
    public StepFailure? Failure { get; init; }

    /// <summary>Stored apart, because it is written once per execution.</summary>
    [JsonIgnore]
    public Payload? Input { get; init; }
    /// <summary>Of the row as it was read or last written; "" before that.</summary>
    [JsonIgnore]
    public string ETag { get; init; } = "";

    /// <summary>True when nothing more will happen.</summary>
    [JsonIgnore]
    public bool IsEnded => Status is WorkflowStatus.Completed or WorkflowStatus.Failed or WorkflowStatus.Terminated;
}

/// <summary>All that is stored of an instance.</summary>
/// <param name="Instance">Its row.</param>
/// <param name="History">The current execution, in order.</param>
/// <param name="Inbox">Messages not yet taken, in order.</param>
/// <param name="Outbox">Messages not yet known to be delivered, by row.</param>
public sealed record JournalSnapshot(JournalInstance Instance, IReadOnlyList<JournalEvent> History, IReadOnlyList<JournalMessage> Inbox, IReadOnlyList<OutboxRow> Outbox);

/// <summary>The messages that one commit decided to send.</summary>
public sealed record OutboxRow(string Id, IReadOnlyList<OutMessage> Messages);

/// <summary>One turn's work, written in one transaction or not at all.</summary>
/// <param name="Instance">The row as it shall be; its ETag is what the stored row must still have.</param>
/// <param name="Events">Appended to the execution that <paramref name="Instance"/> names, as its last batch.</param>
/// <param name="Consumed">Inbox messages that the events account for: removed.</param>
/// <param name="Outbox">Messages to send afterwards.</param>
public sealed record JournalCommit(JournalInstance Instance, IReadOnlyList<JournalEvent> Events, IReadOnlyList<string> Consumed, IReadOnlyList<OutMessage> Outbox);

/// <summary>What a commit left.</summary>
/// <param name="Instance">The row with its new ETag.</param>
/// <param name="OutboxRows">The rows that hold the messages to send.</param>
public sealed record JournalCommitted(JournalInstance Instance, IReadOnlyList<string> OutboxRows);

/// <summary>A process that runs instances. Its row is the lease of every instance it owns: one write renews them all.</summary>
/// <param name="Id">New with every start.</param>
/// <param name="Machine">Where it runs.</param>
/// <param name="Process">Its process id.</param>
/// <param name="ProcessStarted">When the process started: ids are reused.</param>
/// <param name="Until">The lease ends then unless renewed.</param>
public sealed record JournalHost(string Id, string Machine, int Process, DateTimeOffset ProcessStarted, DateTimeOffset Until);

/// <summary>An instance with work to do, or that may have.</summary>
/// <param name="InstanceId">Its id.</param>
/// <param name="Token">Changes when somebody wants the instance looked at.</param>
public sealed record ActiveInstance(string InstanceId, string Token);

/// <summary>What a look at the whole journal shows.</summary>
public sealed record JournalScan(IReadOnlyList<JournalHost> Hosts, IReadOnlyList<ActiveInstance> Active);
