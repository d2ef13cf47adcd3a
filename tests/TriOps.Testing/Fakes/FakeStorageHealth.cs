using TriOps.Core.Storage;

namespace TriOps.Testing.Fakes;

/// <summary>A storage whose services answer unless a test says otherwise.</summary>
public sealed class FakeStorageHealth : IStorageHealth
{
    /// <summary>The services that do not answer.</summary>
    public StorageParts Away { get; set; }

    public Task<IReadOnlyList<StorageFault>> FindFaultsAsync(StorageParts parts, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<StorageFault>>(
        [.. new[] { StorageParts.Blobs, StorageParts.Queues, StorageParts.Tables }.Where(p => (parts & Away & p) != 0)
        .Select(p => new StorageFault(p, $"{p} do not answer."))]);
}
