using TriOps.Cli.CommandLine;
using TriOps.Cli.Doctor;
using TriOps.Cli.Host;

namespace TriOps.Cli.Tests.Commands;

public sealed class DoctorTests
{
    [Fact]
    public async Task Doctor_HealthyMachineWithoutHost_FailsNothing()
    {
        var findings = await ExamineAsync(new FakeMachine());

        Assert.DoesNotContain(findings, f => f.Health == Health.Failed);
        Assert.Equal("Start one: triops up", findings.Single(f => f.Name == "host").Todo);
    }

    [Theory]
    [InlineData("node", "v18.2.0", "Node.js")]
    [InlineData("node", null, "Node.js")]
    [InlineData("npm", null, "npm")]
    public async Task Doctor_ToolMissingOrOld_FailsItWithWhatToDo(string program, string? version, string name)
    {
        var machine = new FakeMachine();
        machine.Versions[program] = version;

        var finding = (await ExamineAsync(machine)).Single(f => f.Name == name);

        Assert.Equal(Health.Failed, finding.Health);
        Assert.Contains("Install", finding.Todo);
    }

    [Fact]
    public async Task Doctor_DiskNearlyFull_Fails()
    {
        Assert.Equal(Health.Failed, (await ExamineAsync(new FakeMachine { Disk = 100 << 20 })).Single(f => f.Name == "disk").Health);
    }

    [Fact]
    public async Task Doctor_NoOpenMp_NamesThePackage()
    {
        if (!OperatingSystem.IsLinux()) return;
        Assert.Contains("libgomp1", (await ExamineAsync(new FakeMachine { OpenMp = false })).Single(f => f.Name == "OpenMP").Todo);
    }

    private static Task<IReadOnlyList<Finding>> ExamineAsync(FakeMachine machine) =>
        new Examination(machine, new StateDirectory("/state"), () => throw new CliException(Exit.Unreachable, "no-host", "none"))
            .RunAsync(default);

    private sealed class FakeMachine : IMachine
    {
        public Dictionary<string, string?> Versions { get; } = new() { ["node"] = "v20.1.0", ["npm"] = "10.0.0", ["npm.cmd"] = "10.0.0" };

        public long Disk { get; init; } = 100L << 30;

        public bool OpenMp { get; init; } = true;

        public long Memory => 16L << 30;

        public Task<string?> VersionAsync(string program, string argument, CancellationToken ct) =>
            Task.FromResult(Versions.TryGetValue(program, out var version) ? version : "10.0.100");

        public long DiskFree(string path) => Disk;

        public bool Loads(string library) => OpenMp;

        public bool CanListen() => true;

        public IReadOnlyList<string> AzuriteInstalls() => [];
    }
}
