using System.Text.Json;
using Microsoft.DurableTask;
using TriOps.Core;

namespace TriOps.Functions.Durable;

/// <summary>The waits of one execution. Durable serves the newest wait of a name first and never lets go of one that timed out; so there is one open wait a
/// name here, whose events go to the oldest of ours, or are kept for the next.</summary>
/// <param name="context">Durable's.</param>
/// <param name="kept">From the execution before.</param>
/// <param name="settled">Called after each event.</param>
internal sealed class EventWaits(TaskOrchestrationContext context, IReadOnlyList<KeptEvent> kept, Action settled)
{
    private abstract class Slot
    {
        public bool Listening { get; set; }
        public abstract bool HasWaits { get; }
        public abstract IEnumerable<JsonElement?> Kept { get; }
    }

    private sealed class Slot<T> : Slot
    {
        public List<TaskCompletionSource<T>> Waits { get; } = [];
        public Queue<T> Events { get; } = [];
        public override bool HasWaits => Waits.Count > 0;
        public override IEnumerable<JsonElement?> Kept => Events.Select(e => (JsonElement?)JsonSerializer.SerializeToElement(e, TriOpsJson.Options));
    }

    private readonly Dictionary<string, Slot> slots = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<KeptEvent> carried = [.. kept];

    /// <summary>True while somebody waits.</summary>
    public bool HasWaits => slots.Values.Any(s => s.HasWaits);

    /// <summary>What nobody has waited for, oldest first within a name.</summary>
    public IReadOnlyList<KeptEvent> Kept => [.. carried, .. slots.SelectMany(s => s.Value.Kept.Select(payload => new KeptEvent(s.Key, payload)))];

    /// <summary>The next event of a name, now or later.</summary>
    /// <exception cref="ArgumentException">The name was waited for with another payload type before.</exception>
    public TaskCompletionSource<T> Wait<T>(string name)
    {
        var slot = Of<T>(name);
        var wait = new TaskCompletionSource<T>();
        if (slot.Events.TryDequeue(out var value)) wait.SetResult(value);
        else
        {
            slot.Waits.Add(wait);
            if (!slot.Listening) _ = Listen(name, slot);
        }
        return wait;
    }

    /// <summary>Gives up a wait, so that the next event goes to the next one.</summary>
    public void Abandon<T>(string name, TaskCompletionSource<T> wait) => Of<T>(name).Waits.Remove(wait);

    private async Task Listen<T>(string name, Slot<T> slot)
    {
        for (slot.Listening = true; slot.Listening; slot.Listening = slot.HasWaits)
        {
            var arrived = context.WaitForExternalEvent<T>(name);
            await Task.WhenAny(arrived); // A payload that cannot be read is its wait's failure, not this loop's.
            if (slot.Waits is [var oldest, ..])
            {
                slot.Waits.RemoveAt(0);
                if (arrived.IsCompletedSuccessfully) oldest.SetResult(arrived.Result);
                else oldest.SetException(arrived.Exception?.InnerExceptions ?? [new OperationCanceledException()]);
            }
            else if (arrived.IsCompletedSuccessfully) slot.Events.Enqueue(arrived.Result);
            settled();
        }
    }

    private Slot<T> Of<T>(string name)
    {
        if (!slots.TryGetValue(name, out var slot))
        {
            var made = new Slot<T>();
            slots[name] = slot = made;
            foreach (var e in carried.Where(e => IsNamed(e, name))) made.Events.Enqueue(e.Payload is { } json ? json.Deserialize<T>(TriOpsJson.Options)! : default!);
            carried.RemoveAll(e => IsNamed(e, name));
        }
        return slot as Slot<T> ?? throw new ArgumentException($"Event '{name}' is waited for as {typeof(T).Name}, but as {slot.GetType().GenericTypeArguments[0].Name} before: one name has one payload type.", nameof(name));
    }

    private static bool IsNamed(KeptEvent e, string name) => string.Equals(e.Name, name, StringComparison.OrdinalIgnoreCase);
}
