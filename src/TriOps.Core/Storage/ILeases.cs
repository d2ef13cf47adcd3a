namespace TriOps.Core.Storage;

/// <summary>Exclusive, expiring ownership of a name, for work that one process at a time may do.</summary>
public interface ILeases
{
    /// <summary>Takes the lease, or returns null while somebody else holds it.</summary>
    /// <param name="name">A key that is valid as a <see cref="DocumentKey.Row"/>.</param>
    /// <param name="duration">How long it lasts unless renewed.</param>
    /// <param name="ct">Cancels the attempt.</param>
    Task<ILease?> TryAcquireAsync(string name, TimeSpan duration, CancellationToken ct);
}

/// <summary>A held lease; disposing gives it back.</summary>
public interface ILease : IAsyncDisposable
{
    /// <summary>What is held.</summary>
    string Name { get; }

    /// <summary>Extends by the original duration from now. False: it was lost, and the work it guards must stop.</summary>
    Task<bool> RenewAsync(CancellationToken ct);
}
