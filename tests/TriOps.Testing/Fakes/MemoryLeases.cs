using TriOps.Core.Storage;

namespace TriOps.Testing.Fakes;

/// <summary>Leases in memory, expiring on the given clock.</summary>
public sealed class MemoryLeases(TimeProvider? time = null) : ILeases
{
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private readonly Lock gate = new();
    private readonly Dictionary<string, (Guid Owner, DateTimeOffset Until)> held = [];

    public Task<ILease?> TryAcquireAsync(string name, TimeSpan duration, CancellationToken ct)
    {
        DocumentKeyRule.Check(name, "lease name");
        lock (gate)
        {
            if (held.TryGetValue(name, out var h) && h.Until > time.GetUtcNow()) return Task.FromResult<ILease?>(null);
            var lease = new Lease(this, name, Guid.NewGuid(), duration);
            held[name] = (lease.Owner, time.GetUtcNow() + duration);
            return Task.FromResult<ILease?>(lease);
        }
    }

    private sealed class Lease(MemoryLeases leases, string name, Guid owner, TimeSpan duration) : ILease
    {
        public string Name => name;
        public Guid Owner => owner;

        public Task<bool> RenewAsync(CancellationToken ct)
        {
            lock (leases.gate)
            {
                if (!leases.held.TryGetValue(name, out var h) || h.Owner != owner || h.Until <= leases.time.GetUtcNow())
                    return Task.FromResult(false);
                leases.held[name] = (owner, leases.time.GetUtcNow() + duration);
                return Task.FromResult(true);
            }
        }

        public ValueTask DisposeAsync()
        {
            lock (leases.gate) if (leases.held.TryGetValue(name, out var h) && h.Owner == owner) leases.held.Remove(name);
            return ValueTask.CompletedTask;
        }
    }
}
