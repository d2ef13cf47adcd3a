using System.Runtime.CompilerServices;
using TriOps.Azurite;

namespace TriOps.EndToEnd.Tests;

/// <summary>A folder with a state and an Azurite of its own.</summary>
internal sealed class Sandbox : IAsyncDisposable
{
    private readonly AzuriteInstall install;

    private Sandbox(AzuriteInstall install, AzuriteProcess azurite, string folder) =>
        (this.install, Azurite, Folder) = (install, azurite, folder);

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    public string Folder { get; }

    public string State => Path.Combine(Folder, "state");

    public AzuriteProcess Azurite { get; private set; }

    public static async Task<Sandbox> CreateAsync()
    {
        var install = await AzuriteInstall.EnsureAsync(null, CancellationToken.None);
        var folder = Testing.TempFolders.Create("e2e");
        return new(install, await AzuriteProcess.StartAsync(install, Path.Combine(folder, "azurite"), CancellationToken.None), folder);
    }

    /// <summary>A host over this state; <see cref="HostUnderTest.StartAsync"/> starts it.</summary>
    public HostUnderTest NewHost()
    {
        Directory.CreateDirectory(State);
        return new(State, Azurite.ConnectionString, Program("TriOps.KillableHost"));
    }

    /// <summary>A project's program, built beside the tests.</summary>
    public static string Program(string project)
    {
        var configuration = Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/'))) == "TriOps.EndToEnd.Tests"
            ? Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')) : "debug";
        return Path.Combine(Root, "artifacts", "bin", project, configuration, $"{project}.dll");
    }

    public Task StopAzuriteAsync() => Azurite.DisposeAsync().AsTask();

    public async Task StartAzuriteAsync() =>
        Azurite = await AzuriteProcess.StartAsync(install, Path.Combine(Folder, "azurite"), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Azurite.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static string FindRoot([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
