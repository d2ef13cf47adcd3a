using TriOps.Core;
using TriOps.Core.Storage;
using TriOps.LocalHost.Journal;

namespace TriOps.Workflows.Tests;

public sealed class MemoryJournalStore : IJournalStore
{
    private sealed class Rows
    {
        public string State = "", Input = "";
        public int Version;
        public SortedDictionary<(int Execution, int Batch), string> History = [];
        public SortedDictionary<string, string> Inbox = new(StringComparer.Ordinal);
        public SortedDictionary<string, string> Outbox = new(StringComparer.Ordinal);
    }

    private readonly Lock gate = new();
    private readonly Dictionary<string, Rows> instances = [];
    private readonly Dictionary<string, string> active = [];
    private readonly Dictionary<string, JournalHost> hosts = [];


    public Task InitializeAsync(CancellationToken ct) => Task.CompletedTask;

    public Task<JournalInstance?> CreateAsync(JournalInstance instance, Payload? input, ExecutionStarted first, CancellationToken ct)
    {
        lock (gate)
        {
            if (instances.ContainsKey(instance.Id)) return Task.FromResult<JournalInstance?>(null);
            var rows = instances[instance.Id] = new();
            active[instance.Id] = Guid.NewGuid().ToString();
            (rows.State, rows.Input, rows.Version) = (JournalJson.Write(instance), JournalJson.Write(input ?? new()), 1);
            rows.History[(0, 0)] = JournalJson.Write<IReadOnlyList<JournalEvent>>([first]);
            return Task.FromResult<JournalInstance?>(Of(rows));
        }
    }

    public Task<JournalInstance?> FindAsync(string instanceId, CancellationToken ct)
    {
        lock (gate) return Task.FromResult(instances.TryGetValue(instanceId, out var rows) ? Of(rows) : null);
    }

    public Task<JournalSnapshot?> LoadAsync(string instanceId, CancellationToken ct)
    {
        lock (gate)
        {
            if (!instances.TryGetValue(instanceId, out var rows)) return Task.FromResult<JournalSnapshot?>(null);
            var instance = Of(rows);
            return Task.FromResult<JournalSnapshot?>(new(instance,
                [.. rows.History.Where(h => h.Key.Execution == instance.Execution).SelectMany(h => JournalJson.Read<List<JournalEvent>>(h.Value))],
                [.. rows.Inbox.Values.Select(JournalJson.Read<JournalMessage>)],
                [.. rows.Outbox.Select(o => new OutboxRow(o.Key, JournalJson.Read<List<OutMessage>>(o.Value)))]));
        }
    }

    public Task<IReadOnlyList<JournalMessage>> InboxAsync(string instanceId, CancellationToken ct)
    {
        lock (gate) return Task.FromResult<IReadOnlyList<JournalMessage>>(instances.TryGetValue(instanceId, out var rows) ? [.. rows.Inbox.Values.Select(JournalJson.Read<JournalMessage>)] : []);
    }

    public Task<JournalCommitted> CommitAsync(JournalCommit commit, CancellationToken ct)
    {
        lock (gate)
        {
            var instance = commit.Instance;
            if (!instances.TryGetValue(instance.Id, out var rows) || rows.Version.ToString() != instance.ETag || commit.Consumed.Any(id => !rows.Inbox.ContainsKey(id)))
                return Task.FromException<JournalCommitted>(new ConflictException("journal-fenced", $"{instance.Id} changed."));
            rows.State = JournalJson.Write(instance);
            if (!instance.Begun) rows.Input = JournalJson.Write(instance.Input ?? new());
            if (commit.Events.Count > 0) rows.History.Add((instance.Execution, instance.Batches - 1), JournalJson.Write(commit.Events));
            foreach (var id in commit.Consumed) rows.Inbox.Remove(id);
            var outbox = $"{instance.Execution:D6}-{instance.Batches:D8}";
            if (commit.Outbox.Count > 0) rows.Outbox.Add(outbox, JournalJson.Write(commit.Outbox));
            rows.Version++;
            return Task.FromResult(new JournalCommitted(instance with { ETag = rows.Version.ToString() }, commit.Outbox.Count > 0 ? [outbox] : []));
        }
    }

    public Task AppendAsync(string instanceId, JournalMessage message, CancellationToken ct)
    {
        lock (gate) if (instances.TryGetValue(instanceId, out var rows)) rows.Inbox[message.Id] = JournalJson.Write(message);
        return Task.CompletedTask;
    }

    public Task ForgetAsync(string instanceId, IReadOnlyList<string> inbox, IReadOnlyList<string> outbox, CancellationToken ct)
    {
        lock (gate)
        {
            if (!instances.TryGetValue(instanceId, out var rows)) return Task.CompletedTask;
            foreach (var id in inbox) rows.Inbox.Remove(id);
            foreach (var id in outbox) rows.Outbox.Remove(id);
        }
        return Task.CompletedTask;
    }

    public Task PokeAsync(string instanceId, CancellationToken ct)
    {
        lock (gate) active[instanceId] = Guid.NewGuid().ToString();
        return Task.CompletedTask;
    }

    public Task DeactivateAsync(string instanceId, CancellationToken ct)
    {
        lock (gate) active.Remove(instanceId);
        return Task.CompletedTask;
    }

    public Task TidyAsync(string instanceId, int execution, CancellationToken ct)
    {
        lock (gate)
            if (instances.TryGetValue(instanceId, out var rows))
                foreach (var key in rows.History.Keys.Where(k => k.Execution < execution).ToList()) rows.History.Remove(key);
        return Task.CompletedTask;
    }

    public Task<JournalScan> ScanAsync(CancellationToken ct)
    {
        lock (gate) return Task.FromResult(new JournalScan([.. hosts.Values], [.. active.Select(a => new ActiveInstance(a.Key, a.Value))]));
    }

    public Task BeatAsync(JournalHost host, CancellationToken ct)
    {
        lock (gate) hosts[host.Id] = host;
        return Task.CompletedTask;
    }

    public Task LeaveAsync(string hostId, CancellationToken ct)
    {
        lock (gate) hosts.Remove(hostId);
        return Task.CompletedTask;
    }

    public Task<Page<JournalInstance>> ListAsync(string prefix, int size, string? continuation, CancellationToken ct)
    {
        lock (gate)
        {
            var all = instances.Values.Select(Of).Where(i => i.Id.StartsWith(prefix, StringComparison.Ordinal)).OrderByDescending(i => i.CreatedAt).ThenBy(i => i.Id, StringComparer.Ordinal).ToList();
            var skip = continuation is null ? 0 : int.Parse(continuation);
            return Task.FromResult(new Page<JournalInstance>([.. all.Skip(skip).Take(size)], skip + size < all.Count ? (skip + size).ToString() : null));
        }
    }

    public Task PurgeAsync(JournalInstance instance, CancellationToken ct)
    {
        lock (gate)
        {
            instances.Remove(instance.Id);
            active.Remove(instance.Id);
        }
        return Task.CompletedTask;
    }

    /// <summary>True when no instance has work, and no message is left anywhere.</summary>
    public bool IsClean
    {
        get { lock (gate) return active.Count == 0 && instances.Values.All(r => r.Inbox.Count == 0 && r.Outbox.Count == 0); }
    }

    private static JournalInstance Of(Rows rows) =>
        JournalJson.Read<JournalInstance>(rows.State) with { Input = JournalJson.Read<Payload>(rows.Input), ETag = rows.Version.ToString() };
}
