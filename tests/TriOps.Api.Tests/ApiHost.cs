using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TriOps.Api.Security;
using TriOps.Core.Models;
using TriOps.Core.Projects;
using TriOps.Core.Signatures;
using TriOps.Core.Storage;
using TriOps.Serving;
using TriOps.Serving.Tests;
using TriOps.Testing.Fakes;

namespace TriOps.Api.Tests;

/// <summary>The API on Kestrel over memory, with one project, on a port of its own.</summary>
public sealed class ApiHost : IAsyncLifetime
{
    public const string Yaml = """
        version: 1
        project: demo
        datasets:
          tumours: {}
        pipelines:
          diagnosis:
            dataset: tumours
            task: binary
            label: diagnosis
            positive: malignant
            deploy: { name: tumours, strategy: canary, steps: [5, 25], hold: 30s, approval: 2h }
        """;

    private readonly WebApplication app;

    public ApiHost() : this(RequestGuard.For(IPAddress.Loopback, null)) { }

    internal ApiHost(RequestGuard guard)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddMemoryStores(Time).AddTriOpsServing().AddTriOpsApi().AddSingleton<IUploadLinks, FakeUploadLinks>();
        app = builder.Build();
        app.Use((context, next) => guard.InvokeAsync(context, next));
        app.MapTriOpsApi();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 12, 0, 0, TimeSpan.Zero));

    public HttpClient Http { get; private set; } = null!;

    public IServiceProvider Services => app.Services;

    /// <summary>Every route that is mapped.</summary>
    public IReadOnlyList<RouteEndpoint> Routes =>
        [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).Cast<RouteEndpoint>()];

    public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        await app.StartAsync();
        // Large bodies are announced first: a refusal then comes before the bytes, not in the middle of them.
        Http = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) {
            BaseAddress = new Uri(app.Urls.Single()) };
        await Get<ProjectStore>().ApplyAsync(Yaml, "test", default);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }

    /// <summary>Registers a version of the tiny classifier and serves it.</summary>
    public async Task<ModelVersion> ServeAsync(TableSignature? signature = null, byte[]? onnx = null)
    {
        var version = await Get<ModelRegistry>()
            .RegisterAsync(Get<IBlobs>(), onnx ?? TinyModels.Classifier(), signature ?? TinyModels.Binary);
        await Get<Core.Deployments.DeploymentTable>().ServeAsync(TinyModels.Deployment, (version.Number, 100));
        return version;
    }

    /// <summary>Sends a request and reads the answer.</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string path, string? json = null, string mediaType = "application/json",
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, mediaType);
        request.Headers.ExpectContinue = json is { Length: > 1 << 20 };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Http.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    public Task<Answer> GetAsync(string path, params (string, string)[] headers) => SendAsync(HttpMethod.Get, path, headers: headers);

    public Task<Answer> PostAsync(string path, string json, params (string, string)[] headers) =>
        SendAsync(HttpMethod.Post, path, json, headers: headers);

    public Task<Answer> PutAsync(string path, string text, string mediaType = "application/json") =>
        SendAsync(HttpMethod.Put, path, text, mediaType);

    internal sealed class FakeUploadLinks : IUploadLinks
    {
        public Task<Uri> CreateAsync(BlobPath path, TimeSpan lifetime, CancellationToken ct) =>
            Task.FromResult(new Uri($"http://127.0.0.1:1/{path.Container}/{Uri.EscapeDataString(path.Name)}?sig=secret"));
    }
}

/// <summary>What the API said.</summary>
public sealed record Answer(HttpStatusCode Status, string Text, string? MediaType, string? ETag, string? Location,
    HttpResponseHeaders Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public JsonElement this[string property] => Json.GetProperty(property);

    public string? Code => MediaType == "application/problem+json" ? this["code"].GetString() : null;

    public static async Task<Answer> ReadAsync(HttpResponseMessage response) =>
        new(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentType?.MediaType,
        response.Headers.ETag?.Tag, response.Headers.Location?.ToString(), response.Headers);

    /// <summary>That this is a problem document of a code.</summary>
    public void IsProblem(int status, string code)
    {
        Assert.True((int)Status == status, $"Expected {status} {code}, got {(int)Status} {Text}");
        Assert.Equal("application/problem+json", MediaType);
        Assert.Equal(code, this["code"].GetString());
        Assert.Equal(status, this["status"].GetInt32());
        Assert.NotEmpty(this["title"].GetString()!);
        Assert.DoesNotContain("   at ", Text, StringComparison.Ordinal);
        Assert.NotEmpty(this["detail"].GetString()!);
    }
}
