using Azure;
using Azure.Data.Tables;
using TriOps.Core;
using TriOps.Storage;

namespace TriOps.LocalHost.Journal;

/// <summary>The journal in one table: a partition per instance, so that a turn is one entity group transaction, and the partition "@index"
/// with the hosts, the active instances and the list. Format: docs/formats.md, "Workflow journal".</summary>
public sealed class TableJournalStore(StorageClients clients) : IJournalStore
{
    private readonly TableClient table = clients.Table("WorkflowJournal");

    /// <inheritdoc/>
    public Task InitializeAsync(CancellationToken ct) => table.CreateIfNotExistsAsync(ct);

    /// <inheritdoc/>
    public async Task<JournalInstance?> CreateAsync(JournalInstance instance, Payload? input, ExecutionStarted first, CancellationToken ct)
    {
        if (await FindAsync(instance.Id, ct) is not null) return null;
        // The index first: an instance that exists is always found; an index row without an instance is passed over.
        var listed = new TableEntity(TableRows.Index, TableRows.Listed(instance.CreatedAt, instance.Id)) { ["InstanceId"] = instance.Id };
        await table.SubmitTransactionAsync([new(TableTransactionActionType.UpsertReplace, listed), new(TableTransactionActionType.UpsertReplace, ActiveRow(instance.Id))], ct);
        var row = StateRow(instance);
        TableRows.Put(row, "Input", JournalJson.Write(input ?? new()));
        try
        {
            var done = await table.SubmitTransactionAsync([new(TableTransactionActionType.Add, row), .. HistoryRows(instance, [first])], ct);
            return instance with { Input = input, ETag = ETagOf(done) };
        }
        catch (TableTransactionFailedException e) when (e.Status == 409)
        {
            if (await FindAsync(instance.Id, ct) is { } standing && standing.CreatedAt != instance.CreatedAt) await DeleteAsync(TableRows.Index, listed.RowKey, ct);
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<JournalInstance?> FindAsync(string instanceId, CancellationToken ct)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(instanceId, TableRows.Instance, cancellationToken: ct);
        return row.HasValue ? InstanceOf(row.Value!) : null;
    }

    /// <inheritdoc/>
    public async Task<JournalSnapshot?> LoadAsync(string instanceId, CancellationToken ct)
    {
        JournalInstance? instance = null;
        var batches = new List<(string Row, IReadOnlyList<JournalEvent> Events)>();
        var (inbox, outbox) = (new List<JournalMessage>(), new List<OutboxRow>());
        await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {instanceId}"), cancellationToken: ct))
        {
            if (row.RowKey == TableRows.Instance) instance = InstanceOf(row);
            else if (row.RowKey.StartsWith("h-", StringComparison.Ordinal)) batches.Add((row.RowKey, TableRows.Read<List<JournalEvent>>(row)));
            else if (row.RowKey.StartsWith("m-", StringComparison.Ordinal)) inbox.Add(TableRows.Read<JournalMessage>(row));
            else if (row.RowKey.StartsWith("o-", StringComparison.Ordinal)) outbox.Add(new(row.RowKey, TableRows.Read<List<OutMessage>>(row)));
        }
        if (instance is null) return null;
        var current = TableRows.History(instance.Execution);
        return new(instance, [.. batches.Where(b => b.Row.StartsWith(current, StringComparison.Ordinal)).SelectMany(b => b.Events)], inbox, outbox);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<JournalMessage>> InboxAsync(string instanceId, CancellationToken ct)
    {
        var inbox = new List<JournalMessage>();
        await foreach (var row in table.QueryAsync<TableEntity>(TableRows.StartsWith(instanceId, "m-"), cancellationToken: ct)) inbox.Add(TableRows.Read<JournalMessage>(row));
        return inbox;
    }

    /// <inheritdoc/>
    public async Task<JournalCommitted> CommitAsync(JournalCommit commit, CancellationToken ct)
    {
        var instance = commit.Instance;
        var row = StateRow(instance);
        if (!instance.Begun) TableRows.Put(row, "Input", JournalJson.Write(instance.Input ?? new()));
        List<TableTransactionAction> actions = [new(TableTransactionActionType.UpdateMerge, row, new ETag(instance.ETag)), .. HistoryRows(instance, commit.Events)];
        actions.AddRange(commit.Consumed.Select(id => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(instance.Id, TableRows.Message(id)), ETag.All)));
        List<TableEntity> outbox = commit.Outbox.Count == 0 ? [] : [.. JournalJson.WriteRows(commit.Outbox, TableRows.MaxRowChars)
            .Select((json, part) => TableRows.RowOf(instance.Id, TableRows.Outbox(instance.Execution, instance.Batches, part), json))];
        actions.AddRange(outbox.Select(o => new TableTransactionAction(TableTransactionActionType.Add, o)));
        try { return new(instance with { ETag = ETagOf(await table.SubmitTransactionAsync(actions, ct)) }, [.. outbox.Select(o => o.RowKey)]); }
        catch (TableTransactionFailedException e) when (e.Status is 404 or 409 or 412)
        {
            throw new ConflictException("journal-fenced", $"Workflow '{instance.Id}' was changed by another host since this one read it. Nothing was written.", e);
        }
    }

    /// <inheritdoc/>
    public Task AppendAsync(string instanceId, JournalMessage message, CancellationToken ct) =>
        table.UpsertEntityAsync(TableRows.Row(instanceId, TableRows.Message(message.Id), message), TableUpdateMode.Replace, ct);

    /// <inheritdoc/>
    public async Task ForgetAsync(string instanceId, IReadOnlyList<string> inbox, IReadOnlyList<string> outbox, CancellationToken ct)
    {
        foreach (var row in inbox.Select(TableRows.Message).Concat(outbox)) await DeleteAsync(instanceId, row, ct);
    }

    /// <inheritdoc/>
    public Task PokeAsync(string instanceId, CancellationToken ct) => table.UpsertEntityAsync(ActiveRow(instanceId), TableUpdateMode.Replace, ct);

    /// <inheritdoc/>
    public Task DeactivateAsync(string instanceId, CancellationToken ct) => DeleteAsync(TableRows.Index, TableRows.Active(instanceId), ct);

    /// <inheritdoc/>
    public async Task TidyAsync(string instanceId, int execution, CancellationToken ct)
    {
        var (first, current) = ("h-", TableRows.History(execution));
        await DeleteRowsAsync(instanceId, TableClient.CreateQueryFilter($"PartitionKey eq {instanceId} and RowKey ge {first} and RowKey lt {current}"), ct);
    }

    /// <inheritdoc/>
    public async Task<JournalScan> ScanAsync(CancellationToken ct)
    {
        var (hosts, active) = (new List<JournalHost>(), new List<ActiveInstance>());
        // Rows "a-…" and "h-…" are neighbours; the list ("l-…") is not read.
        var (from, to) = ("a-", "h.");
        await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {TableRows.Index} and RowKey ge {from} and RowKey lt {to}"), cancellationToken: ct))
        {
            if (row.RowKey.StartsWith("a-", StringComparison.Ordinal)) active.Add(new(row.RowKey[2..], row.ETag.ToString()));
            else hosts.Add(TableRows.Read<JournalHost>(row));
        }
        return new(hosts, active);
    }

    /// <inheritdoc/>
    public Task BeatAsync(JournalHost host, CancellationToken ct) =>
        table.UpsertEntityAsync(TableRows.Row(TableRows.Index, TableRows.Host(host.Id), host), TableUpdateMode.Replace, ct);

    /// <inheritdoc/>
    public Task LeaveAsync(string hostId, CancellationToken ct) => DeleteAsync(TableRows.Index, TableRows.Host(hostId), ct);

    /// <inheritdoc/>
    public async Task<Core.Storage.Page<JournalInstance>> ListAsync(string prefix, int size, string? continuation, CancellationToken ct)
    {
        var filter = TableRows.StartsWith(TableRows.Index, "l-");
        if (prefix.Length > 0) filter += " and " + TableClient.CreateQueryFilter($"InstanceId ge {prefix} and InstanceId lt {prefix + '\uffff'}");
        await foreach (var page in table.QueryAsync<TableEntity>(filter, size, cancellationToken: ct).AsPages(continuation, size))
        {
            var found = new JournalInstance?[page.Values.Count];
            await Parallel.ForAsync(0, found.Length, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct },
                async (i, token) => found[i] = await FindAsync(page.Values[i].GetString("InstanceId"), token));
            // A row of a start that lost a race, or was interrupted, does not match an instance.
            var items = found.Where((instance, i) => instance is not null && TableRows.Listed(instance.CreatedAt, instance.Id) == page.Values[i].RowKey).ToList();
            if (items.Count > 0 || string.IsNullOrEmpty(page.ContinuationToken)) return new(items!, string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken);
        }
        return new([], null);
    }

