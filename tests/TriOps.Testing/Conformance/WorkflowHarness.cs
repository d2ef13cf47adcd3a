using TriOps.Core.Workflows;

namespace TriOps.Testing.Conformance;

/// <summary>A workflow engine under test, on a clock that the test owns.</summary>
public abstract class WorkflowHarness : IAsyncDisposable
{
    /// <summary>The client.</summary>
    public abstract IWorkflows Workflows { get; }

    /// <summary>Now, on the test's clock.</summary>
    public abstract DateTimeOffset Now { get; }

    /// <summary>Registers an orchestration. Before <see cref="StartAsync"/>.</summary>
    public abstract void Orchestration<TIn, TOut>(WorkflowName<TIn, TOut> name, Func<IWorkflow, TIn, Task<TOut>> run);

    /// <summary>Registers an activity. Before <see cref="StartAsync"/>.</summary>
    public abstract void Activity<TIn, TOut>(ActivityName<TIn, TOut> name, Func<TIn, Task<TOut>> run);

    /// <summary>Starts the engine.</summary>
    public abstract Task StartAsync();

    /// <summary>Completes when nothing is left to do before the clock moves or something arrives.</summary>
    public abstract Task SettleAsync();

    /// <summary>Moves the clock, and settles.</summary>
    public abstract Task AdvanceAsync(TimeSpan by);

    /// <summary>The host dies, without a chance to say so, and another starts on what is stored.</summary>
    public abstract Task CrashAndRestartAsync();

    /// <summary>The host ends in order, and another starts.</summary>
    public abstract Task RestartAsync();

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
