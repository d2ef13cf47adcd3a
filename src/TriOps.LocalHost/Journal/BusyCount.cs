namespace TriOps.LocalHost.Journal;

/// <summary>Counts what is being worked on, so that one can wait for nothing to be left (tests; a graceful end).</summary>
public sealed class BusyCount
{
    private readonly Lock gate = new();
    private int count;
    private TaskCompletionSource? idle;

    /// <summary>Work begins.</summary>
    public void Enter() { lock (gate) count++; }

    /// <summary>Work ends.</summary>
    public void Exit()
    {
        TaskCompletionSource? done = null;
        lock (gate)
            if (--count == 0) (done, idle) = (idle, null);
        done?.SetResult();
    }

    /// <summary>Completes when nothing is being worked on.</summary>
    public Task IdleAsync()
    {
        lock (gate) return count == 0 ? Task.CompletedTask : (idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }
}
