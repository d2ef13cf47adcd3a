using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.OpenApi;
using TriOps.Core.Content;
using TriOps.Core.Experiments;
using TriOps.Core.Signatures;
using TriOps.Core.Storage;
using TriOps.Serving;
using TriOps.Testing.Fakes;

namespace TriOps.Api.Tests.OpenApi;

/// <summary>Makes the OpenAPI document of the routes as they are.</summary>
internal static class LiveDocument
{
    private const string Description = "Lists are {items, next}: send next as ?after=. Errors are problem documents with a stable code. "
        + "Commands answer 202 with a workflow to follow, "
        + "and honour Idempotency-Key. Single things carry an ETag and honour If-None-Match.";

    private static readonly JsonSerializerOptions Format =
        new() { WriteIndented = true, IndentSize = 1, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document as it is written down.</summary>
    public static async Task<string> MakeAsync(Action<IEndpointRouteBuilder> map)
    {
        var builder =
            WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(ApiServices).Assembly.GetName().Name });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddMemoryStores().AddTriOpsServing().AddTriOpsApi().AddSingleton<IUploadLinks, ApiHost.FakeUploadLinks>()
            .AddOpenApi("live", Shape);
        await using var app = builder.Build();
        map(app);
        app.MapOpenApi("/{documentName}.json");
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        var document = JsonNode.Parse(await http.GetStringAsync("/live.json"))!.AsObject();
        document.Remove("servers"); // Wherever it is asked for.
        return document.ToJsonString(Format) + "\n";
    }

    private static void Shape(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            (document.Info.Title, document.Info.Version, document.Info.Description) = ("TriOps", "1", Description);
            return Task.CompletedTask;
        });
        // Names and content ids are strings on the wire, and what comes in kinds has its kind in it; their converters hide that from the
        // generator.
        options.AddSchemaTransformer(async (schema, context, ct) =>
        {
            var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
            if (type == typeof(ContentId)) (schema.Type, schema.Pattern) = (JsonSchemaType.String, "^[0-9a-f]{64}$");
            else if (type.Namespace == "TriOps.Core.Names") (schema.Type, schema.Pattern) =
                (JsonSchemaType.String, "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$");
            else if (type == typeof(TrialArtifacts)) await ArtifactsAsync(schema, context, ct);
        });
    }

    private static async Task ArtifactsAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        var signature = await context.GetOrCreateSchemaAsync(typeof(TableSignature), null, ct);
        signature.Properties!["kind"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["table"] };
        (signature.Required ??= new HashSet<string>()).Add("kind");
        schema.Type = JsonSchemaType.Object;
        schema.Required = new HashSet<string> { "files", "signature", "reference", "importance" };
        schema.Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["files"] = await context.GetOrCreateSchemaAsync(typeof(IReadOnlyList<ModelFile>), null, ct),
            ["signature"] = signature,
            ["reference"] = await context.GetOrCreateSchemaAsync(typeof(ContentId), null, ct),
            ["importance"] = await context.GetOrCreateSchemaAsync(typeof(IReadOnlyList<FeatureImportance>), null, ct),
            ["baseline"] = await context.GetOrCreateSchemaAsync(typeof(ContentId), null, ct),
        };
    }
}
