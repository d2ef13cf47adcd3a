using System.Text.Json;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Host;
using TriOps.Cli.Tests.Fakes;

namespace TriOps.Cli.Tests.Host;

public sealed class StateDirectoryTests : IDisposable
{
    private readonly TestCli cli = new();

    private string Path => System.IO.Path.Combine(cli.Folder, "state");

    [Fact]
    public void Delete_DirectoryOfOurs_IsGone()
    {
        var state = new StateDirectory(Path);
        state.Create();
        File.WriteAllText(state.File("data"), "x");

        state.DeleteIfOurs();

        Assert.False(Directory.Exists(Path));
    }

    [Fact]
    public void Delete_DirectoryOfSomebodyElse_IsRefusedAndKept()
    {
        Directory.CreateDirectory(Path);
        File.WriteAllText(System.IO.Path.Combine(Path, "thesis.txt"), "years of work");
        var state = new StateDirectory(Path);
        state.Create();

        var e = Assert.Throws<CliException>(state.DeleteIfOurs);

        Assert.Equal(Exit.Usage, e.ExitCode);
        Assert.True(File.Exists(state.File("thesis.txt")));
    }

    [Fact]
    public void Delete_HostRunsOnIt_IsRefused()
    {
        var state = new StateDirectory(Path);
        state.Create();
        WriteHost(state, Environment.ProcessId);

        Assert.Contains("runs on", Assert.Throws<CliException>(state.DeleteIfOurs).Message);
        Assert.True(Directory.Exists(Path));
    }

    [Fact]
    public void ReadHost_ProcessHasDied_IsNone()
    {
        var state = new StateDirectory(Path);
        state.Create();
        WriteHost(state, int.MaxValue);

        Assert.Null(state.ReadHost());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"url\":")]
    [InlineData("{}")]
    public void ReadHost_HalfWrittenFile_IsNone(string text)
    {
        var state = new StateDirectory(Path);
        state.Create();
        File.WriteAllText(state.File("host.json"), text);

        Assert.Null(state.ReadHost());
    }

    private static void WriteHost(StateDirectory state, int pid) =>
        File.WriteAllText(state.File("host.json"),
            JsonSerializer.Serialize(new { url = "http://127.0.0.1:5000", pid, startedAt = "2026-01-01T00:00:00Z" }));

    public void Dispose() => cli.Dispose();
}
