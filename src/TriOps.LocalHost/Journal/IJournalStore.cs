using TriOps.Core;
using TriOps.Core.Storage;

namespace TriOps.LocalHost.Journal;

/// <summary>
/// Where the journal is kept. Every write is atomic and may be repeated. <see cref="CommitAsync"/> is the only way to change an instance, and
/// is fenced by the row's ETag: of two hosts that believe they own an instance, one commits and the other learns that it lost.
/// </summary>
/// <remarks>An instance is <i>active</i> from before it exists until after it has ended and told everyone, so that a scan of the active ones
/// finds all work there is, whatever was interrupted. Payloads are stored as given.</remarks>
public interface IJournalStore
{
    /// <summary>Makes what the store needs, if it is not there.</summary>
    Task InitializeAsync(CancellationToken ct);

    /// <summary>Adds an instance with the first entry of its history, and makes it active. Null if one of that id exists.</summary>
    Task<JournalInstance?> CreateAsync(JournalInstance instance, Payload? input, ExecutionStarted first, CancellationToken ct);

    /// <summary>The instance's row, or null.</summary>
    Task<JournalInstance?> FindAsync(string instanceId, CancellationToken ct);

    /// <summary>The instance with the history of its current execution, inbox and outbox, or null.</summary>
    Task<JournalSnapshot?> LoadAsync(string instanceId, CancellationToken ct);

    /// <summary>The instance's inbox, in order.</summary>
    Task<IReadOnlyList<JournalMessage>> InboxAsync(string instanceId, CancellationToken ct);

    /// <summary>Writes a turn. Returns the row with its new ETag, and the outbox rows to forget when their messages are delivered.</summary>
    /// <exception cref="ConflictException">The stored row has another ETag (code journal-fenced): nothing was written.</exception>
    Task<JournalCommitted> CommitAsync(JournalCommit commit, CancellationToken ct);

    /// <summary>Puts a message into an instance's inbox; nothing happens if one of its id is there.</summary>
    Task AppendAsync(string instanceId, JournalMessage message, CancellationToken ct);

    /// <summary>Removes inbox messages and outbox rows that are done with, outside a turn.</summary>
    Task ForgetAsync(string instanceId, IReadOnlyList<string> inbox, IReadOnlyList<string> outbox, CancellationToken ct);

    /// <summary>Makes the instance active with a new token, so that its owner, or any host, looks at it.</summary>
    Task PokeAsync(string instanceId, CancellationToken ct);

    /// <summary>The instance is not active any more.</summary>
    Task DeactivateAsync(string instanceId, CancellationToken ct);

    /// <summary>Removes what is left of executions before <paramref name="execution"/>.</summary>
    Task TidyAsync(string instanceId, int execution, CancellationToken ct);

    /// <summary>Hosts and active instances.</summary>
    Task<JournalScan> ScanAsync(CancellationToken ct);

    /// <summary>Writes a host's row.</summary>
    Task BeatAsync(JournalHost host, CancellationToken ct);

    /// <summary>Removes a host's row: its instances may be taken at once.</summary>
    Task LeaveAsync(string hostId, CancellationToken ct);

    /// <summary>Instances, newest first.</summary>
    Task<Page<JournalInstance>> ListAsync(string prefix, int size, string? continuation, CancellationToken ct);

    /// <summary>Removes an instance with all that is stored of it. The caller has seen that it has ended.</summary>
    Task PurgeAsync(JournalInstance instance, CancellationToken ct);
}
