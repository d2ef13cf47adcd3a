namespace TriOps.LocalHost.Journal;

/// <summary>How a runner hears that something has happened, from any thread. Counts as busy from the signal until the runner waits again.</summary>
internal sealed class RunnerSignal
{
    private readonly Lock gate = new();
    private readonly BusyCount busy;
    private List<Outcome> outcomes = [];
    private TaskCompletionSource? sleeping;
    private bool set, inbox = true, closed;

    public RunnerSignal(BusyCount busy)
    {
        this.busy = busy;
        busy.Enter();
    }

    /// <summary>Something has happened.</summary>
    public void Set() => Change(null);

    /// <summary>An activity has ended, or a child could not be started.</summary>
    public void Outcome(Outcome outcome) => Change(() => outcomes.Add(outcome));

    /// <summary>Something may be in the inbox. False: nobody will look.</summary>
    public bool Inbox() => Change(() => inbox = true);

    /// <summary>The outcomes since the last call.</summary>
    public IReadOnlyList<Outcome> TakeOutcomes()
    {
        lock (gate)
        {
            var taken = outcomes;
            outcomes = [];
            return taken;
        }
    }

    /// <summary>True if the inbox must be read.</summary>
    public bool TakeInbox()
    {
        lock (gate)
        {
            var was = inbox;
            inbox = false;
            return was;
        }
    }

    /// <summary>Waits for the next signal, or returns at once if one came since the last wait.</summary>
    public async Task WaitAsync(CancellationToken ct)
    {
        TaskCompletionSource wait;
        lock (gate)
        {
            if (set) { set = false; return; }
            wait = sleeping = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        busy.Exit();
        await using (ct.UnsafeRegister(_ => Set(), null)) await wait.Task;
        lock (gate) set = false;
        ct.ThrowIfCancellationRequested();
    }

    /// <summary>Ends, unless the inbox must be read first.</summary>
    public bool TryClose()
    {
        lock (gate)
        {
            if (inbox) return false;
            return closed = true;
        }
    }

    /// <summary>Ends, and is not busy any more. Once.</summary>
    public void Close()
    {
        bool working;
        lock (gate)
        {
            closed = true;
            working = sleeping is null;
        }
        if (working) busy.Exit();
    }

    private bool Change(Action? change)
    {
        TaskCompletionSource? wake;
        lock (gate)
        {
            if (closed) return false;
            change?.Invoke();
            set = true;
            (wake, sleeping) = (sleeping, null);
            if (wake is not null) busy.Enter();
        }
        wake?.SetResult();
        return true;
    }
}

/// <summary>How an activity ended, or why a child could not be started; not yet in the history.</summary>
internal sealed record Outcome(int Execution, int Seq, Payload? Result, TriOps.Core.Workflows.StepFailure? Failure);
