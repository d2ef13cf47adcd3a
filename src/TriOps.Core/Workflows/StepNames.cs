using TriOps.Core.Steps;

namespace TriOps.Core.Workflows;

/// <summary>An activity, by name and types.</summary>
public sealed record ActivityName<TIn, TOut>(string Value) { /// <inheritdoc/>
    public override string ToString() => Value; }

/// <summary>An orchestration, by name and types.</summary>
public sealed record WorkflowName<TIn, TOut>(string Value) { /// <inheritdoc/>
    public override string ToString() => Value; }

/// <summary>An external event, by name and payload type. Names ignore case.</summary>
public sealed record EventName<T>(string Value) { /// <inheritdoc/>
    public override string ToString() => Value; }

/// <summary>An orchestration: one class, one file. Deterministic; see <see cref="IWorkflow"/>.</summary>
public interface IOrchestration<TIn, TOut>
{
    /// <summary>Its name in the <see cref="Catalogue"/>.</summary>
    static abstract WorkflowName<TIn, TOut> Name { get; }

    /// <summary>Runs from the top on every replay. Instances are created per replay, without dependencies.</summary>
    Task<TOut> Run(IWorkflow workflow, TIn input);
}

/// <summary>An activity: an idempotent step, bounded in time, that may do I/O.</summary>
public interface IActivity<TIn, TOut>
{
    /// <summary>Its name in the <see cref="Catalogue"/>.</summary>
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
