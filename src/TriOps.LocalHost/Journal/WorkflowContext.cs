using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using TriOps.Core;
using TriOps.Core.Workflows;

namespace TriOps.LocalHost.Journal;

/// <summary>The port as an orchestration sees it: each call becomes an action of its <see cref="OrchestrationRun"/>.</summary>
internal sealed class WorkflowContext(OrchestrationRun run, string instanceId, ILogger log) : IWorkflow
{
    private const int MaxStatusBytes = 16 * 1024;
    private int ids;

    public string InstanceId => instanceId;
    public string Version => run.Start.Version;
    public DateTimeOffset Now => run.Now;
    public bool IsReplaying => run.IsReplaying;
    public ILogger Log { get; } = new ReplaySafeLogger(log, () => run.IsReplaying);

    /// <summary>From instance, execution, its start and a counter (RFC 9562 version 8: SHA-256).</summary>
    public Guid NewGuid()
    {
        run.Guard();
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{instanceId}|{run.Start.Execution}|{run.Start.At.UtcTicks}|{ids++}"), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    public Task<TOut> Call<TIn, TOut>(ActivityName<TIn, TOut> activity, TIn input, Retry? retry = null) =>
        WithRetry(retry, async () => (await run.Schedule(seq => new StepScheduled(Now, seq, activity.Value) { Data = Payload.Of(input) })).Read<TOut>());

    public Task<TOut> CallWorkflow<TIn, TOut>(WorkflowName<TIn, TOut> workflow, TIn input, string? instanceId = null, Retry? retry = null)
    {
        var child = instanceId ?? NewGuid().ToString("N");
        InstanceIds.Check(child);
        if (child == InstanceId) throw new ArgumentException($"Instance '{child}' cannot wait for itself.", nameof(instanceId));
        return WithRetry(retry, async () => (await run.Schedule(seq => new ChildScheduled(Now, seq, workflow.Value, child) { Data = Payload.Of(input) })).Read<TOut>());
    }

    public Task Delay(TimeSpan delay, CancellationToken ct = default)
    {
        run.Guard();
        if (ct.IsCancellationRequested) return Task.FromCanceled(ct);
        var due = delay <= TimeSpan.Zero ? Now : delay < DateTimeOffset.MaxValue - Now ? Now + delay : DateTimeOffset.MaxValue;
        return run.Schedule(seq => new TimerCreated(Now, seq, due),
            ct.CanBeCanceled ? seq => ct.UnsafeRegister(_ => run.CancelTimer(seq, ct), null) : null);
    }

    public async Task<T> WaitForEvent<T>(EventName<T> name)
    {
        run.Guard();
        return (await run.Events.Wait(name.Value, typeof(T)).Task).Read<T>();
    }

    public async Task<EventOutcome<T>> WaitForEvent<T>(EventName<T> name, TimeSpan timeout)
    {
        run.Guard();
        if (timeout == Timeout.InfiniteTimeSpan) return new(true, await WaitForEvent(name));
        var wait = run.Events.Wait(name.Value, typeof(T));
        if (!wait.Task.IsCompleted)
        {
            using var arrived = new CancellationTokenSource();
            var timer = Delay(timeout, arrived.Token);
            await Task.WhenAny(wait.Task, timer);
            if (!wait.Task.IsCompleted)
            {
                run.Events.Abandon(name.Value, wait);
                return new(false, default);
            }
            arrived.Cancel();
        }
        return new(true, (await wait.Task).Read<T>());
    }

    public void SendEvent<T>(string instanceId, EventName<T> name, T payload)
    {
        InstanceIds.Check(instanceId);
        run.Emit(seq => new EventSent(Now, seq, name.Value, instanceId) { Data = Payload.Of(payload) });
    }

    public void SetStatus<T>(T status)
    {
        run.Guard();
        var json = JsonSerializer.SerializeToElement(status, TriOpsJson.Options);
        var size = new Payload { Content = json }.Size;
        if (size > MaxStatusBytes) throw new ArgumentException($"A custom status of {size} bytes is too large; at most {MaxStatusBytes} are kept. Publish a summary.", nameof(status));
        run.CustomStatus = json;
    }

    public void ContinueAsNew<T>(T input) => run.ContinueWith(Payload.Of(input));

    private async Task<T> WithRetry<T>(Retry? retry, Func<Task<T>> once)
    {
        if (retry is null) return await once();
        RetryClock.Check(retry);
        var first = Now;
        for (var attempt = 1; ; attempt++)
        {
            try { return await once(); }
            catch (StepFailedException e) when (RetryClock.Next(retry, attempt, first, Now, e.Failure) is not null)
            {
                await Delay(RetryClock.Next(retry, attempt, first, Now, e.Failure)!.Value);
            }
        }
    }
}
