using System.Diagnostics;
using TriOps.LocalHost.Hosting;
using TriOps.Testing;

namespace TriOps.LocalHost.Tests.Hosting;

/// <summary>The host as a process, on the tests' Azurite.</summary>
public sealed class HostProcessTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("triops-host-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task Host_Started_SaysWhereItListensAndEndsInOrder()
    {
        if (OperatingSystem.IsWindows()) return; // Ended by a signal.
        using var host = Start(azurite.NewScope());
        var announced = await AnnouncedAsync(host);
        Assert.Equal(host.Id, announced.Pid);
        Assert.DoesNotContain("Key", await File.ReadAllTextAsync(Path.Combine(root, "host.json")), StringComparison.OrdinalIgnoreCase);
        using var http = new HttpClient { BaseAddress = new Uri(announced.Url) };
        Assert.Equal(200, (int)(await http.GetAsync("/healthz")).StatusCode);
        Assert.Equal(200, (int)(await http.GetAsync("/readyz")).StatusCode);
        Assert.Equal(200, (int)(await http.GetAsync("/api/projects")).StatusCode);
        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/api/projects") { Headers = { Host = "evil.example" } };
        Assert.Equal(421, (int)(await http.SendAsync(rebound)).StatusCode);

        using (var kill = Process.Start("kill", ["-TERM", $"{host.Id}"])) await kill.WaitForExitAsync();
        await host.WaitForExitAsync();
        Assert.Equal(0, host.ExitCode);
        Assert.Null(StateFolder.ReadHostFile(root));
    }

    [Fact]
    public async Task Host_WhoseParentGoes_Ends()
    {
        if (OperatingSystem.IsWindows()) return;
        using var parent = Process.Start("sleep", "600");
        using var host = Start(azurite.NewScope(), "--parent-pid", $"{parent.Id}");
        await AnnouncedAsync(host);
        parent.Kill();
        await host.WaitForExitAsync();
        Assert.Equal(0, host.ExitCode);
    }

    [Fact]
    public async Task Host_OnAnotherAddressWithoutAKey_RefusesToStart()
    {
        using var host = Start(azurite.NewScope(), "--address", "0.0.0.0");
        var said = await host.StandardError.ReadToEndAsync();
        await host.WaitForExitAsync();
        Assert.Equal(1, host.ExitCode);
        Assert.Contains("TRIOPS_API_KEY", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("console", true)]
    [InlineData("none", false)]
    public async Task Host_TelemetryToTheConsole_PrintsTheSpansOfRequestsAndElseNothing(string telemetry, bool prints)
    {
        if (OperatingSystem.IsWindows()) return;
        using var host = Start(azurite.NewScope(), telemetry, []);
        var announced = await AnnouncedAsync(host, keepReading: false);
        using var http = new HttpClient { BaseAddress = new Uri(announced.Url) };
        Assert.Equal(200, (int)(await http.GetAsync("/api/projects")).StatusCode);

        using (var kill = Process.Start("kill", ["-TERM", $"{host.Id}"])) await kill.WaitForExitAsync();
        var printed = await host.StandardOutput.ReadToEndAsync();

        Assert.Equal(prints, printed.Contains("Activity.TraceId", StringComparison.Ordinal));
        Assert.Equal(prints, printed.Contains("http.server.request.duration", StringComparison.Ordinal));
    }

    private Process Start(StorageScope scope, params string[] more) => Start(scope, null, more);

    private Process Start(StorageScope scope, string? telemetry, string[] more)
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "TriOps.LocalHost.dll"), "--state", root, "--storage",
            scope.ConnectionString, "--storage-prefix", scope.Prefix, .. more];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardError = true, RedirectStandardOutput = true,
            UseShellExecute = false };
        start.Environment.Remove("TRIOPS_API_KEY");
        if (telemetry is not null) start.Environment["TRIOPS_TELEMETRY"] = telemetry;
        return Process.Start(start)!;
    }

    private async Task<HostFile> AnnouncedAsync(Process host, bool keepReading = true)
    {
        while (await host.StandardOutput.ReadLineAsync() is { } line)
            if (line.StartsWith("TriOps listens on ", StringComparison.Ordinal))
            {
                if (keepReading) _ = host.StandardOutput.ReadToEndAsync();
                return StateFolder.ReadHostFile(root)!;
            }
        throw new Xunit.Sdk.XunitException($"The host ended: {await host.StandardError.ReadToEndAsync()}");
    }
}
