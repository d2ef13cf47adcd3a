using Microsoft.Extensions.DependencyInjection;
using TriOps.Core;
using TriOps.Core.Workflows;
using TriOps.LocalHost.Journal;

namespace TriOps.LocalHost.Workflows;

/// <summary>An orchestration's code with its types taken off.</summary>
public delegate Task<Payload> OrchestrationCode(IWorkflow workflow, Payload input);

/// <summary>An activity's code with its types taken off.</summary>
public delegate Task<Payload> ActivityCode(IServiceProvider services, Payload input, CancellationToken ct);

/// <summary>Which class stands behind each name. Filled at start-up, then only read.</summary>
public sealed class WorkflowRegistry
{
    private readonly Dictionary<string, OrchestrationCode> orchestrations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ActivityCode> activities = new(StringComparer.Ordinal);

    /// <summary>Names of the registered orchestrations.</summary>
    public IReadOnlyCollection<string> Orchestrations => orchestrations.Keys;

    /// <summary>Names of the registered activities.</summary>
    public IReadOnlyCollection<string> Activities => activities.Keys;

    /// <summary>Registers an orchestration; a new object runs each replay.</summary>
    public WorkflowRegistry AddOrchestration<T, TIn, TOut>() where T : IOrchestration<TIn, TOut>, new() =>
        AddOrchestration(T.Name, (workflow, input) => new T().Run(workflow, input));

    /// <summary>Registers an activity; a new object, from a scope of its own, runs each call.</summary>
    public WorkflowRegistry AddActivity<T, TIn, TOut>() where T : class, IActivity<TIn, TOut> =>
        AddActivity(T.Name, (services, input, ct) => ActivatorUtilities.GetServiceOrCreateInstance<T>(services).Run(input, ct));

    /// <summary>Registers an orchestration's code.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public WorkflowRegistry AddOrchestration<TIn, TOut>(WorkflowName<TIn, TOut> name, Func<IWorkflow, TIn, Task<TOut>> run)
    {
        orchestrations.Add(name.Value, async (workflow, input) => Payload.Of(await run(workflow, input.Read<TIn>())));
        return this;
    }

    /// <summary>Registers an activity's code.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public WorkflowRegistry AddActivity<TIn, TOut>(ActivityName<TIn, TOut> name, Func<IServiceProvider, TIn, CancellationToken, Task<TOut>> run)
    {
        activities.Add(name.Value, async (services, input, ct) => Payload.Of(await run(services, input.Read<TIn>(), ct)));
        return this;
    }

    /// <summary>Puts code around every activity registered so far: for measurements and planted faults.</summary>
    public void Intercept(Func<string, ActivityCode, ActivityCode> around)
    {
        foreach (var name in activities.Keys.ToList()) activities[name] = around(name, activities[name]);
    }

    /// <summary>An orchestration's code.</summary>
    /// <exception cref="NotFoundException">None of that name is registered.</exception>
    public OrchestrationCode Orchestration(string name) => orchestrations.TryGetValue(name, out var code) ? code
        : throw new NotFoundException("orchestration-unknown", $"This host has no orchestration '{name}'. Register it, or start a host of a version that has it.");

    /// <summary>An activity's code.</summary>
    /// <exception cref="NotFoundException">None of that name is registered.</exception>
    public ActivityCode Activity(string name) => activities.TryGetValue(name, out var code) ? code
        : throw new NotFoundException("activity-unknown", $"This host has no activity '{name}'. Register it, or start a host of a version that has it.");
}
