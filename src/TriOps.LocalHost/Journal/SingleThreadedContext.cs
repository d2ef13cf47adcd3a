namespace TriOps.LocalHost.Journal;

/// <summary>Runs an orchestration's code on the thread that calls <see cref="Run"/> and on no other. Own tasks are completed by that thread
/// too, so a continuation that comes from elsewhere belongs to a foreign task: it is not run, and noted.</summary>
public sealed class SingleThreadedContext : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> queue = [];
    private int thread = -1;
    private volatile bool foreign;

    /// <summary>True once a foreign task tried to continue the orchestration.</summary>
    public bool SawForeign => foreign;

    /// <summary>Called on the foreign thread, once per attempt.</summary>
    public Action? OnForeign { get; set; }

    /// <summary>True on the thread that is inside <see cref="Run"/>.</summary>
    public bool IsCurrent => Volatile.Read(ref thread) == Environment.CurrentManagedThreadId && Current == this;

    /// <summary>Runs <paramref name="action"/> and everything it leads to, to quiescence.</summary>
    public void Run(Action action)
    {
        var before = Current;
        SetSynchronizationContext(this);
        Volatile.Write(ref thread, Environment.CurrentManagedThreadId);
        try
        {
            action();
            while (queue.TryDequeue(out var next)) next.Callback(next.State);
        }
        finally
        {
            Volatile.Write(ref thread, -1);
            SetSynchronizationContext(before);
        }
    }

    /// <summary>Notes a foreign call.</summary>
    public void NoteForeign()
    {
        foreign = true;
        OnForeign?.Invoke();
    }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Volatile.Read(ref thread) == Environment.CurrentManagedThreadId) queue.Enqueue((d, state));
        else NoteForeign();
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state)
    {
        if (Volatile.Read(ref thread) == Environment.CurrentManagedThreadId) d(state);
        else NoteForeign();
    }

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;
}
