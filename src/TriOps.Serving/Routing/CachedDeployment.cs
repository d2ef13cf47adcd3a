namespace TriOps.Serving.Routing;

/// <summary>One deployment's last reading and the rules for reading again. Thread-safe.</summary>
/// <param name="read">Reads anew, given what was read before.</param>
/// <param name="options">How long a reading is trusted.</param>
/// <param name="time">The clock.</param>
internal sealed class CachedDeployment(Func<TrafficTable?, Task<TrafficTable>> read, ServingOptions options, TimeProvider time)
{
    private sealed record Reading(TrafficTable Table, long At);

    private readonly Lock gate = new();
    private Reading? current;
    private Task<TrafficTable>? refreshing;
    private long nextRefresh;
    private bool storageAway;

    /// <summary>Whether something was ever read.</summary>
    public bool HasValue => current is not null;

    /// <summary>The deployment: at once when a reading is at hand that may still serve, else after reading.</summary>
    public ValueTask<TrafficTable> GetAsync(CancellationToken ct)
    {
        if (Volatile.Read(ref current) is not { } reading) return new(Refresh().WaitAsync(ct));
        var age = time.GetElapsedTime(reading.At);
        if (age <= options.FreshFor) return new(reading.Table);
        if (time.GetTimestamp() < Volatile.Read(ref nextRefresh)) return new(reading.Table);
        var refresh = Refresh();
        return age <= options.StaleAfter || Volatile.Read(ref storageAway) ? new(reading.Table) : Wait(refresh, reading.Table, ct);
    }

    private async ValueTask<TrafficTable> Wait(Task<TrafficTable> refresh, TrafficTable stale, CancellationToken ct)
    {
        try { return await refresh.WaitAsync(options.StaleWait, time, ct); }
        catch (Core.NotFoundException) { throw; }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            Volatile.Write(ref storageAway, true);
            return stale;
        }
    }

    private Task<TrafficTable> Refresh()
    {
        lock (gate) return refreshing ??= Task.Run(ReadAsync);
    }

    private async Task<TrafficTable> ReadAsync()
    {
        try
        {
            var table = await read(current?.Table);
            Volatile.Write(ref current, new Reading(table, time.GetTimestamp()));
            Volatile.Write(ref storageAway, false);
            return table;
        }
        catch (Core.NotFoundException)
        {
            Volatile.Write(ref current, null); // It was removed: nothing stale may serve.
            throw;
        }
        catch
        {
            Volatile.Write(ref storageAway, true);
            Volatile.Write(ref nextRefresh, time.GetTimestamp() + (long)(options.FreshFor.TotalSeconds * time.TimestampFrequency));
            throw;
        }
        finally
        {
            lock (gate) refreshing = null;
        }
    }
}
