using TriOps.Cli.CommandLine;

namespace TriOps.Cli.Host;

/// <summary>Stays with a host until Ctrl-C.</summary>
internal static class HostWatch
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>0 after Ctrl-C.</summary>
    /// <exception cref="CliException">The host ended by itself (exit 1); the details hold its last lines.</exception>
    public static async Task<int> StayAsync(HostProcess host, StateDirectory state, CancellationToken ct)
    {
        var stopped = Task.Delay(Timeout.Infinite, ct);
        await Task.WhenAny(host.Ended, stopped);
        // a terminal's Ctrl-C reaches the host too, and it may be the first to act on it
        await Task.WhenAny(stopped, Task.Delay(Grace, CancellationToken.None));
        if (ct.IsCancellationRequested) return Exit.Ok;
        throw new CliException(Exit.Error, "host-ended",
            $"The local host ended by itself. Its last lines follow; all of them are in {state.Log}. Start it again: its state is kept.",
            host.LastLines);
    }
}
