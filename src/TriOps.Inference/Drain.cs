using Microsoft.AspNetCore.Hosting.Server;

namespace TriOps.Inference;

/// <summary>How long the parts of an end may take. A container is killed 30 s after SIGTERM, unless it is told otherwise.</summary>
public sealed record DrainLimits
{
    /// <value>How long requests are still taken after SIGTERM, while /readyz says no: what sends them needs a moment to notice. 2 s by
    /// default.</value>
    public TimeSpan Notice { get; init; } = TimeSpan.FromSeconds(2);

    /// <value>How long the requests that are open then may take before their connections are cut; 10 s by default. The inference log is
    /// written after that.</value>
    public TimeSpan Requests { get; init; } = TimeSpan.FromSeconds(10);

    /// <value>All of it, the inference log's flush (10 s at most) included; 25 s by default.</value>
    public TimeSpan Everything { get; init; } = TimeSpan.FromSeconds(25);
}

/// <summary>An orderly end: notice, then no new connections, then the open requests, within limits that leave time for the inference
/// log.</summary>
/// <remarks>The host runs this before it stops anything, and flushes the log last: records of the last request are written too.</remarks>
internal sealed class Drain(IServer server, DrainLimits limits, TimeProvider time, ILogger<Drain> log) : IHostedLifecycleService
{
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        log.LogInformation("Asked to end: requests are taken for {Notice} s more, open ones have {Requests} s after that.",
            limits.Notice.TotalSeconds, limits.Requests.TotalSeconds);
        await Task.Delay(limits.Notice, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var limit = new CancellationTokenSource(limits.Requests, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await server.StopAsync(both.Token);
        if (limit.IsCancellationRequested)
            log.LogWarning("Requests were still open {Requests} s after the last was taken: their connections were cut.",
                limits.Requests.TotalSeconds);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
