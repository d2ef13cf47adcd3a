using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using TriOps.Core;

namespace TriOps.Azurite;

/// <summary>A running Azurite. It ends, and saves its state, when it is disposed or when this process ends in whatever way. Azurite writes
/// its tables and indexes to disk every five seconds and at its end: only killing Azurite itself can lose the last seconds.</summary>
public sealed partial class AzuriteProcess : IAsyncDisposable
{
    private const int LastLines = 30;
    private static readonly TimeSpan StartUp = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopGently = TimeSpan.FromSeconds(15);

    private readonly Process process;
    private readonly Queue<string> lines = new();
    private readonly TaskCompletionSource<AzuriteEndpoints> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, int> ports = [];

    private AzuriteProcess(Process process, string location) => (this.process, Location) = (process, location);

    /// <summary>Where its data lies.</summary>
    public string Location { get; }

    /// <summary>Where it listens.</summary>
    public AzuriteEndpoints Endpoints { get; private set; } = AzuriteEndpoints.Any;

    /// <summary>For the Azure SDKs.</summary>
    public string ConnectionString => Endpoints.ConnectionString;

    /// <summary>Its process id.</summary>
    public int ProcessId => process.Id;

    /// <summary>Ends when Azurite does.</summary>
    public Task Ended => process.WaitForExitAsync();

    /// <summary>What it printed last, for people.</summary>
    public string LastOutput { get { lock (lines) return string.Join('\n', lines); } }

    /// <summary>Starts Azurite on 127.0.0.1 over the data in <paramref name="location"/> and waits until it answers. It takes the ports it
    /// had there before if they are free, so that clients outlive a restart, and free ones otherwise.</summary>
    /// <param name="install">From <see cref="AzuriteInstall.EnsureAsync"/>.</param>
    /// <param name="location">A folder; made if missing. One Azurite at a time: an earlier one that is still ending is waited for.</param>
    /// <param name="ct">Cancels the start.</param>
    /// <exception cref="TriOpsException">It ended or did not answer within a minute (code azurite-start); the message holds its last
    /// lines.</exception>
    public static async Task<AzuriteProcess> StartAsync(AzuriteInstall install, string location, CancellationToken ct)
    {
        location = Path.GetFullPath(location);
        Directory.CreateDirectory(location);
        await AzuriteLocation.WaitUntilFreeAsync(location, ct);
        var before = AzuriteLocation.ReadPorts(location);
        AzuriteProcess azurite;
        try { azurite = await StartAsync(install, location, before, ct); }
        catch (TriOpsException) when (before != AzuriteEndpoints.Any)
        {
            azurite = await StartAsync(install, location, AzuriteEndpoints.Any, ct);
        }
        AzuriteLocation.Remember(location, azurite.Endpoints);
        return azurite;
    }

    private static async Task<AzuriteProcess> StartAsync(AzuriteInstall install, string location, AzuriteEndpoints ports,
        CancellationToken ct)
    {
        var start = new ProcessStartInfo("node") { WorkingDirectory = location, RedirectStandardInput = true,
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] arguments =
            [install.Wrapper, install.Main, "--location", location, "--disableTelemetry", "--skipApiVersionCheck", "--silent",
            "--blobHost", "127.0.0.1", "--queueHost", "127.0.0.1", "--tableHost", "127.0.0.1",
            "--blobPort", Text(ports.Blob), "--queuePort", Text(ports.Queue), "--tablePort", Text(ports.Table)];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);

        var azurite = new AzuriteProcess(new Process { StartInfo = start, EnableRaisingEvents = true }, location);
        azurite.process.OutputDataReceived += (_, e) => azurite.Read(e.Data);
        azurite.process.ErrorDataReceived += (_, e) => azurite.Read(e.Data);
        try
        {
            azurite.process.Start();
            // At once: whoever kills this process now and starts another must find the one that begins.
            AzuriteLocation.Hold(location, azurite.process);
            azurite.process.BeginOutputReadLine();
            azurite.process.BeginErrorReadLine();
            try
            {
                // WaitForExitAsync ends when what it printed has been read too: the event Exited may come before its last lines.
                await Task.WhenAny(azurite.listening.Task, azurite.Ended).WaitAsync(StartUp, ct);
                if (!azurite.listening.Task.IsCompleted) throw azurite.Failed("ended before it listened");
                azurite.Endpoints = await azurite.listening.Task;
            }
            catch (TimeoutException) { throw azurite.Failed($"did not listen within {StartUp.TotalSeconds:0} s"); }
            await azurite.ProbeAsync(ct);
            return azurite;
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }

        static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Stops Azurite: in order within fifteen seconds, else by force.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!IsStarted()) return;
        try { process.StandardInput.Close(); }
        catch (IOException) { /* It has gone already. */ }
        using var patience = new CancellationTokenSource(StopGently);
        try { await process.WaitForExitAsync(patience.Token); }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
        AzuriteLocation.Forget(Location);
        process.Dispose();
    }

    private bool IsStarted()
    {
        try { return process.Id > 0; }
        catch (InvalidOperationException) { return false; } // Never started, or disposed.
    }

    private void Read(string? line)
    {
        if (line is null) return;
        lock (lines)
        {
            if (lines.Count == LastLines) lines.Dequeue();
            lines.Enqueue(line);
            if (Listening().Match(line) is { Success: true } match)
                ports[match.Groups[1].Value] = int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
            if (ports.Count == 3) listening.TrySetResult(new(ports["Blob"], ports["Queue"], ports["Table"]));
        }
    }

    /// <summary>Any answer will do: without a signature it is a refusal.</summary>
    private async Task ProbeAsync(CancellationToken ct)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        try { foreach (var address in Endpoints.All) using (await http.GetAsync(address, ct)) { } }
        catch (HttpRequestException e) { throw Failed($"does not answer ({e.Message})"); }
    }

    private TriOpsException Failed(string what) =>
        new("azurite-start", $"Azurite, the storage emulator, {what} (data in {Location}). Its last lines:\n{LastOutput}");

    [GeneratedRegex(@"Azurite (Blob|Queue|Table) service is successfully listening at http://127\.0\.0\.1:(\d+)")]
    private static partial Regex Listening();
}
