namespace TriOps.Core.Storage;

/// <summary>Short-lived links with which a client puts one blob straight into storage (a shared access signature).</summary>
public interface IUploadLinks
{
    /// <summary>A link for one PUT of <paramref name="path"/>, valid for <paramref name="lifetime"/>. The client sends the bytes with the
    /// header <c>x-ms-blob-type: BlockBlob</c>. The link is a secret: it is never logged.</summary>
    Task<Uri> CreateAsync(BlobPath path, TimeSpan lifetime, CancellationToken ct);
}
