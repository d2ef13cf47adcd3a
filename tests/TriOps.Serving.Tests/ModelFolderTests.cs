using Microsoft.Extensions.Time.Testing;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Models;
using TriOps.Core.Storage;
using TriOps.Serving.Store;

namespace TriOps.Serving.Tests;

public sealed class ModelFolderTests : IDisposable
{
    private readonly FailingBlobs blobs = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly string root = Directory.CreateTempSubdirectory("triops-models-test-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task Fetch_ByTheNextProcess_ReadsStorageNoMore()
    {
        var files = await blobs.StoreAsync(TinyModels.Regressor());
        using (var first = Folder()) await first.FetchAsync(files, default);
        using var second = Folder();

        var path = await second.FetchAsync(files, default);

        Assert.Equal(1, blobs.Reads);
        Assert.Equal(files.Graph.Id, ContentId.OfBytes(await File.ReadAllBytesAsync(path)));
    }

    [Fact]
    public async Task Fetch_FileOnDiskWasChanged_IsFetchedAgain()
    {
        var files = await blobs.StoreAsync(TinyModels.Regressor());
        string path;
        using (var first = Folder()) path = await first.FetchAsync(files, default);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        using var second = Folder();

        await second.FetchAsync(files, default);

        Assert.Equal(files.Graph.Id, ContentId.OfBytes(await File.ReadAllBytesAsync(path)));
    }

    [Fact]
    public async Task Fetch_MoreThanTheDiskMayHold_RemovesWhatWasNotUsedForLongest()
    {
        var models = new List<ModelFiles>();
        for (var i = 0; i < 3; i++) models.Add(await blobs.StoreAsync(TinyModels.Classifier(i)));
        using var folder = Folder(models[0].Bytes * 2);

        foreach (var asked in new[] { 0, 1, 0, 2 })
        {
            await folder.FetchAsync(models[asked], default);
            time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(new[] { models[0], models[2] }.Select(m => m.SetId().Hex).Order(StringComparer.Ordinal),
            Directory.GetDirectories(root).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Fetch_StorageFailsHalfWay_LeavesNothingBehind()
    {
        var files = await blobs.StoreAsync(TinyModels.Regressor());
        blobs.Away = true;
        using var folder = Folder();

        await Assert.ThrowsAsync<IOException>(() => folder.FetchAsync(files, default));

        Assert.Empty(Directory.GetFileSystemEntries(root));
    }

    [Fact]
    public async Task Dispose_OfAFolderOfItsOwn_RemovesIt()
    {
        string path;
        using (var own = new ModelFolder(blobs, new ServingOptions(), TimeProvider.System))
            path = await own.FetchAsync(await blobs.StoreAsync(TinyModels.Regressor()), default);
        Assert.False(Directory.Exists(Path.GetDirectoryName(Path.GetDirectoryName(path)!)));
    }

    private ModelFolder Folder(long bytes = long.MaxValue) => new(blobs, new ServingOptions { ModelFolder = root, MaxDiskBytes = bytes }, time);
}
