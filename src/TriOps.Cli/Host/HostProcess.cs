using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using TriOps.Cli.Api;
using TriOps.Cli.CommandLine;

namespace TriOps.Cli.Host;

/// <summary>A local host: one that this process started and stops, or one that was there and stays.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    /// <summary>The first start installs Azurite through npm, which takes minutes on a slow line.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly Process? process;
    private readonly LogTail log;

    private HostProcess(Process? process, LogTail log) => (this.process, this.log) = (process, log);

    /// <summary>Where it listens.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>Whether this process started it, and will stop it.</summary>
    public bool IsOwn => process is not null;

    /// <summary>Completes when an own host has ended.</summary>
    public Task Ended => process is null ? Task.Delay(Timeout.Infinite) : process.WaitForExitAsync();

    /// <summary>Joins the host of the state directory, or starts one and waits until it is ready.</summary>
    /// <param name="state">Its state.</param>
    /// <param name="port">Of the API; 0 for any free one.</param>
    /// <param name="program">The command to run: file, then its first arguments.</param>
    /// <param name="progress">What it is doing, for people.</param>
    /// <param name="trouble">Errors that it logs once it is ready.</param>
    /// <param name="ct">Cancels the start, and stops what was started.</param>
    /// <exception cref="CliException">It ended, or was not ready in time; the details hold its last lines.</exception>
    public static async Task<HostProcess> StartAsync(StateDirectory state, int port, IReadOnlyList<string> program,
        Action<string> progress, Action<string> trouble, CancellationToken ct)
    {
        state.Create();
        if (state.ReadHost() is { } running)
        {
            using var api = new ApiClient(running.Url, null);
            if (await api.IsReadyAsync(ct)) return new(null, new LogTail(null)) { Url = running.Url };
        }
        var log = new LogTail(state.Log, progress, trouble);
        var host = new HostProcess(Start(state, port, program, log), log);
        try
        {
            await host.WaitUntilReadyAsync(state, ct);
            log.BeQuiet();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Its last lines.</summary>
    public IReadOnlyList<string> LastLines => log.Lines;

    private static Process Start(StateDirectory state, int port, IReadOnlyList<string> program, LogTail log)
    {
        var start =
            new ProcessStartInfo(program[0]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] own = ["--state", state.Path, "--port", port.ToString(CultureInfo.InvariantCulture), "--parent-pid",
            Environment.ProcessId.ToString(CultureInfo.InvariantCulture)];
        foreach (var argument in program.Skip(1).Concat(own)) start.ArgumentList.Add(argument);
        Process process;
        try { process = Process.Start(start)!; }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new CliException(Exit.Error, "host-not-started",
                $"'{program[0]}' does not start: {e.Message} Install the .NET SDK, or put it on PATH; 'triops doctor' looks at it.");
        }
        process.OutputDataReceived += (_, line) => log.Add(line.Data);
        process.ErrorDataReceived += (_, line) => log.Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task WaitUntilReadyAsync(StateDirectory state, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        ApiClient? api = null;
        try
        {
            while (true)
            {
                if (process!.HasExited)
                {
                    await process.WaitForExitAsync(ct); // also flushes its last lines
                    throw new CliException(Exit.Error, "host-ended",
                    $"The local host ended with code {process.ExitCode} before it was ready. Its last lines follow; all of them are in "
                    + $"{state.Log}. 'triops doctor' checks what it needs.", LastLines);
                }
                if (clock.Elapsed > StartLimit)
                    throw new CliException(Exit.Error, "host-slow",
                        $"The local host was not ready after {StartLimit.TotalMinutes:0} minutes. Its last lines follow; all of them are "
                        + $"in {state.Log}.", LastLines);
                if (api is null && state.ReadHost() is { } file && file.Pid == process.Id) (api, Url)
                    = (new ApiClient(file.Url, null), file.Url);
                if (api is not null && await api.IsReadyAsync(ct)) return;
                await Task.Delay(Look, ct);
            }
        }
        finally { api?.Dispose(); }
    }

    /// <summary>Asks an own host to end, and ends it when it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (process is null) return;
        try
        {
            if (!process.HasExited)
            {
                using var limit = new CancellationTokenSource(StopLimit);
                if (OperatingSystem.IsWindows()) process.Kill(entireProcessTree: true); else _ = Signal(process.Id, Terminate);
                try { await process.WaitForExitAsync(limit.Token); }
                catch (OperationCanceledException) { process.Kill(entireProcessTree: true); }
            }
        }
        finally
        {
            process.Dispose();
            log.Dispose();
        }
    }

    private const int Terminate = 15; // SIGTERM

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int pid, int signal);
}
