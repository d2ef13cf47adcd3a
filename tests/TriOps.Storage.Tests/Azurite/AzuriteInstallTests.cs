using TriOps.Azurite;
using TriOps.Core;

namespace TriOps.Storage.Tests.Azurite;

/// <summary>Node.js and npm are played by shell scripts.</summary>
public sealed class AzuriteInstallTests : IDisposable
{
    private const string InstallsAfterGo = """
        echo one >> "$(dirname "$0")/runs"
        while [ ! -e "$(dirname "$0")/go" ]; do sleep 0.02; done
        mkdir -p node_modules/azurite/dist/src && touch node_modules/azurite/dist/src/azurite.js
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("triops-install-").FullName;

    private string Cache => Path.Combine(folder, "cache");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Install_NodeMissing_SaysWhatIsNeeded()
    {
        var error = await Refused(new NodeTools(Path.Combine(folder, "no-node"), "npm"));
        Assert.Equal("node-missing", error.Code);
        Assert.Contains("Node.js 20 or newer with npm", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_NodeTooOld_SaysWhichIsThereAndWhichIsNeeded()
    {
        if (OperatingSystem.IsWindows()) return;
        var error = await Refused(new NodeTools(Script("node", "echo v18.20.4"), Script("npm", "exit 0")));
        Assert.Equal("node-too-old", error.Code);
        Assert.Contains("v18.20.4", error.Message, StringComparison.Ordinal);
        Assert.Contains("version 20 or newer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_NpmMissing_SaysThatItIsNpm()
    {
        if (OperatingSystem.IsWindows()) return;
        var error = await Refused(new NodeTools(Node(), Path.Combine(folder, "no-npm")));
        Assert.Equal("node-missing", error.Code);
        Assert.Contains("no-npm", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_NpmFails_ShowsItsLastLinesAndLeavesNothing()
    {
        if (OperatingSystem.IsWindows()) return;
        var error =
            await Refused(
            new NodeTools(Node(), Script("npm", "mkdir node_modules; echo 'npm error network ENOTFOUND registry' >&2; exit 1")));
        Assert.Equal("azurite-install", error.Code);
        Assert.Contains("npm error network ENOTFOUND registry", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(Cache));
    }

    [Fact]
    public async Task Install_NodeGoneAfterwards_SaysSoInsteadOfFailingToStart()
    {
        if (OperatingSystem.IsWindows()) return;
        File.WriteAllText(Path.Combine(folder, "go"), "");
        await Install(new NodeTools(Node(), Script("npm", InstallsAfterGo)));
        Assert.Equal("node-missing", (await Refused(new NodeTools(Path.Combine(folder, "no-node"), "npm"))).Code);
    }

    [Fact]
    public async Task Install_TwoAtOnce_OneInstallsAndBothHaveIt()
    {
        if (OperatingSystem.IsWindows()) return;
        var tools = new NodeTools(Node(), Script("npm", InstallsAfterGo));

        var both = new[] { Task.Run(() => Install(tools)), Task.Run(() => Install(tools)) };
        File.WriteAllText(Path.Combine(folder, "go"), "");
        var installs = await Task.WhenAll(both);

        Assert.Equal(installs[0], installs[1]);
        Assert.True(File.Exists(installs[0].Main));
        Assert.Single(await File.ReadAllLinesAsync(Path.Combine(folder, "runs")));
    }

    [Fact]
    public async Task Install_LeftHalfDoneByAKilledProcess_IsDoneAgain()
    {
        if (OperatingSystem.IsWindows()) return;
        File.WriteAllText(Path.Combine(folder, "go"), "");
        var tools = new NodeTools(Node(), Script("npm", InstallsAfterGo));
        var install = await Install(tools);
        Directory.Move(install.Folder, install.Folder + ".part");
        File.Delete(install.Main.Replace(install.Folder, install.Folder + ".part", StringComparison.Ordinal));

        Assert.True(File.Exists((await Install(tools)).Main));
        Assert.False(Directory.Exists(install.Folder + ".part"));
    }

    private string Node() => Script("node", "echo v22.1.0");

    private string Script(string name, string body)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, "#!/bin/sh\n" + body + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }

    private Task<AzuriteInstall> Install(NodeTools tools) => AzuriteInstall.EnsureAsync(tools, null, Cache, CancellationToken.None);

    private async Task<TriOpsException> Refused(NodeTools tools) => await Assert.ThrowsAsync<TriOpsException>(() => Install(tools));
}
