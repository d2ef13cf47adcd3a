using System.Net;

namespace TriOps.Cli.Api;

/// <summary>Puts a file where an upload link points, as a block blob, in one request.</summary>
internal static class BlobUpload
{
    /// <summary>Largest body of one Put Blob request (Azure Storage, service version 2019-12-12 and later).</summary>
    public const long MaxBytes = 5_000L << 20;

    /// <summary>Sends the file.</summary>
    /// <param name="link">The link; its signature is not shown in errors.</param>
    /// <param name="path">The file.</param>
    /// <param name="progress">Bytes sent so far.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The blob's ETag, without quotes.</returns>
    public static async Task<string> PutAsync(Uri link, string path, IProgress<long> progress, CancellationToken ct)
    {
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        await using var file = File.OpenRead(path);
        if (file.Length > MaxBytes)
            throw new IOException($"{path} has {file.Length:N0} bytes; one upload takes at most {MaxBytes:N0}. Use a blob client that "
                + $"sends blocks, or split the file.");
        using var request = new HttpRequestMessage(HttpMethod.Put, link) { Content = new ProgressContent(file, progress) };
        request.Headers.Add("x-ms-blob-type", "BlockBlob");
        using var response = await http.SendAsync(request, ct);
        if (response.StatusCode != HttpStatusCode.Created)
        {
            var reason = response.Headers.TryGetValues("x-ms-error-code", out var codes) ? string.Join(", ", codes) : response.ReasonPhrase;
            var next = (int)response.StatusCode >= 500 ? "Is its disk full? 'triops doctor' looks; then push the file again."
                : "The link may have expired: push the file again.";
            throw new ApiException((int)response.StatusCode, "upload-refused",
                $"The storage at {link.Host} refused {Path.GetFileName(path)}: {(int)response.StatusCode} {reason}. {next}");
        }
        return response.Headers.ETag?.Tag.Trim('"') ?? "";
    }

    private sealed class ProgressContent(FileStream file, IProgress<long> progress) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var buffer = new byte[128 << 10];
            long sent = 0;
            for (int read; (read = await file.ReadAsync(buffer)) > 0;)
            {
                await stream.WriteAsync(buffer.AsMemory(0, read));
                progress.Report(sent += read);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = file.Length;
            return true;
        }
    }
}
