using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TriOps.Api.Http;
using TriOps.Core.Governance;

namespace TriOps.Api;

/// <summary>/openapi/v1.json: written down beside this file, because making it takes seconds, which a process that has just started would
/// spend on the first who asks. A test holds that it describes the routes; with TRIOPS_RECORD=1 it writes them anew.</summary>
internal static class OpenApiDocument
{
    /// <summary>Of every route, and of those that serving has.</summary>
    public const string All = "openapi.json", Serving = "openapi-serving.json";

    /// <summary>Maps the document.</summary>
    public static void Map(IEndpointRouteBuilder root, string document)
    {
        var bytes = new Lazy<byte[]>(() => Read(document));
        root.MapRead("/openapi/v1.json", () => new TaggedText(bytes.Value, "application/json; charset=utf-8"), "This document",
            RouteRole.Anyone).ExcludeFromDescription();
    }

    private static byte[] Read(string document)
    {
        using var stream = typeof(OpenApiDocument).Assembly.GetManifestResourceStream(document)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