    /// <inheritdoc/>
    public async Task PurgeAsync(JournalInstance instance, CancellationToken ct)
    {
        await DeleteRowsAsync(instance.Id, TableClient.CreateQueryFilter($"PartitionKey eq {instance.Id} and RowKey ne {TableRows.Instance}"), ct);
        await DeleteAsync(TableRows.Index, TableRows.Listed(instance.CreatedAt, instance.Id), ct);
        await DeactivateAsync(instance.Id, ct);
        await DeleteAsync(instance.Id, TableRows.Instance, ct);
    }

    private static TableEntity ActiveRow(string instanceId) => new(TableRows.Index, TableRows.Active(instanceId)) { ["Token"] = Guid.NewGuid() };

    private static TableEntity StateRow(JournalInstance instance)
    {
        var row = new TableEntity(instance.Id, TableRows.Instance);
        TableRows.Put(row, "State", JournalJson.Write(instance));
        return row;
    }

    private static IEnumerable<TableTransactionAction> HistoryRows(JournalInstance instance, IReadOnlyList<JournalEvent> events) =>
        events.Count == 0 ? [] : JournalJson.WriteRows(events, TableRows.MaxRowChars).Select((json, part) =>
            new TableTransactionAction(TableTransactionActionType.Add, TableRows.RowOf(instance.Id, TableRows.History(instance.Execution, instance.Batches - 1, part), json)));

    private static JournalInstance InstanceOf(TableEntity row) => JournalJson.Read<JournalInstance>(TableRows.Get(row, "State")) with
    {
        Input = JournalJson.Read<Payload>(TableRows.Get(row, "Input")), ETag = row.ETag.ToString(),
    };

    private static string ETagOf(Response<IReadOnlyList<Response>> done) =>
        done.Value[0].Headers.ETag?.ToString() ?? throw new InvalidDataException("The table answered a transaction without an ETag.");

    private async Task DeleteAsync(string partition, string row, CancellationToken ct) => await table.DeleteEntityAsync(partition, row, ETag.All, ct);

    private async Task DeleteRowsAsync(string partition, string filter, CancellationToken ct)
    {
        var rows = new List<TableTransactionAction>();
        await foreach (var row in table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: ct))
            rows.Add(new(TableTransactionActionType.Delete, new TableEntity(partition, row.RowKey), ETag.All));
        foreach (var some in rows.Chunk(100)) await table.SubmitTransactionAsync(some, ct);
    }
}
