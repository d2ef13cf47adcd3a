using System.Diagnostics;

namespace TriOps.LocalHost.Journal;

/// <summary>Who this host is, and whether another still lives.</summary>
public sealed class HostIdentity
{
    private static readonly TimeSpan StartTolerance = TimeSpan.FromSeconds(5);
    private readonly DateTimeOffset started;
    private readonly int process;

    /// <summary>This process, as a host of its own.</summary>
    public HostIdentity()
    {
        using var me = Process.GetCurrentProcess();
        (process, started) = (me.Id, me.StartTime.ToUniversalTime());
    }

    /// <summary>New with every start.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The row that says this host lives until <paramref name="until"/>.</summary>
    public JournalHost Row(DateTimeOffset until) => new(Id, Environment.MachineName, process, started, until);

    /// <summary>True while a host's lease runs, unless its process is known to be gone.</summary>
    public static bool IsAlive(JournalHost host, DateTimeOffset now) =>
        host.Until > now && (host.Machine != Environment.MachineName || Runs(host.Process, host.ProcessStarted));

    private static bool Runs(int process, DateTimeOffset started)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return (found.StartTime.ToUniversalTime() - started).Duration() < StartTolerance;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException) { return false; } // no such process, or it has just ended
        catch (System.ComponentModel.Win32Exception) { return true; } // it runs, and belongs to somebody else
    }
}
