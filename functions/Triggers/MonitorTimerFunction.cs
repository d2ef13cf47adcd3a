using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using TriOps.Activities.Triggers;
using TriOps.Durable;

namespace TriOps.Functions.Triggers;

/// <summary>Starts the checks of deployments that have come due, and closes what ended workflows left open. Every five minutes: a check is
/// at most so late, and an idle app sleeps in between.</summary>
public sealed class MonitorTimerFunction(MonitorTimer timer, DurableConnection connection, TimeProvider time)
{
    /// <summary>One tick; a missed one is made up for by the next.</summary>
    [Function("MonitorTimer")]
    public Task RunAsync([TimerTrigger("0 */5 * * * *")] TimerInfo info, [DurableClient] DurableTaskClient client, FunctionContext context)
    {
        connection.Use(client);
        return timer.HandleAsync(time.GetUtcNow(), context.CancellationToken);
    }
}
