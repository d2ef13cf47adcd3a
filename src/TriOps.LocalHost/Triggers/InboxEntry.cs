namespace TriOps.LocalHost.Triggers;

/// <summary>What became of a blob of the inbox.</summary>
public enum InboxState { /// <summary>Its ingestion was started.</summary>
    Handled, /// <summary>Set aside with a reason; the blob stays. A new upload under its name is tried anew.</summary>
    Poison }

/// <summary>The poller's memory of one blob. Table "Inbox", partition "inbox", row: SHA-256 of the name.</summary>
/// <param name="Name">The blob's name.</param>
/// <param name="ETag">Of the upload this is about; another one is a new upload.</param>
/// <param name="State">What became of it.</param>
/// <param name="At">When.</param>
/// <param name="WorkflowId">The ingestion, when handled.</param>
/// <param name="Reason">Why it was set aside.</param>
public sealed record InboxEntry(string Name, string ETag, InboxState State, DateTimeOffset At, string? WorkflowId = null,
    string? Reason = null);
