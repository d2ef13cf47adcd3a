using System.Diagnostics;
using TriOps.Activities.Triggers;
using TriOps.Compute;
using TriOps.Core.Storage;
using TriOps.Core.Telemetry;

namespace TriOps.LocalHost.Triggers;

/// <summary>Takes messages from the job-events queue to <see cref="JobEventsTrigger"/>. One that fails comes again after ten seconds; after
/// five deliveries, or at once if trying again cannot help, it goes to the poison queue with its reason.</summary>
public sealed class QueuePoller(IQueues queues, JobEventsTrigger trigger, PoisonMessages poison, ProcessCompute trainers,
    TimeProvider time, ILogger<QueuePoller> log) : BackgroundService
{
    private const int Batch = 16;
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(250), Idle = TimeSpan.FromSeconds(2),
        Visibility = TimeSpan.FromSeconds(10);

    /// <summary>Only trainers send here: while none runs, a look now and then is enough.</summary>
    private TimeSpan Pause => trainers.Running > 0 ? Busy : Idle;

    /// <summary>One look. Returns how many messages there were.</summary>
    public async Task<int> PollOnceAsync(CancellationToken ct)
    {
        var messages = await queues.ReceiveAsync(Queues.JobEvents, Batch, Visibility, ct);
        await Task.WhenAll(messages.Select(m => HandleAsync(m, ct)));
        return messages.Count;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await PollOnceAsync(stoppingToken) == 0) await Task.Delay(Pause, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { return; }
            catch (Exception e)
            {
                log.LogWarning(e, "The queue {Queue} could not be read; trying again", Queues.JobEvents);
                await Task.Delay(Idle, time, CancellationToken.None);
            }
        }
    }

    private async Task HandleAsync(QueueMessage message, CancellationToken ct)
    {
        using var span = TriOpsTelemetry.Source.StartActivity("job event", ActivityKind.Consumer);
        try { await trigger.HandleAsync(message.Body, ct); }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.Message);
            if (!PoisonMessages.GivesUp(e, message.Deliveries))
            {
                log.LogWarning(e, "Message {Id} on {Queue}: delivery {Count} of {Attempts} failed", message.Id, Queues.JobEvents,
                    message.Deliveries, PoisonMessages.Attempts);
                return;
            }
            await poison.SetAsideAsync(Queues.JobEvents, message.Body, e, message.Deliveries, ct);
        }
        await queues.CompleteAsync(Queues.JobEvents, message, ct);
    }
}
