using System.Diagnostics;
using System.Globalization;

namespace TriOps.Compute;

/// <summary> What is known of attempts, as files that outlive the host: .triops/jobs/{job}-{attempt}.pid holds the id of a process that was
/// started, .log what it prints; .pid becomes .ended when it is over. The process writes its own .pid file, as its first act, and only if
/// there is none: that is what keeps a host that crashed between start and note from starting an attempt twice.
/// </summary>
public sealed class AttemptFolder
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(7);
    private readonly string folder;
    private readonly TimeProvider time;

    /// <summary>Opens or makes the folder; traces of attempts that ended a week ago are removed.</summary>
    public AttemptFolder(string folder, TimeProvider time)
    {
        (this.folder, this.time) = (Path.GetFullPath(folder), time);
        Directory.CreateDirectory(this.folder);
        foreach (var file in Directory.EnumerateFiles(this.folder, "*.ended"))
            if (time.GetUtcNow() - File.GetLastWriteTimeUtc(file) > Keep) File.Delete(file);
    }

    /// <summary>Where the attempt's process writes its id.</summary>
    public string PidFile(JobKey job) => FileOf(job, "pid");

    /// <summary>Where what it prints goes.</summary>
    public string LogFile(JobKey job) => FileOf(job, "log");

    /// <summary>True: it was started and is over.</summary>
    public bool HasEnded(JobKey job) => File.Exists(FileOf(job, "ended"));

    /// <summary>Attempts with a process id: running, or ended while no host was there to see it.</summary>
    public IEnumerable<JobKey> Started() => Directory.EnumerateFiles(folder, "*.pid").Select(JobKey.OfFile).OfType<JobKey>();

    /// <summary>The attempt's process if it is alive. A process that took over the id later is another one: it started after the file was
    /// written.</summary>
    public Process? FindProcess(JobKey job)
    {
        var file = PidFile(job);
        try
        {
            if (!int.TryParse(File.ReadAllText(file).AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                return null;
            var process = Process.GetProcessById(id);
            if (!process.HasExited && process.StartTime.ToUniversalTime() <= File.GetLastWriteTimeUtc(file) + TimeSpan.FromSeconds(1))
                return process;
            process.Dispose();
        }
        catch (Exception e) when (e is FileNotFoundException or ArgumentException or InvalidOperationException) { /* None, or gone. */ }
        return null;
    }

    /// <summary>Notes that the attempt is over.</summary>
    public void MarkEnded(JobKey job)
    {
        var ended = FileOf(job, "ended");
        if (File.Exists(PidFile(job))) File.Move(PidFile(job), ended, overwrite: true);
        else File.WriteAllText(ended, "");
        File.SetLastWriteTimeUtc(ended, time.GetUtcNow().UtcDateTime);
        File.Delete(LogFile(job));
    }

    private string FileOf(JobKey job, string extension) => Path.Combine(folder, $"{job.FileName}.{extension}");
}

/// <summary>Names an attempt.</summary>
public sealed record JobKey(string JobId, int Attempt)
{
    /// <summary>Safe as a file's name, and readable back.</summary>
    public string FileName => $"{Uri.EscapeDataString(JobId)}-{Attempt.ToString(CultureInfo.InvariantCulture)}";

    internal static JobKey? OfFile(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var dash = name.LastIndexOf('-');
        return dash > 0 && int.TryParse(name[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            ? new(Uri.UnescapeDataString(name[..dash]), attempt) : null;
    }
}
