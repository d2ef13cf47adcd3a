using Microsoft.Extensions.DependencyInjection;
using TriOps.Azurite;
using TriOps.Core.Storage;
using TriOps.Testing;
using TriOps.Testing.Conformance;

namespace TriOps.Storage.Tests;

/// <summary>The storage goes away in the middle of work and comes back.</summary>
public sealed class OutageTests : IDisposable
{
    private static readonly CancellationToken Ct = CancellationToken.None;
    private readonly string folder = Directory.CreateTempSubdirectory("triops-outage-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Storage_StoppedAndStartedDuringWrites_LosesNothingAndDoublesNothing()
    {
        var install = await AzuriteInstall.EnsureAsync(null, Ct);
        var azurite = await AzuriteProcess.StartAsync(install, folder, Ct);
        await using var services = await StorageScope.New(azurite.ConnectionString).CreateAsync(s => s.AddDocuments<Note>("Notes"));
        var notes = services.GetRequiredService<IDocuments<Note>>();
        var (blobs, queues) = (services.GetRequiredService<IBlobs>(), services.GetRequiredService<IQueues>());
        var health = services.GetRequiredService<IStorageHealth>();
        Assert.Empty(await health.FindFaultsAsync(StorageParts.All, Ct));

        var counted = 0;
        var half = new TaskCompletionSource();
        var work = Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                await notes.UpdateAsync(new("p", "counter"), n => new Note("count", (n?.Number ?? 0) + 1), Ct);
                await notes.InsertAsync(new("rows", $"{i:D3}"), new("row", i), Ct);
                await blobs.WriteAsync(new(Containers.Data, $"b/{i:D3}"), "content"u8.ToArray(), WriteMode.IfAbsent, Ct);
                if (++counted == 60) half.SetResult();
            }
            await queues.SendAsync(Queues.JobEvents, "done", Ct);
        });
        await half.Task;
        await azurite.DisposeAsync();
        var faults = await health.FindFaultsAsync(StorageParts.All, Ct);
        Assert.Equal([StorageParts.Blobs, StorageParts.Queues, StorageParts.Tables], faults.Select(f => f.Service));
        Assert.All(faults, f => Assert.Contains("answer", f.Message, StringComparison.Ordinal));
        Assert.Equal(StorageParts.Tables, Assert.Single(await health.FindFaultsAsync(StorageParts.Tables, Ct)).Service);
        await using var again = await AzuriteProcess.StartAsync(install, folder, Ct);

        await work;
        Assert.Empty(await health.FindFaultsAsync(StorageParts.All, Ct));
        Assert.Equal(200, (await notes.FindAsync(new("p", "counter"), Ct))!.Value.Number);
        Assert.Equal(200, (await notes.ListAsync("rows", new(1000), Ct)).Items.Count);
        var listed = 0;
        await foreach (var _ in blobs.ListAsync(Containers.Data, "b/", Ct)) listed++;
        Assert.Equal(200, listed);
        Assert.Single(await queues.ReceiveAsync(Queues.JobEvents, 32, TimeSpan.FromSeconds(30), Ct));
    }
}
