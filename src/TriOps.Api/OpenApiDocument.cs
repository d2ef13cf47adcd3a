using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using TriOps.Core.Content;

namespace TriOps.Api;

/// <summary>/openapi/v1.json.</summary>
internal static class OpenApiDocument
{
    public static IServiceCollection AddTriOpsOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "TriOps";
            document.Info.Description = "Lists are {items, next}: send next as ?after=. Errors are problem documents with a stable code. Commands answer 202 with a workflow to follow, and honour Idempotency-Key. "
                + "Single things carry an ETag and honour If-None-Match.";
            return Task.CompletedTask;
        });
        // Names and content ids are strings on the wire; their converters hide that from the generator.
        options.AddSchemaTransformer((schema, context, _) =>
        {
            var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
            if (type == typeof(ContentId)) (schema.Type, schema.Pattern) = (JsonSchemaType.String, "^[0-9a-f]{64}$");
            else if (type.Namespace == "TriOps.Core.Names") (schema.Type, schema.Pattern) = (JsonSchemaType.String, "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$");
            return Task.CompletedTask;
        });
    });
}
