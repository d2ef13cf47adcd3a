using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Api.Http;
using TriOps.Api.Oip;
using TriOps.Api.Resources;
using TriOps.Core;
using TriOps.Core.Governance;
using TriOps.Core.Storage;

namespace TriOps.Api;

/// <summary>The one place DI and routing learn of the HTTP API.</summary>
public static class ApiServices
{
    /// <summary>Adds what the endpoints need; wants Core's stores, the ports (IDocuments&lt;IdempotencyEntry&gt; and IStorageHealth too),
    /// IUploadLinks, IWorkflows and AddTriOpsServing.</summary>
    public static IServiceCollection AddTriOpsApi(this IServiceCollection services)
    {
        services.AddRouting();
        services.Configure<JsonOptions>(o => TriOpsJson.Apply(o.SerializerOptions));
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true); // So that binding errors become problem documents too.
        return services;
    }

    /// <summary>Maps every route: what <see cref="MapTriOpsServing"/> maps, and the rest of the REST API under /api. The endpoints answer
    /// their own errors, whatever pipeline they run in; who may ask, <see cref="Security.RequestGuard"/> decides before them, by the role
    /// that each declares.</summary>
    public static void MapTriOpsApi(this IEndpointRouteBuilder endpoints)
    {
        MapServing(endpoints, StorageParts.All, OpenApiDocument.All);
        var root = endpoints.MapGroup("").WithProblems();
        ProjectsApi.MapSchema(root);

        var api = root.MapGroup("/api");
        ProjectsApi.Map(api.MapGroup("").WithTags("Projects"));
        DatasetsApi.Map(api.MapGroup("").WithTags("Datasets"));
        WorkflowsApi.Map(api.MapGroup("").WithTags("Workflows"));
        RunsApi.Map(api.MapGroup("").WithTags("Runs"));
        ModelsApi.Map(api.MapGroup("").WithTags("Models"));
        DeploymentsApi.Map(api.MapGroup("").WithTags("Deployments"));
        LineageApi.Map(api.MapGroup("").WithTags("Governance"));
    }

    /// <summary>Maps what answers applications and probes, and nothing that controls: the Open Inference Protocol under /v2, predictions
    /// and feedback under /api, health, the OpenAPI document of what is mapped, and a problem document for whatever no route takes. Wants
    /// no workflows, uploads or activities, and of the storage blobs and tables alone.</summary>
    public static void MapTriOpsServing(this IEndpointRouteBuilder endpoints) =>
        MapServing(endpoints, StorageParts.Blobs | StorageParts.Tables, OpenApiDocument.Serving);

    private static void MapServing(IEndpointRouteBuilder endpoints, StorageParts needs, string document)
    {
        var root = endpoints.MapGroup("").WithProblems();
        HealthApi.Map(root, needs);
        OipApi.Map(endpoints, needs); // Its errors have a shape of their own.
        OpenApiDocument.Map(root, document);
        PredictApi.Map(root.MapGroup("/api").WithTags("Predictions"));
        root.Map("/api/{**rest}", UnknownRoute.AnswerAsync).ExcludeFromDescription().For(RouteRole.Anyone);
        root.Map("/{**rest}", UnknownRoute.AnswerAsync).WithOrder(int.MaxValue).ExcludeFromDescription().For(RouteRole.Anyone);
    }
}
