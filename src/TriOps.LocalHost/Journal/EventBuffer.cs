namespace TriOps.LocalHost.Journal;

/// <summary>External events of one execution: those that came before anyone waited, and the waits that are open. First in, first out; names
/// ignore case.</summary>
public sealed class EventBuffer
{
    private sealed class Slot
    {
        public Type? Type;
        public Queue<Payload> Kept { get; } = [];
        public List<TaskCompletionSource<Payload>> Waits { get; } = [];
    }

    private readonly Dictionary<string, Slot> slots = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string Name, Payload Payload)> order = [];

    /// <summary>True while someone waits.</summary>
    public bool HasWaits => slots.Values.Any(s => s.Waits.Count > 0);

    /// <summary>Events nobody has waited for, oldest first.</summary>
    public IReadOnlyList<CarriedEvent> Kept => [.. order.Select(e => new CarriedEvent(e.Name, e.Payload))];

    /// <summary>An event arrives: the oldest wait gets it, or it is kept.</summary>
    public void Arrive(string name, Payload payload)
    {
        var slot = Of(name);
        if (slot.Waits.Count == 0)
        {
            slot.Kept.Enqueue(payload);
            order.Add((name, payload));
            return;
        }
        var wait = slot.Waits[0];
        slot.Waits.RemoveAt(0);
        wait.SetResult(payload);
    }

    /// <summary>The next event of a name, now or later.</summary>
    /// <exception cref="ArgumentException">The name was waited for with another payload type before.</exception>
    public TaskCompletionSource<Payload> Wait(string name, Type type)
    {
        var slot = Of(name);
        if (slot.Type is { } known && known != type)
            throw new ArgumentException($"Event '{name}' is waited for as {type.Name}, but as {known.Name} before: one name has one payload type.", nameof(type));
        slot.Type = type;
        var wait = new TaskCompletionSource<Payload>();
        if (slot.Kept.TryDequeue(out var payload))
        {
            order.RemoveAt(order.FindIndex(e => ReferenceEquals(e.Payload, payload)));
            wait.SetResult(payload);
        }
        else slot.Waits.Add(wait);
        return wait;
    }

    /// <summary>Gives up a wait, so that the next event goes to the next one.</summary>
    public void Abandon(string name, TaskCompletionSource<Payload> wait) => Of(name).Waits.Remove(wait);

    private Slot Of(string name) => slots.TryGetValue(name, out var slot) ? slot : slots[name] = new();
}
