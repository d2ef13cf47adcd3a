using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using TriOps.Api.Http;
using TriOps.Api.Security;
using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Governance;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Storage;

namespace TriOps.Api.Resources;

/// <summary>/api/projects/{p}/datasets.</summary>
internal static class DatasetsApi
{
    private static readonly TimeSpan LinkLifetime = TimeSpan.FromMinutes(15);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapRead("/projects/{p}/datasets", List, "Datasets that have a version, by name");
        api.MapRead("/projects/{p}/datasets/{d}/versions", Versions, "A dataset's versions, newest first");
        api.MapRead("/projects/{p}/datasets/{d}/versions/{n:int}", Version, "A dataset version");
        api.MapRead("/projects/{p}/datasets/{d}/versions/{n:int}/profile", Profile, "What a version's values look like");
        api.MapCommand("/projects/{p}/datasets/{d}/uploads", Upload, "A link to PUT a CSV file to, with x-ms-blob-type: BlockBlob");
    }

    private static async Task<Ok<Listing<DatasetEntry>>> List(ProjectName p, Paging paging, DatasetCatalog catalog, CancellationToken ct) =>
        TypedResults.Ok(Paging.List(await catalog.ListDatasetsAsync(p, paging.Request, ct)));

    private static async Task<Ok<Listing<DatasetVersion>>> Versions(ProjectName p, DatasetName d, Paging paging, DatasetCatalog catalog, CancellationToken ct) =>
        TypedResults.Ok(Paging.List(await catalog.ListAsync(p, d, paging.Request, ct)));

    private static async Task<Tagged<DatasetVersion>> Version(ProjectName p, DatasetName d, int n, DatasetCatalog catalog, CancellationToken ct) =>
        Tagged.Of(await catalog.GetAsync(new(p, d, n), ct));

    private static async Task<Tagged<DatasetProfile>> Profile(ProjectName p, DatasetName d, int n, DatasetCatalog catalog, IBlobs blobs, CancellationToken ct) =>
        Tagged.Of(await blobs.ReadJsonAsync<DatasetProfile>(DatasetPaths.Profile((await catalog.GetAsync(new(p, d, n), ct)).Profile), ct));

    private static async Task<Ok<UploadLink>> Upload(ProjectName p, DatasetName d, Body<UploadRequest> body, HttpContext context, ProjectStore projects, IUploadLinks links, AuditLog audit, CancellationToken ct)
    {
        var project = await projects.GetAsync(p, ct);
        if (!project.File.Datasets.ContainsKey(d))
            throw new NotFoundException("dataset-missing", $"Project '{p}' has no dataset '{d}'; it has: {string.Join(", ", project.File.Datasets.Keys)}. Add it to triops.yaml and apply that.");
        var path = new BlobPath(Containers.Inbox, $"{p}/{d}/{FileName(body.Value.File)}");
        await audit.WriteAsync(context.Caller().Name, "dataset.upload", $"{p}/{d}", new Dictionary<string, string> { ["blob"] = path.ToString() }, ct);
        return TypedResults.Ok(new UploadLink(await links.CreateAsync(path, LinkLifetime, ct)));
    }

    private static string FileName(string? file)
    {
        var safe = file is { Length: > 4 and <= 255 } && file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) && file[0] != '.'
            && !file.AsSpan().ContainsAny('/', '\\') && !file.Any(c => char.IsControl(c) || char.IsSurrogate(c));
        return safe ? file! : throw new InvalidInputException("file-name-invalid", "'file' must be one name that ends in .csv: up to 255 characters, no '/', '\\' or control character, no dot in front.");
    }

    /// <summary>Asks for a place to put a file.</summary>
    /// <param name="File">Its name in the dataset; the same name again replaces it in the next version.</param>
    internal sealed record UploadRequest(string? File);

    /// <summary>A place to put a file.</summary>
    /// <param name="Url">A secret: whoever has it can write this one blob for 15 minutes.</param>
    internal sealed record UploadLink(Uri Url);
}
