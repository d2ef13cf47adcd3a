using Azure;
using Azure.Data.Tables;
using TriOps.Core.Storage;

namespace TriOps.Storage;

/// <summary>One small call to each service of the account. Thread-safe.</summary>
public sealed class StorageHealth(StorageClients clients, IEnumerable<StorageTable> tables) : IStorageHealth
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly StorageClients clients = clients.WithoutPatience(Patience);
    private readonly string? anyTable = tables.FirstOrDefault()?.Name;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StorageFault>> FindFaultsAsync(StorageParts parts, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        var looks = new List<Task<StorageFault?>>();
        if (parts.HasFlag(StorageParts.Blobs))
            looks.Add(
                LookAsync(StorageParts.Blobs, t => clients.Container(Containers.Data).GetPropertiesAsync(cancellationToken: t),
                limit.Token, ct));
        if (parts.HasFlag(StorageParts.Queues))
            looks.Add(LookAsync(StorageParts.Queues, t => clients.Queue(Queues.JobEvents).GetPropertiesAsync(t), limit.Token, ct));
        if (parts.HasFlag(StorageParts.Tables) && anyTable is { } table)
            looks.Add(
                LookAsync(StorageParts.Tables, t => clients.Table(table)
                .GetEntityIfExistsAsync<TableEntity>("-", "-", cancellationToken: t), limit.Token, ct));
        return [.. (await Task.WhenAll(looks)).OfType<StorageFault>()];
    }

    private async Task<StorageFault?> LookAsync(StorageParts service, Func<CancellationToken, Task> look, CancellationToken limit,
        CancellationToken ct)
    {
        try
        {
            await look(limit);
            return null;
        }
        catch (RequestFailedException e)
        {
            return new(service,
                $"The {service.ToString().ToLowerInvariant()} of {clients.Options.Describe()} do not answer as they should: "
                + $"{e.ErrorCode ?? e.Message}.");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new(service,
                $"The {service.ToString().ToLowerInvariant()} of {clients.Options.Describe()} did not answer within "
                + $"{Patience.TotalSeconds:0} s.");
        }
    }
}
