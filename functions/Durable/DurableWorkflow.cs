using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using TriOps.Core;
using TriOps.Core.Workflows;

namespace TriOps.Functions.Durable;

/// <summary>The port of the orchestrations, on Durable Functions: each member is Durable's own, but for what Durable does otherwise than
/// <see cref="IWorkflow"/> says (events, joining, the retry clock, failures). docs/decisions/0008.</summary>
/// <param name="context">Durable's.</param>
/// <param name="run">This execution.</param>
internal sealed class DurableWorkflow(TaskOrchestrationContext context, WorkflowRun run) : IWorkflow
{
    private const int MaxStatusChars = 8 * 1024; // Durable keeps 16 KiB, as UTF-16.

    public string InstanceId => context.InstanceId;
    public string Version => context.Version;
    public DateTimeOffset Now => new(DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Utc));
    public bool IsReplaying => context.IsReplaying;
    public ILogger Log { get; } = context.CreateReplaySafeLogger("TriOps.Workflows");

    public Guid NewGuid()
    {
        run.Guard();
        return context.NewGuid();
    }

    public Task<TOut> Call<TIn, TOut>(ActivityName<TIn, TOut> activity, TIn input, Retry? retry = null) =>
        WithRetry(retry, activity.Value, () => run.Await(context.CallActivityAsync<TOut>(activity.Value, (object?)input)));

    public Task<TOut> CallWorkflow<TIn, TOut>(WorkflowName<TIn, TOut> workflow, TIn input, string? instanceId = null, Retry? retry = null)
    {
        var id = instanceId ?? NewGuid().ToString("N");
        InstanceIds.Check(id);
        if (id == InstanceId) throw new ArgumentException($"Instance '{id}' cannot wait for itself.", nameof(instanceId));
        var child = new ChildWorkflow<TIn, TOut>(context, run, this, workflow.Value, id, input) { MayExist = instanceId is not null, IsShared = instanceId is not null };
        return WithRetry(retry, workflow.Value, child.RunAsync);
    }

    public async Task Delay(TimeSpan delay, CancellationToken ct = default)
    {
        run.Guard();
        ct.ThrowIfCancellationRequested();
        await run.Timer(OwnTimers.Others(OwnTimers.After(Now, delay)), ct);
    }

    public async Task<T> WaitForEvent<T>(EventName<T> name)
    {
        run.Guard();
        return await run.Events.Wait<T>(name.Value).Task;
    }

    public async Task<EventOutcome<T>> WaitForEvent<T>(EventName<T> name, TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan) return new(true, await WaitForEvent(name));
        run.Guard();
        var wait = run.Events.Wait<T>(name.Value);
        if (!wait.Task.IsCompleted)
        {
            using var arrived = new CancellationTokenSource();
            await Task.WhenAny(wait.Task, Delay(timeout, arrived.Token));
            if (!wait.Task.IsCompleted)
            {
                run.Events.Abandon(name.Value, wait);
                return new(false, default);
            }
            arrived.Cancel(); // An open timer would keep the instance running.
        }
        return new(true, await wait.Task);
    }

    public void SendEvent<T>(string instanceId, EventName<T> name, T payload)
    {
        run.Guard();
        InstanceIds.Check(instanceId);
        context.SendEvent(instanceId, name.Value, payload!);
    }

    public void SetStatus<T>(T status)
    {
        run.Guard();
        var size = JsonSerializer.Serialize(status, TriOpsJson.Options).Length;
        if (size > MaxStatusChars) throw new ArgumentException($"A custom status of {size} characters is too large; at most {MaxStatusChars} are kept. Publish a summary.", nameof(status));
        context.SetCustomStatus(status);
    }

    public void ContinueAsNew<T>(T input) => run.ContinueWith(next => context.ContinueAsNew(next.With(input)));

    /// <summary>Durable's own policy looks at its time limit before the wait instead of after it; this is the journal's clock.</summary>
    private async Task<T> WithRetry<T>(Retry? retry, string step, Func<Task<T>> once)
    {
        run.Guard();
        if (retry is not null) RetryClock.Check(retry);
        var first = Now;
        for (var attempt = 1; ; attempt++)
        {
            StepFailure failure;
            try { return await once(); }
            catch (TaskFailedException e) { failure = StepFaultException.Read(e.FailureDetails); }
            catch (StepFailedException e) { failure = e.Failure; }
            if (retry is null || RetryClock.Next(retry, attempt, first, Now, failure) is not { } wait) throw new StepFailedException(step, failure);
            await Delay(wait);
        }
    }
}
