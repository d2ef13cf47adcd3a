using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Tests.Orchestrations;

/// <summary>An orchestration's context whose steps are the test's functions. Time stands still but for waits: a wait for an event that is not there
/// takes its whole time-out.</summary>
internal sealed class ScriptedWorkflow(string instanceId) : IWorkflow
{
    private readonly Dictionary<string, Func<object?, Task<object?>>> steps = [];
    private readonly Queue<(string Name, object? Payload)> events = [];

    /// <summary>Calls in order, as "StartJob" or "RunJob(id)".</summary>
    public List<string> Calls { get; } = [];

    public List<WorkflowProgress> Statuses { get; } = [];

    public object? ContinuedWith { get; private set; }

    public string InstanceId => instanceId;
    public DateTimeOffset Now { get; private set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public ILogger Log => NullLogger.Instance;

    public ScriptedWorkflow On<TIn, TOut>(ActivityName<TIn, TOut> name, Func<TIn, TOut> step) => On(name.Value, input => Task.FromResult<object?>(step((TIn)input!)));

    public ScriptedWorkflow On<TIn, TOut>(ActivityName<TIn, TOut> name, Func<TIn, Task<TOut>> step) => On(name.Value, async input => await step((TIn)input!));

    public ScriptedWorkflow On<TIn, TOut>(IActivity<TIn, TOut> activity, ActivityName<TIn, TOut> name) => On(name.Value, async input => await activity.Run((TIn)input!, default));

    public ScriptedWorkflow On<TIn, TOut>(WorkflowName<TIn, TOut> name, Func<TIn, Task<TOut>> step) => On(name.Value, async input => await step((TIn)input!));

    public ScriptedWorkflow Raise<T>(EventName<T> name, T payload)
    {
        events.Enqueue((name.Value, payload));
        return this;
    }

    public int Count(string call) => Calls.Count(c => c == call);

    public Task<TOut> Call<TIn, TOut>(ActivityName<TIn, TOut> activity, TIn input, Retry? retry = null) => Step<TOut>(activity.Value, activity.Value, input);

    public Task<TOut> CallWorkflow<TIn, TOut>(WorkflowName<TIn, TOut> workflow, TIn input, string instanceId) =>
        Step<TOut>(workflow.Value, $"{workflow.Value}({instanceId})", input);

    /// <summary>Told how long a wait was, after it.</summary>
    public Action<TimeSpan> Waited { get; set; } = _ => { };

    public Task Delay(TimeSpan delay, CancellationToken ct = default)
    {
        Now += delay;
        Waited(delay);
        return Task.CompletedTask;
    }

    public Task<T> WaitForEvent<T>(EventName<T> name) => events.TryDequeue(out var next) ? Task.FromResult((T)next.Payload!) : new TaskCompletionSource<T>().Task;

    /// <summary>Events sent to other instances.</summary>
    public List<(string InstanceId, string Name, object? Payload)> Sent { get; } = [];

    /// <summary>Told of each event sent.</summary>
    public Action<string, object?> Sending { get; set; } = (_, _) => { };

    public void SendEvent<T>(string instanceId, EventName<T> name, T payload)
    {
        Sent.Add((instanceId, name.Value, payload));
        Sending(instanceId, payload);
    }

    public void SetStatus<T>(T status) => Statuses.Add((WorkflowProgress)(object)status!);

    public void ContinueAsNew<T>(T input) => ContinuedWith = input;

    private ScriptedWorkflow On(string name, Func<object?, Task<object?>> step)
    {
        steps[name] = step;
        return this;
    }

    private async Task<TOut> Step<TOut>(string name, string call, object? input)
    {
        Calls.Add(call);
        try { return (TOut)(await steps[name](input))!; }
        catch (Exception e) when (e is not KeyNotFoundException) { throw new StepFailedException(name, StepFailure.Of(e)); }
    }
}
