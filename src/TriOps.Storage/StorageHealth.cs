using Azure;
using TriOps.Core.Storage;

namespace TriOps.Storage;

/// <summary>Whether the storage answers, for readiness probes: one small call to each service, without retries, two seconds at most.</summary>
public sealed class StorageHealth(StorageClients clients, IEnumerable<StorageTable> tables)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly StorageClients clients = clients.WithoutPatience(Patience);
    private readonly string? anyTable = tables.FirstOrDefault()?.Name;

    /// <summary>Null when all is well, else what is wrong, for people.</summary>
    public async Task<string?> FindFaultAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            await Task.WhenAll(
                clients.Container(Containers.Inbox).GetPropertiesAsync(cancellationToken: limit.Token),
                clients.Queue(Queues.JobEvents).GetPropertiesAsync(limit.Token),
                anyTable is null ? Task.CompletedTask : clients.Table(anyTable).GetEntityIfExistsAsync<Azure.Data.Tables.TableEntity>("-", "-", cancellationToken: limit.Token));
            return null;
        }
        catch (RequestFailedException e) { return $"Storage at {clients.Options.Describe()} does not answer as it should: {e.ErrorCode ?? e.Message}."; }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested) { return $"Storage at {clients.Options.Describe()} did not answer within {Patience.TotalSeconds:0} s."; }
    }
}
