using TriOps.Core.Storage;
using TriOps.Data.Profiles;

namespace TriOps.Testing.Fakes;

/// <summary>Queues in memory, with visibility on the given clock.</summary>
public sealed class MemoryQueues(TimeProvider? time = null) : IQueues
{
    private sealed record Entry(string Id, string Body)
    {
        public int Deliveries; public DateTimeOffset VisibleAt; public string Receipt = "";
    }

    private readonly TimeProvider time = time ?? TimeProvider.System;
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<Entry>> queues = [];

    public Task SendAsync(string queue, string body, CancellationToken ct)
    {
        lock (gate) Of(queue).Add(new Entry(Guid.NewGuid().ToString("N"), body) { VisibleAt = time.GetUtcNow() });
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<QueueMessage>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken ct)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var found = Of(queue).Where(e => e.VisibleAt <= now).Take(max).ToList();
            foreach (var e in found) { e.Deliveries++; e.VisibleAt = now + visibility; e.Receipt = Guid.NewGuid().ToString("N"); }
            return Task.FromResult<IReadOnlyList<QueueMessage>>(
                [.. found.Select(e => new QueueMessage(e.Id, e.Body, e.Deliveries, e.Receipt))]);
        }
    }

    public Task CompleteAsync(string queue, QueueMessage message, CancellationToken ct)
    {
        lock (gate) Of(queue).RemoveAll(e => e.Id == message.Id && e.Receipt == message.Receipt);
        return Task.CompletedTask;
    }

    private List<Entry> Of(string queue) => queues.TryGetValue(queue, out var list) ? list : queues[queue] = [];
}
