using TriOps.Azurite;
using Xunit;

namespace TriOps.Testing;

/// <summary>One Azurite for all tests of a process, in a folder of its own that goes with it. Use it as
/// <c>IClassFixture&lt;AzuriteFixture&gt;</c>: classes share it and still run in parallel. What a test stores is kept apart by its
/// <see cref="StorageScope"/>.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private static readonly Lazy<Task<AzuriteProcess>> Shared = new(StartAsync);

    /// <summary>For the Azure SDKs.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Names for one test that no other test uses.</summary>
    public StorageScope NewScope() => StorageScope.New(ConnectionString);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => ConnectionString = (await Shared.Value).ConnectionString;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<AzuriteProcess> StartAsync()
    {
        var install = await AzuriteInstall.EnsureAsync(null, CancellationToken.None);
        var folder = TempFolders.Create("azurite");
        var azurite = await AzuriteProcess.StartAsync(install, folder, CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            azurite.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(6));
            Directory.Delete(folder, recursive: true);
        };
        return azurite;
    }
}
