using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using TriOps.Core;
using TriOps.Core.Settings;

namespace TriOps.Compute;

/// <summary>Starts and stops a trainer's process.</summary>
internal static class TrainerProcess
{
    private const int SigTerm = 15;

    /// <summary>Notes its own process id in the given file, which must not exist, then becomes the trainer, printing into the log file.
    /// Ctrl-C in the host's terminal is the host's business.</summary>
    private const string Launcher = "trap '' INT; set -C; echo $$ > \"$1\" || exit 70; set +C; exec >> \"$2\" 2>&1 < /dev/null; shift 2; "
        + "exec \"$@\"";

    public static Process Start(ProcessComputeOptions options, JobKey job, AttemptFolder folder)
    {
        string[] command =
            [.. options.Command(), "--job", job.JobId, "--attempt",
            job.Attempt.ToString(System.Globalization.CultureInfo.InvariantCulture)];
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo(command[0], command[1..])
            : new ProcessStartInfo("/bin/sh", ["-c", Launcher, "trainer", folder.PidFile(job), folder.LogFile(job), .. command]);
        (start.UseShellExecute, start.WorkingDirectory) = (false, options.Folder);
        foreach (var (name, value) in options.Environment) start.Environment[name] = value;
        start.Environment.Remove(SettingNames.ApiKey);
        if (Activity.Current?.Id is { } trace) start.Environment["TRACEPARENT"] = trace;
        try
        {
            var process = Process.Start(start)!;
            if (OperatingSystem.IsWindows())
                File.WriteAllText(folder.PidFile(job), process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
            return process;
        }
        catch (Win32Exception e)
        {
            throw new TriOpsException("trainer-start",
                $"The trainer of job {job.JobId} could not be started ({start.FileName}): {e.Message}.", e);
        }
    }

    /// <summary>Asks the process to end; where that cannot be asked, ends it.</summary>
    public static void Terminate(Process process)
    {
        if (OperatingSystem.IsWindows()) Kill(process);
        else _ = SendSignal(process.Id, SigTerm);
    }

    /// <summary>Ends the process and its children.</summary>
    public static void Kill(Process process)
    {
        try { process.Kill(entireProcessTree: true); }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception) { /* Gone. */ }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
