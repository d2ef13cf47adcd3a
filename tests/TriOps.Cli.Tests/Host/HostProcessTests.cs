using TriOps.Cli.CommandLine;
using TriOps.Cli.Host;
using TriOps.Cli.Tests.Fakes;

namespace TriOps.Cli.Tests.Host;

/// <summary>The host's part is played by shell scripts, so these run where there is a shell.</summary>
public sealed class HostProcessTests : IDisposable
{
    private readonly TestCli cli = new();

    [Fact]
    public async Task Start_HostDies_FailsWithItsLastLines()
    {
        if (OperatingSystem.IsWindows()) return;
        var state = new StateDirectory(Path.Combine(cli.Folder, "state"));
        var told = new List<string>();

        var e = await Assert.ThrowsAsync<CliException>(
            () => HostProcess.StartAsync(state, 0, Script("echo starting; echo no node on this machine >&2; exit 7"), told.Add,
            _ => { }, default));

        Assert.Equal("host-ended", e.Code);
        Assert.Contains("code 7", e.Message);
        Assert.Contains("no node on this machine", e.Details);
        Assert.Contains("starting", told);
        Assert.Contains("no node on this machine", await File.ReadAllTextAsync(state.Log));
    }

    [Fact]
    public async Task Start_HostWritesItsFileAndIsReady_IsJoinedAndStopped()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var api = await FakeHost.StartAsync();
        api.On("GET /readyz", new { }, 503).On("GET /readyz", new { });
        var state = new StateDirectory(Path.Combine(cli.Folder, "state"));
        var ended = Path.Combine(cli.Folder, "ended");
        var script =
            $$"""trap 'echo bye > {{ended}}; exit 0' TERM; printf '{"url":"{{api.Url}}","pid":%d}' $$ > "$2/host.json"; while :; do sleep 0.05; done""";

        var host = await HostProcess.StartAsync(state, 0, Script(script), _ => { }, _ => { }, default);
        Assert.True(host.IsOwn);
        Assert.Equal(new Uri(api.Url), host.Url);
        await host.DisposeAsync();

        Assert.Equal("bye", (await File.ReadAllTextAsync(ended)).Trim());
    }

    [Fact]
    public async Task Start_AHostRunsOnTheState_IsJoinedAndNotStopped()
    {
        await using var api = await FakeHost.StartAsync();
        api.On("GET /readyz", new { });
        var state = new StateDirectory(Path.Combine(cli.Folder, "state"));
        state.Create();
        await File.WriteAllTextAsync(state.File("host.json"), $$"""{"url":"{{api.Url}}","pid":{{Environment.ProcessId}}}""");

        await using var host = await HostProcess.StartAsync(state, 0, ["no-such-program"], _ => { }, _ => { }, default);

        Assert.False(host.IsOwn);
    }

    [Fact]
    public async Task Start_NoSuchProgram_SaysSo()
    {
        var state = new StateDirectory(Path.Combine(cli.Folder, "state"));

        var e = await Assert.ThrowsAsync<CliException>(
            () => HostProcess.StartAsync(state, 0, ["no-such-program-here"], _ => { }, _ => { }, default));

        Assert.Contains("no-such-program-here", e.Message);
    }

    [Fact]
    public void Find_ProgramInNeitherPlace_NamesBoth()
    {
        var e = Assert.Throws<CliException>(() => HostProgram.Find(cli.Folder));

        Assert.Contains(cli.Folder, e.Message);
        Assert.Contains("TriOps.LocalHost", e.Message);
    }

    /// <summary>sh runs the script; the host's own arguments follow as $1 "--state", $2 …</summary>
    private static string[] Script(string script) => ["sh", "-c", script, "sh"];

    public void Dispose() => cli.Dispose();
}
