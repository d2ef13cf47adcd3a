using System.Reflection;
using DurableTask.Core;
using Microsoft.DurableTask.Worker;
using Microsoft.DurableTask.Worker.Shims;
using Microsoft.Extensions.Logging;
using TriOps.Core;
using TriOps.Core.Workflows;

namespace TriOps.Durable;

/// <summary>Runs one call of an activity: with which services, under which limits.</summary>
public interface IActivityHost
{
    /// <summary>Runs it.</summary>
    /// <param name="name">The activity's.</param>
    /// <param name="activity">Its code.</param>
    Task<TOut> RunAsync<TOut>(string name, Func<IServiceProvider, CancellationToken, Task<TOut>> activity);
}

/// <summary>Which class stands behind each name, for hosts that run Durable's engine themselves. Filled at start-up, then only
/// read.</summary>
/// <param name="logs">Where orchestrations log to.</param>
public sealed class WorkflowRegistry(ILoggerFactory? logs = null)
{
    private readonly DurableTaskShimFactory shims = new(new DurableTaskWorkerOptions { DataConverter = DurableServices.Json }, logs);
    private readonly Dictionary<string, Func<TaskOrchestration>> orchestrations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Func<IActivityHost, TaskActivity>> activities = new(StringComparer.Ordinal);

    /// <summary>Names of the registered orchestrations.</summary>
    public IReadOnlyCollection<string> Orchestrations => orchestrations.Keys;

    /// <summary>Names of the registered activities.</summary>
    public IReadOnlyCollection<string> Activities => activities.Keys;

    /// <summary>Registers an orchestration; a new object runs each replay.</summary>
    public WorkflowRegistry AddOrchestration<T, TIn, TOut>() where T : IOrchestration<TIn, TOut>, new() =>
        AddOrchestration(T.Name, (workflow, input) => new T().Run(workflow, input));

    /// <summary>Registers an activity; a new object runs each call.</summary>
    public WorkflowRegistry AddActivity<T, TIn, TOut>() where T : class, IActivity<TIn, TOut> =>
        Add(T.Name, ActivityRun.RunAsync<T, TIn, TOut>);

    /// <summary>Registers every orchestration and activity of an assembly under the names that they say they have.</summary>
    /// <exception cref="ArgumentException">A name is taken.</exception>
    public WorkflowRegistry AddAll(Assembly assembly)
    {
        foreach (var type in assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false })
            .OrderBy(t => t.Name, StringComparer.Ordinal))
            foreach (var contract in type.GetInterfaces().Where(i => i.IsGenericType))
            {
                var add = contract.GetGenericTypeDefinition() == typeof(IOrchestration<,>) ? nameof(AddOrchestration)
                    : contract.GetGenericTypeDefinition() == typeof(IActivity<,>) ? nameof(AddActivity) : null;
                if (add is null) continue;
                var method = typeof(WorkflowRegistry).GetMethods().Single(m => m.Name == add && m.GetGenericArguments().Length == 3);
                try { method.MakeGenericMethod([type, .. contract.GetGenericArguments()]).Invoke(this, null); }
                catch (TargetInvocationException e) when (e.InnerException is { } inner)
                {
                    throw new ArgumentException($"{type.Name} cannot be registered: {inner.Message}", inner);
                }
            }
        return this;
    }

    /// <summary>Registers an orchestration's code.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public WorkflowRegistry AddOrchestration<TIn, TOut>(WorkflowName<TIn, TOut> name, Func<IWorkflow, TIn, Task<TOut>> run)
    {
        orchestrations.Add(name.Value, () => shims.CreateOrchestration<WorkflowStart<TIn>,
            TOut>(name.Value, async (context, _) => await WorkflowRun.RunAsync(context, name, run)));
        return this;
    }

    /// <summary>Registers an activity's code.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public WorkflowRegistry AddActivity<TIn, TOut>(ActivityName<TIn, TOut> name, Func<TIn, Task<TOut>> run) =>
        Add(name, (_, input, _) => ActivityRun.RunAsync(() => run(input)));

    /// <summary>A new run of an orchestration's code.</summary>
    /// <exception cref="NotFoundException">None of that name is registered (code orchestration-unknown).</exception>
    public TaskOrchestration Orchestration(string name) => orchestrations.TryGetValue(name, out var make) ? make()
        : throw new NotFoundException("orchestration-unknown",
        $"This host has no orchestration '{name}'. Register it, or start a host of a version that has it.");

    /// <summary>An activity's code.</summary>
    /// <exception cref="NotFoundException">None of that name is registered (code activity-unknown).</exception>
    public TaskActivity Activity(string name, IActivityHost host) => activities.TryGetValue(name, out var make) ? make(host)
        : throw new NotFoundException("activity-unknown",
        $"This host has no activity '{name}'. Register it, or start a host of a version that has it.");

    private WorkflowRegistry Add<TIn, TOut>(ActivityName<TIn, TOut> name, Func<IServiceProvider, TIn, CancellationToken, Task<TOut>> run)
    {
        activities.Add(name.Value,
            host => shims.CreateActivity<TIn, TOut>(name.Value,
            async (_, input) => await host.RunAsync(name.Value, (services, ct) => run(services, input!, ct))));
        return this;
    }
}
