using DurableTask.Core.History;
using Microsoft.Extensions.Time.Testing;
using TriOps.Core.Workflows;
using TriOps.Durable;

namespace TriOps.Testing.Durable;

/// <summary>Orchestrations as they are, over steps of the test, on Durable's executor and the test's clock.</summary>
public sealed class DurableBench
{
    /// <summary>The longest that <see cref="EndAsync"/> lets an instance run.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly Dictionary<string, Delegate> steps = new(StringComparer.Ordinal);

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

    /// <summary>An activity's code; given again, it takes the place of the one before.</summary>
    public DurableBench On<TIn, TOut>(ActivityName<TIn, TOut> name, Func<TIn, Task<TOut>> step)
    {
        if (!steps.ContainsKey(name.Value)) Registry.AddActivity(name, input => ((Func<TIn, Task<TOut>>)steps[name.Value])(input));
        steps[name.Value] = step;
        return this;
    }

    /// <summary>An activity's code; given again, it takes the place of the one before.</summary>
    public DurableBench On<TIn, TOut>(ActivityName<TIn, TOut> name, Func<TIn, TOut> step) =>
        On(name, input => Task.FromResult(step(input)));

    /// <summary>A child's code; given again, it takes the place of the one before.</summary>
    public DurableBench On<TIn, TOut>(WorkflowName<TIn, TOut> name, Func<IWorkflow, TIn, Task<TOut>> child)
    {
        if (!steps.ContainsKey(name.Value))
            Registry.AddOrchestration(name, (workflow, input) => ((Func<IWorkflow, TIn, Task<TOut>>)steps[name.Value])(workflow, input));
        steps[name.Value] = child;
        return this;
    }

    /// <summary>An activity with one answer.</summary>
    public DurableBench Answer<TIn, TOut>(ActivityName<TIn, TOut> name, TOut answer) => On(name, _ => answer);

    /// <summary>A child with one answer.</summary>
    public DurableBench Answer<TIn, TOut>(WorkflowName<TIn, TOut> name, TOut answer) => On(name, (_, _) => Task.FromResult(answer));

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

    /// <summary>Moves the clock, timer by timer, until an instance has ended.</summary>
    /// <exception cref="TimeoutException">It waits for what no timer brings, or runs for longer than a day.</exception>
    public async Task<WorkflowInstance> EndAsync(string id)
    {
        await Hub.SettleAsync();
        for (var until = (Time.GetUtcNow() + Longest).UtcDateTime; ;)
        {
            var instance = await Workflows.FindAsync(id, default) ?? throw new InvalidOperationException($"There is no instance '{id}'.");
            if (instance.IsEnded) return instance;
            if (await Hub.FireAsync(until)) continue;
            throw new TimeoutException($"Instance '{id}' waits for what no timer of a day brings, after {string.Join(", ", Steps(id))}.");
        }
    }

    /// <summary>Starts an instance, and moves the clock until it has completed.</summary>
    public async Task<TOut> RunAsync<TIn, TOut>(WorkflowName<TIn, TOut> workflow, TIn input, string id)
    {
        await StartAsync(workflow, input, id);
        await EndAsync(id);
        return Result<TOut>(id);
    }

    /// <summary>What an instance has scheduled in its present execution, in order: "StartJob" for each attempt at an activity,
    /// "RunJob(id)" for a child.</summary>
    public IReadOnlyList<string> Steps(string id) => [.. Hub.History(id).Select(e => e switch
    {
        TaskScheduledEvent task => task.Name,
        SubOrchestrationInstanceCreatedEvent child => $"{child.Name}({child.InstanceId})",
        _ => null,
    }).OfType<string>()];

    /// <summary>How often a step is among the <see cref="Steps"/> of an instance.</summary>
    public int Count(string id, string step) => Steps(id).Count(s => s == step);

    /// <summary>Every progress that could be seen of an instance, in order.</summary>
    public IReadOnlyList<WorkflowProgress> Progress(string id) =>
        [.. Hub.Statuses(id).Select(s => DurableServices.Json.Deserialize<WorkflowProgress>(s)!)];

    /// <summary>What an instance that has completed came to.</summary>
    public TOut Result<TOut>(string id)
    {
        var end = Hub.History(id).OfType<ExecutionCompletedEvent>().SingleOrDefault()
            ?? throw new InvalidOperationException($"Instance '{id}' has not ended.");
        return end.OrchestrationStatus == global::DurableTask.Core.OrchestrationStatus.Completed
            ? DurableServices.Json.Deserialize<TOut>(end.Result)!
            : throw new InvalidOperationException($"Instance '{id}' ended as {end.OrchestrationStatus}: {end.Result}");
    }
}
