using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using TriOps.Core.Storage;

namespace TriOps.Storage;

/// <summary>Upload links as shared access signatures for one blob with the rights to create and write, and no others. Signed with the
/// account's key if there is one, else with a user delegation key of the signed-in identity.</summary>
public sealed class SasUploadLinks(StorageClients clients, TimeProvider time) : IUploadLinks
{
    /// <summary>Longest lifetime of a link.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Clocks differ: a link is valid from this long ago.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lifetime"/> is not between a second and
    /// <see cref="Longest"/>.</exception>
    public async Task<Uri> CreateAsync(BlobPath path, TimeSpan lifetime, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetime, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lifetime, Longest);
        var blob = clients.Container(path.Container).GetBlobClient(path.Name);
        var now = time.GetUtcNow();
        var sas = new BlobSasBuilder(BlobSasPermissions.Create | BlobSasPermissions.Write, now + lifetime)
        {
            BlobContainerName = blob.BlobContainerName,
            BlobName = blob.Name,
            Resource = "b",
            StartsOn = now - Skew,
            Protocol = blob.Uri.Scheme == Uri.UriSchemeHttps ? SasProtocol.Https : SasProtocol.HttpsAndHttp,
        };
        if (blob.CanGenerateSasUri) return blob.GenerateSasUri(sas);
        var key = (await clients.Blobs.GetUserDelegationKeyAsync(now - Skew, now + lifetime, ct)).Value;
        return new BlobUriBuilder(blob.Uri) { Sas = sas.ToSasQueryParameters(key, blob.AccountName) }.ToUri();
    }
}
