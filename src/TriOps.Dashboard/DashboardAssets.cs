using System.Collections.Frozen;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TriOps.Core.Content;
using TriOps.Core.Governance;

namespace TriOps.Dashboard;

/// <summary>The style sheet, the script and the icon: embedded in the assembly, served under a URL that holds their hash, cached for a
/// year.</summary>
public static class DashboardAssets
{
    private static readonly FrozenDictionary<string, (byte[] Bytes, string Type, string Url)> Assets = new[]
    {
        Load("app.css", "text/css; charset=utf-8"), Load("app.js", "text/javascript; charset=utf-8"), Load("icon.svg", "image/svg+xml"),
    }.ToFrozenDictionary(a => a.Name, a => (a.Bytes, a.Type, a.Url));

    /// <summary>Where an asset is.</summary>
    public static string Url(string name) => Assets[name].Url;

    /// <summary>Serves them.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (bytes, type, url) in Assets.Values)
            routes.MapGet(url, (HttpResponse response) =>
            {
                response.Headers.CacheControl = "public, max-age=31536000, immutable";
                return TypedResults.Bytes(bytes, type);
            }).ExcludeFromDescription().WithMetadata(RouteRole.Anyone);
    }

    private static (string Name, byte[] Bytes, string Type, string Url) Load(string name, string type)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The asset {name} is not embedded.");
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return (name, buffer.ToArray(), type, $"/assets/{ContentId.OfBytes(buffer.ToArray()).Short}/{name}");
    }
}
