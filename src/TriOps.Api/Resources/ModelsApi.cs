using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using TriOps.Api.Http;
using TriOps.Api.Security;
using TriOps.Core;
using TriOps.Core.Evaluations;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Storage;

namespace TriOps.Api.Resources;

/// <summary>/api/projects/{p}/models.</summary>
internal static class ModelsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapRead("/projects/{p}/models", List, "A project's models by name");
        api.MapRead("/projects/{p}/models/{m}/versions", Versions, "A model's versions, newest first");
        api.MapRead("/projects/{p}/models/{m}/versions/{n:int}", Version, "A model version");
        api.MapRead("/projects/{p}/models/{m}/versions/{n:int}/card", Card, "A version's model card (Markdown)")
            .Produces<string>(200, "text/markdown");
        api.MapRead("/projects/{p}/models/{m}/versions/{n:int}/evaluation", Evaluation, "A version's evaluation, slice by slice");
        api.MapRead("/projects/{p}/models/{m}/aliases", Aliases, "The names that point at a model's versions");
        api.MapPut("/projects/{p}/models/{m}/aliases/{alias}", SetAlias).WithSummary("Points an alias at a version")
            .WithErrors(400, 403, 404, 409).WithBodyLimit(1 << 20).For(RouteRole.Contributor);
    }

    private static async Task<Ok<Listing<ModelEntry>>> List(ProjectName p, Paging paging, ModelRegistry registry, CancellationToken ct) =>
        TypedResults.Ok(Paging.List(await registry.ListModelsAsync(p, paging.Request, ct)));

    private static async Task<Ok<Listing<ModelVersion>>> Versions(ProjectName p, ModelName m, Paging paging, ModelRegistry registry,
        CancellationToken ct) =>
        TypedResults.Ok(Paging.List(await registry.ListAsync(p, m, paging.Request, ct)));

    private static async Task<Tagged<ModelVersion>> Version(ProjectName p, ModelName m, int n, ModelRegistry registry,
        CancellationToken ct) => Tagged.Of(await registry.GetAsync(new(p, m, n), ct));

    private static async Task<TaggedText> Card(ProjectName p, ModelName m, int n, ModelRegistry registry, IBlobs blobs,
        CancellationToken ct)
    {
        var version = await registry.GetAsync(new(p, m, n), ct);
        return new TaggedText(await blobs.ReadBytesAsync(ModelPaths.Card(version.Ref), ct), "text/markdown; charset=utf-8");
    }

    private static async Task<Tagged<Evaluation>> Evaluation(ProjectName p, ModelName m, int n, ModelRegistry registry, IBlobs blobs,
        CancellationToken ct) =>
        Tagged.Of(await blobs.ReadJsonAsync<Evaluation>(ModelPaths.Evaluation((await registry.GetAsync(new(p, m, n), ct)).Evaluation), ct));

    private static async Task<Ok<Listing<ModelAlias>>> Aliases(ProjectName p, ModelName m, ModelRegistry registry, CancellationToken ct) =>
        TypedResults.Ok(new Listing<ModelAlias>(await registry.AliasesAsync(p, m, ct)));

    private static async Task<Ok<ModelVersion>> SetAlias(ProjectName p, ModelName m, string alias, Body<AliasTarget> body,
        HttpContext context, ModelRegistry registry, CancellationToken ct)
    {
        if (!NameRule.TryParse<ModelName>(alias, out _) || int.TryParse(alias, out _))
            throw new InvalidInputException("alias-invalid",
                "An alias has 1 to 63 characters of a-z, 0-9 and '-', begins and ends with a letter or digit, and is not a number.");
        if (body.Value.Number is not { } number)
            throw new InvalidInputException("alias-invalid", "'number' is missing: the version that the alias shall point at.");
        await registry.SetAliasAsync(new(p, m, number), alias, context.Caller().Name, ct);
        return TypedResults.Ok(await registry.GetAsync(new(p, m, number), ct));
    }

    /// <summary>Where an alias shall point.</summary>
    /// <param name="Number">A version's number.</param>
    internal sealed record AliasTarget(int? Number);
}
