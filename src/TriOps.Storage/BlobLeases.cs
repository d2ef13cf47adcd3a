using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using TriOps.Core.Content;
using TriOps.Core.Storage;

namespace TriOps.Storage;

/// <summary>Leases on empty blobs, one per name, in the container "leases". The storage's clock decides, so hosts need not agree on the
/// time.</summary>
public sealed class BlobLeases(StorageClients clients) : ILeases
{
    /// <summary>The container; this class's own.</summary>
    public const string ContainerName = "leases";

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(15), Longest = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    /// <remarks>Storage knows durations of 15 to 60 seconds: a shorter one is made 15, a longer one is refused.</remarks>
    public async Task<ILease?> TryAcquireAsync(string name, TimeSpan duration, CancellationToken ct)
    {
        DocumentKeyRule.Check(name, "lease name");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, Longest);
        if (duration < Shortest) duration = Shortest;
        // The name may hold anything; its hash is a safe blob name of known length.
        var blob = clients.Container(ContainerName).GetBlockBlobClient(ContentId.OfBytes(System.Text.Encoding.UTF8.GetBytes(name)).Hex);
        var lease = blob.GetBlobLeaseClient(Guid.NewGuid().ToString());
        while (true)
        {
            try
            {
                await lease.AcquireAsync(TimeSpan.FromSeconds(Math.Ceiling(duration.TotalSeconds)), cancellationToken: ct);
                return new Lease(name, lease);
            }
            catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.LeaseAlreadyPresent) { return null; }
            catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound) { await CreateAsync(blob, name, ct); }
        }
    }

    private static async Task CreateAsync(BlockBlobClient blob, string name, CancellationToken ct)
    {
        var options =
            new BlobUploadOptions { Conditions = new() { IfNoneMatch = ETag.All },
            Metadata = new Dictionary<string, string> { ["name"] = Uri.EscapeDataString(name) } };
        try { await blob.UploadAsync(Stream.Null, options, ct); }
        catch (RequestFailedException e) when (e.Status is 409 or 412) { /* Somebody else made it. */ }
    }

    private sealed class Lease(string name, BlobLeaseClient lease) : ILease
    {
        public string Name => name;

        public async Task<bool> RenewAsync(CancellationToken ct)
        {
            try
            {
                await lease.RenewAsync(cancellationToken: ct);
                return true;
            }
            catch (RequestFailedException e) when (e.Status is 404 or 409 or 412) { return false; }
        }

        public async ValueTask DisposeAsync()
        {
            try { await lease.ReleaseAsync(); }
            catch (RequestFailedException) { /* Lost, or out of reach: it expires by itself. */ }
        }
    }
}
