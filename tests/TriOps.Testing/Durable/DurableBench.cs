using DurableTask.Core.History;
using Microsoft.Extensions.Time.Testing;
using TriOps.Core.Workflows;
using TriOps.Durable;

namespace TriOps.Testing.Durable;

/// <summary>Orchestrations as they are, over steps of the test, on Durable's executor and the test's clock.</summary>
public sealed class DurableBench
{
    /// <summary>An empty one.</summary>
    /// <param name="time">Its clock; the year 2026 begins when null.</param>
    public DurableBench(FakeTimeProvider? time = null)
    {
        Time = time ?? new FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Hub = new DurableHub(Registry, Time);
        var connection = new DurableConnection();
        connection.Use(new HubClient(Hub));
        Workflows = new DurableWorkflows(connection, Time);
    }

    /// <summary>The code; filled before anything is started.</summary>
    public WorkflowRegistry Registry { get; } = new();

    public FakeTimeProvider Time { get; }
    public DurableHub Hub { get; }
    public IWorkflows Workflows { get; }

    /// <summary>An orchestration's class.</summary>
    public DurableBench Run<T, TIn, TOut>() where T : IOrchestration<TIn, TOut>, new()
    {
        Registry.AddOrchestration<T, TIn, TOut>();
        return this;
    }

    /// <summary>An activity's code.</summary>
    public DurableBench On<TIn, TOut>(ActivityName<TIn, TOut> name, Func<TIn, Task<TOut>> step)
    {
        Registry.AddActivity(name, step);
        return this;
    }

    /// <summary>An activity's code.</summary>
    public DurableBench On<TIn, TOut>(ActivityName<TIn, TOut> name, Func<TIn, TOut> step) => On(name, input => Task.FromResult(step(input)));

    /// <summary>A child's code.</summary>
    public DurableBench On<TIn, TOut>(WorkflowName<TIn, TOut> name, Func<IWorkflow, TIn, Task<TOut>> child)
    {
        Registry.AddOrchestration(name, child);
        return this;
    }

    /// <summary>Starts an instance, and runs it until it waits.</summary>
    public async Task StartAsync<TIn, TOut>(WorkflowName<TIn, TOut> workflow, TIn input, string id)
    {
        if (!await Workflows.StartAsync(workflow, input, id, default)) throw new InvalidOperationException($"Instance '{id}' exists.");
        await Hub.SettleAsync();
    }

    /// <summary>Raises an event, and runs what it wakes.</summary>
    public async Task RaiseAsync<T>(string id, EventName<T> name, T payload)
    {
        await Workflows.RaiseAsync(id, name, payload, default);
        await Hub.SettleAsync();
    }

    /// <summary>What an instance that has completed came to.</summary>
    public TOut Result<TOut>(string id)
    {
        var end = Hub.History(id).OfType<ExecutionCompletedEvent>().SingleOrDefault() ?? throw new InvalidOperationException($"Instance '{id}' has not ended.");
        return end.OrchestrationStatus == global::DurableTask.Core.OrchestrationStatus.Completed ? DurableServices.Json.Deserialize<TOut>(end.Result)!
            : throw new InvalidOperationException($"Instance '{id}' ended as {end.OrchestrationStatus}: {end.Result}");
    }
}
