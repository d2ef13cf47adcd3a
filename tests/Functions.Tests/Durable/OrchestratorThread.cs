namespace TriOps.Functions.Tests.Durable;

/// <summary>As Durable's: what is posted runs at once, on the thread that posts it.</summary>
internal sealed class OrchestratorThread : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try { d(state); }
        finally { SetSynchronizationContext(before); }
    }

    public override void Send(SendOrPostCallback d, object? state) => Post(d, state);

    /// <summary>Runs orchestrator code.</summary>
    public void Run(Action code)
    {
        FakeOrchestrationContext.IsOrchestratorThread = true;
        try { Post(_ => code(), null); }
        finally { FakeOrchestrationContext.IsOrchestratorThread = false; }
    }
}
