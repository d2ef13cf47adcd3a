using TriOps.Core.Storage;

namespace TriOps.Storage;

/// <summary>A table that must exist; registered with the services by whoever uses it.</summary>
/// <param name="Name">Without the prefix.</param>
public sealed record StorageTable(string Name);

/// <summary>Creates what is missing of containers, queues and tables. Nothing is ever removed.</summary>
public sealed class StorageProvisioner(StorageClients clients, IEnumerable<StorageTable> tables)
{
    /// <summary>Creates what is missing. May be repeated, also by several processes at once.</summary>
    public async Task EnsureAsync(CancellationToken ct)
    {
        await Task.WhenAll(Containers.All.Append(BlobLeases.ContainerName)
            .Select(name => clients.Container(name).CreateIfNotExistsAsync(cancellationToken: ct)));
        await Task.WhenAll(Queues.All.Select(name => clients.Queue(name).CreateIfNotExistsAsync(cancellationToken: ct)));
        await Task.WhenAll(tables.Select(table => clients.Table(table.Name).CreateIfNotExistsAsync(ct)));
    }
}
