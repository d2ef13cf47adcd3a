using TriOps.Cli.Api;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;
using TriOps.Core.Experiments;

namespace TriOps.Cli.Workflows;

/// <summary>Reads a run's end. A run has ended when its version is registered or it failed; a deployment may go on for hours
/// after.</summary>
internal sealed class RunWaiter(ApiClient api, Screen screen, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How long the host may be away, and a run that was just started may be unknown.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The run, ended.</summary>
    /// <param name="id">Of the run.</param>
    /// <param name="wait">Whether to wait for its end.</param>
    /// <param name="ct">Cancels the wait; the run goes on.</param>
    /// <exception cref="CliException">It has not ended, and nobody wants to wait (exit 1).</exception>
    public Task<Run> EndAsync(string id, bool wait, CancellationToken ct) => wait
        ? screen.StatusAsync($"waiting for run {id}", now => WaitAsync(id, now, ct))
        : AskAsync(id, ct);

    private async Task<Run> AskAsync(string id, CancellationToken ct) =>
        await api.RunAsync(id, ct) is { Status: not RunStatus.Running } ended ? ended
        : throw new CliException(Exit.Error, "run-unfinished", $"Run {id} has not ended. Wait for it with --wait.");

    private async Task<Run> WaitAsync(string id, Action<string> now, CancellationToken ct)
    {
        var (lost, told) = ((long?)null, false);
        while (true)
        {
            try
            {
                var run = await api.RunAsync(id, ct);
                if (run.Status != RunStatus.Running) return run;
                if (!told) now($"run {id} goes on");
                (lost, told) = (null, true);
            }
            catch (Exception e)
                when (e is HttpRequestException or ApiException { Status: >= 500 } || (e is ApiException { Status: 404 } && !told))
            {
                lost ??= time.GetTimestamp();
                if (time.GetElapsedTime(lost.Value) > Patience) throw;
            }
            await Task.Delay(Pause, time, ct);
        }
    }
}
