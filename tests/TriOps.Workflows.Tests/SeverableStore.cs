using TriOps.Core.Storage;
using TriOps.LocalHost.Journal;

namespace TriOps.Workflows.Tests;

/// <summary>A host's way to the store, that can be cut: from then on nothing the host does is written, as if it had been killed.</summary>
public sealed class SeverableStore(IJournalStore inner, Func<string, bool> cutBefore) : IJournalStore
{
    private int scans;
    private readonly TaskCompletionSource cut = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes at the cut.</summary>
    public Task Cut => cut.Task;

    /// <summary>How often the host has looked at the whole journal.</summary>
    public int Scans => Volatile.Read(ref scans);

    /// <summary>Cuts.</summary>
    public void Sever() => cut.TrySetResult();

    public Task InitializeAsync(CancellationToken ct) => Read().InitializeAsync(ct);
    public Task<JournalInstance?> CreateAsync(JournalInstance instance, Payload? input, ExecutionStarted first, CancellationToken ct) => Write("create").CreateAsync(instance, input, first, ct);
    public Task<JournalInstance?> FindAsync(string instanceId, CancellationToken ct) => Read().FindAsync(instanceId, ct);
    public Task<JournalSnapshot?> LoadAsync(string instanceId, CancellationToken ct) => Read().LoadAsync(instanceId, ct);
    public Task<IReadOnlyList<JournalMessage>> InboxAsync(string instanceId, CancellationToken ct) => Read().InboxAsync(instanceId, ct);
    public Task<JournalCommitted> CommitAsync(JournalCommit commit, CancellationToken ct) => Write("commit").CommitAsync(commit, ct);
    public Task AppendAsync(string instanceId, JournalMessage message, CancellationToken ct) => Write("append").AppendAsync(instanceId, message, ct);
    public Task ForgetAsync(string instanceId, IReadOnlyList<string> inbox, IReadOnlyList<string> outbox, CancellationToken ct) => Write("forget").ForgetAsync(instanceId, inbox, outbox, ct);
    public Task PokeAsync(string instanceId, CancellationToken ct) => Write("poke").PokeAsync(instanceId, ct);
    public Task DeactivateAsync(string instanceId, CancellationToken ct) => Write("deactivate").DeactivateAsync(instanceId, ct);
    public Task TidyAsync(string instanceId, int execution, CancellationToken ct) => Write("tidy").TidyAsync(instanceId, execution, ct);
    public Task<JournalScan> ScanAsync(CancellationToken ct)
    {
        Interlocked.Increment(ref scans);
        return Read().ScanAsync(ct);
    }
    public Task BeatAsync(JournalHost host, CancellationToken ct) => Read().BeatAsync(host, ct);
    public Task LeaveAsync(string hostId, CancellationToken ct) => Read().LeaveAsync(hostId, ct);
    public Task<Page<JournalInstance>> ListAsync(string prefix, int size, string? continuation, CancellationToken ct) => Read().ListAsync(prefix, size, continuation, ct);
    public Task PurgeAsync(JournalInstance instance, CancellationToken ct) => Write("purge").PurgeAsync(instance, ct);

    private IJournalStore Write(string what)
    {
        if (!cut.Task.IsCompleted && cutBefore(what)) Sever();
        return Read();
    }

    private IJournalStore Read() => cut.Task.IsCompleted ? throw new OperationCanceledException("The host was killed.") : inner;
}
