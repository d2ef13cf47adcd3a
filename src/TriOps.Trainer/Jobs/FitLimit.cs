using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Projects;

namespace TriOps.Trainer.Jobs;

/// <summary>Runs fits within their job's time. One that does not react to its limit or to a stop is left behind, and the process ends
/// without it.</summary>
internal sealed class FitLimit(TimeProvider time)
{
    /// <summary>How long a fit may take to react before it is left behind.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    /// <summary>What the fit gives.</summary>
    /// <param name="spec">Has the limit.</param>
    /// <param name="fit">Runs on a thread of its own, and is told when it must end.</param>
    /// <param name="stop">The process is asked to go.</param>
    /// <exception cref="InvalidInputException">It took longer than its limit (code time-limit).</exception>
    public async Task<T> RunAsync<T>(JobSpec spec, Func<CancellationToken, T> fit, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(spec.TimeLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        var running =
            Task.Factory.StartNew(() => fit(both.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            var over = Task.Delay(Timeout.InfiniteTimeSpan, both.Token);
            if (await Task.WhenAny(running, over) == over
                && await Task.WhenAny(running, Task.Delay(Grace, time, CancellationToken.None)) != running)
                throw new OperationCanceledException($"The fit did not react within {Grace}.", both.Token);
            return await running;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested && limit.IsCancellationRequested)
        {
            throw new InvalidInputException("time-limit",
                $"The fit took longer than its limit of {spec.TimeLimit}. Raise '{ProjectKey.TrialTimeout}' in the pipeline's search, or "
                + $"search smaller models.");
        }
    }
}
