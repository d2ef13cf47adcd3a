using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using TriOps.Api.Http;
using TriOps.Api.Security;
using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Governance;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;

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
        api.MapRead("/projects/{p}/datasets/{d}/check", Check,
            "Versions whose blobs are missing or cut off; ?read=true reads the head and holds it against its hashes");
        api.MapCommand("/projects/{p}/datasets/{d}/versions/{n:int}/withdraw", Withdraw,
            "Takes a committed version out of use: uploads go on from the one before");
        api.MapCommand("/projects/{p}/datasets/{d}/versions/{n:int}/delete", Delete,
            "Deletes a version that no run refers to; its number is not given again");
        api.MapCommand("/projects/{p}/datasets/{d}/removals", Remove, "Takes a file out of the dataset: makes a version without it");
        api.MapCommand("/projects/{p}/datasets/{d}/uploads", Upload, "A link to PUT a CSV file to, with x-ms-blob-type: BlockBlob");
    }

    private static async Task<Ok<Listing<DatasetEntry>>> List(ProjectName p, Paging paging, DatasetCatalog catalog, CancellationToken ct) =>
        TypedResults.Ok(Paging.List(await catalog.ListDatasetsAsync(p, paging.Request, ct)));

    private static async Task<Ok<Listing<DatasetVersion>>> Versions(ProjectName p, DatasetName d, Paging paging, DatasetCatalog catalog,
        CancellationToken ct) =>
        TypedResults.Ok(Paging.List(await catalog.ListAsync(p, d, paging.Request, ct)));

    private static async Task<Tagged<DatasetVersion>> Version(ProjectName p, DatasetName d, int n, DatasetCatalog catalog,
        CancellationToken ct) =>
        Tagged.Of(await catalog.GetAsync(new(p, d, n), ct));

    private static async Task<Tagged<DatasetProfile>> Profile(ProjectName p, DatasetName d, int n, DatasetCatalog catalog, IBlobs blobs,
        CancellationToken ct) =>
        Tagged.Of(await blobs.ReadJsonAsync<DatasetProfile>(DatasetPaths.Profile((await catalog.GetAsync(new(p, d, n), ct)).Profile), ct));

    private static async Task<Ok<DatasetCheckReport>> Check(ProjectName p, DatasetName d, bool? read, IDatasetCheck check,
        CancellationToken ct) => TypedResults.Ok(await check.RunAsync(p, d, read ?? false, ct));

    private static async Task<Ok<DatasetVersion>> Withdraw(ProjectName p, DatasetName d, int n, Body<ReasonBody> body, HttpContext context,
        DatasetCatalog catalog, AuditLog audit, CancellationToken ct)
    {
        var why = Why(body.Value);
        var version = await catalog.WithdrawAsync(new(p, d, n), ct);
        await audit.WriteAsync(context.Caller().Name, "dataset.withdraw", version.Ref.ToString(), why, ct);
        return TypedResults.Ok(version);
    }

    private static async Task<Ok<DatasetVersion>> Delete(ProjectName p, DatasetName d, int n, Body<ReasonBody> body, HttpContext context,
        DatasetCatalog catalog, RunLog runs, AuditLog audit, CancellationToken ct)
    {
        var (version, why, next) = ((await catalog.GetAsync(new(p, d, n), ct)).Ref, Why(body.Value), (string?)null);
        do
        {
            var page = await runs.ListAsync(p, new(200, next), ct);
            if (page.Items.FirstOrDefault(r => r.Data == version) is { } user)
                throw new ConflictException("dataset-version-referred",
                    $"{version} is what run {user.Id} learned from: it is kept as long as that is. To build nothing more on it, "
                    + $"withdraw it.");
            next = page.Continuation;
        }
        while (next is not null);
        var deleted = await catalog.DeleteAsync(version, ct);
        await audit.WriteAsync(context.Caller().Name, "dataset.delete", version.ToString(), why, ct);
        return TypedResults.Ok(deleted);
    }

    private static async Task<Accepted<StartedWorkflow>> Remove(ProjectName p, DatasetName d, Body<RemoveRequest> sent,
        HttpContext context, CommandId command, ProjectStore projects, DatasetCatalog catalog, IWorkflows workflows, AuditLog audit,
        CancellationToken ct)
    {
        var body = sent.Value;
        if (body.File is not { Length: > 0 and <= 1024 } file)
            throw new InvalidInputException("file-name-invalid",
                "'file' must be the name of a file of the dataset: 1 to 1,024 characters.");
        if (!(await projects.GetAsync(p, ct)).File.Datasets.ContainsKey(d) || await catalog.HeadAsync(p, d, ct) is null)
            throw new NotFoundException("dataset-empty", $"Dataset {p}/{d} has no committed version, so it has no file '{file}'.");
        var request = new IngestRequest(p, d, new(file, $"removal-{command.Suffix}", 0), Remove: true);
        await audit.WriteAsync(context.Caller().Name, "dataset.remove-file", $"{p}/{d}",
            new Dictionary<string, string> { ["file"] = file, ["reason"] = body.Reason ?? "" }, ct);
        await workflows.StartAsync(IngestSteps.Workflow, request, request.InstanceId, ct);
        return StartedWorkflow.Accept(request.InstanceId);
    }

    private static Dictionary<string, string> Why(ReasonBody body) => body.Reason is { Length: > 0 and <= 1000 } reason
        ? new() { ["reason"] = reason }
        : throw new InvalidInputException("reason-invalid",
        "'reason' must be a text of 1 to 1,000 characters: it is kept in the audit log.");

    private static async Task<Ok<UploadLink>> Upload(ProjectName p, DatasetName d, Body<UploadRequest> body, HttpContext context,
        ProjectStore projects, IUploadLinks links, AuditLog audit, CancellationToken ct)
    {
        var project = await projects.GetAsync(p, ct);
        if (!project.File.Datasets.ContainsKey(d))
            throw new NotFoundException("dataset-missing",
                $"Project '{p}' has no dataset '{d}'; it has: {string.Join(", ", project.File.Datasets.Keys)}. Add it to triops.yaml and "
                + $"apply that.");
        var path = new BlobPath(Containers.Inbox, $"{p}/{d}/{FileName(body.Value.File)}");
        await audit.WriteAsync(context.Caller().Name, "dataset.upload", $"{p}/{d}",
            new Dictionary<string, string> { ["blob"] = path.ToString() }, ct);
        return TypedResults.Ok(new UploadLink(await links.CreateAsync(path, LinkLifetime, ct)));
    }

    private static string FileName(string? file)
    {
        var safe = file is { Length: > 4 and <= 255 } && file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) && file[0] != '.'
            && !file.AsSpan().ContainsAny('/', '\\') && !file.Any(c => char.IsControl(c) || char.IsSurrogate(c));
        return safe ? file!
            : throw new InvalidInputException("file-name-invalid",
            "'file' must be one name that ends in .csv: up to 255 characters, no '/', '\\' or control character, no dot in front.");
    }

    /// <summary>Why, for the audit log.</summary>
    internal sealed record ReasonBody(string? Reason);

    /// <summary>Which file is to be taken out.</summary>
    /// <param name="File">Its name in the dataset.</param>
    /// <param name="Reason">For the audit log; may be absent.</param>
    internal sealed record RemoveRequest(string? File, string? Reason);

    /// <summary>Asks for a place to put a file.</summary>
    /// <param name="File">Its name in the dataset; the same name again replaces it in the next version.</param>
    internal sealed record UploadRequest(string? File);

    /// <summary>A place to put a file.</summary>
    /// <param name="Url">A secret: whoever has it can write this one blob for 15 minutes.</param>
    internal sealed record UploadLink(Uri Url);
}
