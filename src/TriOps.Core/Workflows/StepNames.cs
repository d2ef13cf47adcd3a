namespace TriOps.Core.Workflows;

/// <summary>An activity, by name and types.</summary>
/// <param name="Value">Its name.</param>
/// <param name="Retry">When it is tried again after a failure; null: never.</param>
public sealed record ActivityName<TIn, TOut>(string Value, Retry? Retry = null) { /// <inheritdoc/>
    public override string ToString() => Value; }

/// <summary>An orchestration, by name and types.</summary>
/// <param name="Value">Its name.</param>
/// <param name="Version">Of its code, from 1: a number more with every change of its steps or their order. See
/// <see cref="IWorkflow.Version"/>.</param>
public sealed record WorkflowName<TIn, TOut>(string Value, int Version = 1) { /// <inheritdoc/>
    public override string ToString() => Value; }

/// <summary>An external event, by name and payload type. Names ignore case.</summary>
public sealed record EventName<T>(string Value) { /// <inheritdoc/>
    public override string ToString() => Value; }

/// <summary>An orchestration: one class, one file. Deterministic; see <see cref="IWorkflow"/>.</summary>
public interface IOrchestration<TIn, TOut>
{
    /// <summary>Its name: hosts register it, and others call it, by this.</summary>
    static abstract WorkflowName<TIn, TOut> Name { get; }

    /// <summary>Runs from the top on every replay. Instances are created per replay, without dependencies.</summary>
    Task<TOut> Run(IWorkflow workflow, TIn input);
}

/// <summary>An activity: an idempotent step, bounded in time, that may do I/O.</summary>
public interface IActivity<TIn, TOut>
{
    /// <summary>Its name: hosts register it, and others call it, by this.</summary>
    static abstract ActivityName<TIn, TOut> Name { get; }

    /// <summary>Does the step. May run more than once for one call, also twice at the same time.</summary>
    Task<TOut> Run(TIn input, CancellationToken ct);
}

/// <summary>The result of steps that return nothing.</summary>
public sealed record Done
{
    /// <summary>The only value.</summary>
    public static Done Value { get; } = new();
}
