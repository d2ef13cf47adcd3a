using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using TriOps.Core;
using TriOps.Core.Workflows;

namespace TriOps.Durable;

/// <summary>The port of the orchestrations, on Durable Task: each member is Durable's own, and says where it makes up for
/// something.</summary>
/// <param name="context">Durable's.</param>
/// <param name="parent">Of this instance; handed on by continue-as-new.</param>
/// <param name="version">Of the orchestration's code, when this execution began.</param>
/// <param name="current">Of today's code: the next execution's.</param>
internal sealed class DurableWorkflow(TaskOrchestrationContext context, string? parent, int version, int current) : IWorkflow
{
    private const int MaxStatusChars = 8 * 1024; // Durable keeps 16 KiB, as UTF-16.

    /// <summary>Azure Storage hides a timer's message for whole seconds, rounded down: without this it fires up to a second
    /// early.</summary>
    private static readonly TimeSpan RoundUp = TimeSpan.FromMilliseconds(999);

    private int calls;

    public string InstanceId => context.InstanceId;
    public int Version => version;
    public DateTimeOffset Now => new(DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Utc));
    public ILogger Log { get; } = context.CreateReplaySafeLogger("TriOps.Workflows");

    /// <summary>True once the code has asked to go on as a new execution.</summary>
    public bool Continues { get; private set; }

    public async Task<TOut> Call<TIn, TOut>(ActivityName<TIn, TOut> activity, TIn input)
    {
        Guard();
        activity.Retry?.Check();
        var who = $"{InstanceId}/{++calls}"; // Durable's own policy knows no jitter.
        for (var attempt = 1; ; attempt++)
        {
            StepFailure failure;
            try { return await context.CallActivityAsync<TOut>(activity.Value, (object?)input); }
            catch (TaskFailedException e) { failure = StepFaultException.Read(e, activity.Value); }
            if (activity.Retry?.After(attempt, failure, who) is not { } wait) throw new StepFailedException(activity.Value, failure);
            await Delay(wait);
        }
    }

    public async Task<TOut> CallWorkflow<TIn, TOut>(WorkflowName<TIn, TOut> workflow, TIn input, string instanceId)
    {
        Guard();
        InstanceIds.Check(instanceId);
        if (instanceId == InstanceId) throw new ArgumentException($"Instance '{instanceId}' cannot wait for itself.", nameof(instanceId));
        try
        {
            return await context.CallSubOrchestratorAsync<TOut>(workflow.Value,
                (object)new WorkflowStart<TIn>(input, InstanceId) { Code = workflow.Version },
                new SubOrchestrationOptions(instanceId: instanceId));
        }
        catch (TaskFailedException e)
        {
            throw new StepFailedException(workflow.Value, StepFaultException.Read(e, $"{workflow.Value} '{instanceId}'"));
        }
    }

    public Task Delay(TimeSpan delay, CancellationToken ct = default)
    {
        Guard();
        if (ct.IsCancellationRequested) return Task.FromCanceled(ct);
        if (delay <= TimeSpan.Zero) return Task.CompletedTask;
        return context.CreateTimer(delay < DateTimeOffset.MaxValue - Now - RoundUp ? (Now + delay + RoundUp).UtcDateTime
            : DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc), ct);
    }

    public async Task<T> WaitForEvent<T>(EventName<T> name)
    {
        Guard();
        var payload = await context.WaitForExternalEvent<T>(name.Value);
        // Durable gives it to the wait of an execution that is over; the next one shall have it.
        if (Continues) context.SendEvent(InstanceId, name.Value, payload!);
        return payload;
    }

    public void SendEvent<T>(string instanceId, EventName<T> name, T payload)
    {
        Guard();
        InstanceIds.Check(instanceId);
        context.SendEvent(instanceId, name.Value, payload!);
    }

    public void SetStatus<T>(T status)
    {
        Guard();
        var size = JsonSerializer.Serialize(status, TriOpsJson.Options).Length;
        if (size > MaxStatusChars)
            throw new ArgumentException($"A custom status of {size} characters is too large; at most {MaxStatusChars} are kept. "
                + $"Publish a summary.", nameof(status));
        context.SetCustomStatus(status);
    }

    public void ContinueAsNew<T>(T input)
    {
        Guard();
        context.SetCustomStatus(null); // It would be the next execution's until that sets one.
        context.ContinueAsNew(new WorkflowStart<T>(input, parent) { Code = current });
        Continues = true;
    }

    private void Guard()
    {
        if (Continues)
            throw new InvalidOperationException(
                "ContinueAsNew must be the last thing an orchestration does: nothing may be asked for after it.");
    }
}
