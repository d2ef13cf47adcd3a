using TriOps.Cli.Api;
using TriOps.Cli.Output;
using TriOps.Core.Names;

namespace TriOps.Cli.Data;

/// <summary>A file that lies in the inbox.</summary>
/// <param name="File">Its name there.</param>
/// <param name="ETag">Of the blob, without quotes.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record PushedFile(string File, string ETag, long Bytes);

/// <summary>Uploads a file to a dataset's inbox by the plain blob API.</summary>
internal sealed class DatasetPush(ApiClient api, Screen screen)
{
    /// <summary>Asks for a link and puts the bytes there.</summary>
    public async Task<PushedFile> PushAsync(ProjectName project, DatasetName dataset, string path, CancellationToken ct)
    {
        var file = Path.GetFileName(path);
        var link = await api.UploadLinkAsync(project, dataset, file, ct);
        var bytes = new FileInfo(path).Length;
        var etag =
            await screen.ProgressAsync($"upload {file} ({Human.Bytes(bytes)})", bytes,
            progress => BlobUpload.PutAsync(link.Url, path, progress, ct));
        return new(file, etag, bytes);
    }
}
