using TriOps.Core.Workflows;

namespace TriOps.Testing.Conformance;

/// <summary>A host under test. All that it must have is a client, and code that runs <see cref="Script"/>: no clock of its own, no way to
/// restart it.</summary>
public abstract class WorkflowHarness
{
    /// <summary>The client.</summary>
    public abstract IWorkflows Workflows { get; }

    /// <summary>What the host's orchestrations and activities do.</summary>
    public WorkflowScript Script { get; } = new();

    /// <summary>Completes when it is so; time passes meanwhile.</summary>
    /// <exception cref="TimeoutException">It is not so within a minute.</exception>
    public abstract Task UntilAsync(Func<Task<bool>> condition, string what);
}
