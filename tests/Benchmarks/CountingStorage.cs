using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TriOps.Azurite;
using TriOps.Core.Steps;

namespace TriOps.Benchmarks;

/// <summary>Stands between processes and Azurite and counts what they ask, whichever process it is.</summary>
internal sealed class CountingStorage : IAsyncDisposable
{
    private readonly AzuriteProcess azurite;
    private readonly WebApplication app;
    private readonly HttpClient http = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None, UseProxy = false });
    private readonly ConcurrentDictionary<Operation, int> counts = [];

    private CountingStorage(AzuriteProcess azurite, WebApplication app) => (this.azurite, this.app) = (azurite, app);

    /// <summary>For the Azure SDKs.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Starts both.</summary>
    public static async Task<CountingStorage> StartAsync(string folder)
    {
        var azurite =
            await AzuriteProcess.StartAsync(await AzuriteInstall.EnsureAsync(null, CancellationToken.None), folder, CancellationToken.None);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Limits.MaxRequestBodySize = null);
        builder.WebHost.UseUrls("http://127.0.0.1:0", "http://127.0.0.1:0", "http://127.0.0.1:0");
        var app = builder.Build();
        var storage = new CountingStorage(azurite, app);
        var targets = new Dictionary<int, (Service Service, int Port)>();
        app.Run(context => targets.TryGetValue(context.Connection.LocalPort, out var target)
            ? storage.ForwardAsync(context, target.Service, target.Port) : Task.CompletedTask);
        await app.StartAsync();
        int[] ports = [.. app.Urls.Select(u => new Uri(u).Port)];
        (targets[ports[0]], targets[ports[1]], targets[ports[2]]) =
            ((Service.Blob, azurite.Endpoints.Blob), (Service.Queue, azurite.Endpoints.Queue), (Service.Table, azurite.Endpoints.Table));
        storage.ConnectionString = new AzuriteEndpoints(ports[0], ports[1], ports[2]).ConnectionString;
        return storage;
    }

    /// <summary>What was asked since the last time.</summary>
    public IReadOnlyDictionary<Operation, int> Take()
    {
        var taken = counts.ToDictionary();
        counts.Clear();
        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        http.Dispose();
        await azurite.DisposeAsync();
    }

    private async Task ForwardAsync(HttpContext context, Service service, int port)
    {
        var incoming = context.Request;
        counts.AddOrUpdate(Operation.Of(service, incoming), 1, (_, n) => n + 1);
        using var request =
            new HttpRequestMessage(new HttpMethod(incoming.Method),
            $"http://127.0.0.1:{port}{context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget}");
        if (incoming.ContentLength is not null || incoming.Headers.TransferEncoding.Count > 0)
            request.Content = new StreamContent(incoming.Body);
        foreach (var (name, value) in incoming.Headers.Where(h => h.Key is not ("Host" or "Connection" or "Transfer-Encoding" or "Expect")))
            if (!request.Headers.TryAddWithoutValidation(name, [.. value]))
                request.Content?.Headers.TryAddWithoutValidation(name, [.. value]);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, value) in response.Headers.Concat(response.Content.Headers)
            .Where(h => h.Key is not ("Transfer-Encoding" or "Connection" or "Keep-Alive"))) context.Response.Headers[name] =
            value.ToArray();
        if (response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified || incoming.Method == "HEAD") return;
        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}

/// <summary>A service of a storage account.</summary>
internal enum Service { Blob, Queue, Table }

/// <summary>A kind of operation on a container, queue or table, as it is priced.</summary>
/// <param name="Service">Which service.</param>
/// <param name="Name">Of the container, queue or table.</param>
/// <param name="Kind">"read", "write", "list" or "other" for blobs; "put", "get", "delete" or "other" for queues; "query" or "write" for
/// tables.</param>
internal sealed record Operation(Service Service, string Name, string Kind)
{
    public static Operation Of(Service service, HttpRequest request)
    {
        var (path, query) = (request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries), request.Query);
        var name = path.Length < 2 ? "" : path[1].Split('(')[0];
        return service switch
        {
            Service.Blob =>
                new(service, name, query["comp"] == "list" ? "list"
                : request.Method switch
                { "PUT" when query["comp"].ToString() is "" or "block" or "blocklist" => "write", "GET"
                or "HEAD" => "read", _ => "other" }),
            Service.Queue =>
            new(service, name, path is [_, _, "messages", ..]
            ? request.Method switch { "POST" => "put", "GET" => "get", "DELETE" => "delete", _ => "other" } : "other"),
            _ => new(service, name == "$batch" ? "batch" : name, request.Method == "GET" ? "query" : "write"),
        };
    }
}
