namespace TriOps.Core.Storage;

/// <summary>The services of a storage account.</summary>
[Flags]
public enum StorageParts
{
    /// <summary>None of them.</summary>
    None = 0,
    /// <summary>Data, models, logs.</summary>
    Blobs = 1,
    /// <summary>Messages between jobs and workflows.</summary>
    Queues = 2,
    /// <summary>Aggregates, and what the workflow engine keeps.</summary>
    Tables = 4,
    /// <summary>What the control plane needs.</summary>
    All = Blobs | Queues | Tables,
}

/// <summary>A service that does not answer as it should.</summary>
/// <param name="Service">Which one.</param>
/// <param name="Message">What it said instead, for people; holds no secret.</param>
public sealed record StorageFault(StorageParts Service, string Message);

/// <summary>Whether the storage answers, for readiness probes.</summary>
public interface IStorageHealth
{
    /// <summary>Asks each service for one small thing, all at once, without retries, for two seconds at most. Does not throw for a
    /// fault.</summary>
    /// <param name="parts">The services the caller cannot do without: it needs no rights on the others.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>Empty when all is well.</returns>
    Task<IReadOnlyList<StorageFault>> FindFaultsAsync(StorageParts parts, CancellationToken ct);
}
