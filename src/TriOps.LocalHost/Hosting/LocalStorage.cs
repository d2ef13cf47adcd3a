using TriOps.Azurite;
using TriOps.Storage;

namespace TriOps.LocalHost.Hosting;

/// <summary>The host's storage: what it was given, or an Azurite of its own, started again when it ends unasked.</summary>
public sealed class LocalStorage : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly Task watch;
    private AzuriteProcess? azurite;

    private LocalStorage(StorageOptions options, AzuriteInstall? install, AzuriteProcess? azurite)
    {
        (Options, this.azurite) = (options, azurite);
        watch = azurite is null ? Task.CompletedTask : WatchAsync(install!);
    }

    /// <summary>How to reach it.</summary>
    public StorageOptions Options { get; }

    /// <summary>Whether it is an Azurite of the host's own, in the state folder.</summary>
    public bool IsOwn => azurite is not null;

    /// <summary>Checks what was given, or installs and starts Azurite.</summary>
    public static async Task<LocalStorage> StartAsync(HostArguments arguments, StateFolder state, CancellationToken ct)
    {
        if (arguments.Storage is { } given) return new(StorageOptions.Parse(given, arguments.Prefix), null, null);
        DiskWatch.Demand(state.Root, DiskWatch.FreeAt(state.Root));
        var install = await AzuriteInstall.EnsureAsync(Console.Error.WriteLine, ct);
        var azurite = await AzuriteProcess.StartAsync(install, state.Azurite, ct);
        return new(new StorageOptions(azurite.ConnectionString, Prefix: arguments.Prefix).Validated(), install, azurite);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await watch;
        if (azurite is not null) await azurite.DisposeAsync();
        stopping.Dispose();
    }

    private async Task WatchAsync(AzuriteInstall install)
    {
        while (true)
        {
            try
            {
                await azurite!.Ended.WaitAsync(stopping.Token);
                await Console.Error.WriteLineAsync($"Azurite ended unasked and is started again. Its last lines:\n{azurite.LastOutput}");
                await azurite.DisposeAsync();
                azurite = await AzuriteProcess.StartAsync(install, azurite.Location, stopping.Token);
                if (azurite.ConnectionString != Options.ConnectionString)
                    await Console.Error.WriteLineAsync("Azurite's ports were taken in the meantime: stop the host and start it again.");
            }
            catch (OperationCanceledException) { return; }
            catch (Core.TriOpsException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                try { await Task.Delay(TimeSpan.FromSeconds(1), stopping.Token); }
                catch (OperationCanceledException) { return; }
            }
        }
    }
}
