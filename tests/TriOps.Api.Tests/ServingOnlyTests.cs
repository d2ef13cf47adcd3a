using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TriOps.Serving;
using TriOps.Serving.Tests;
using TriOps.Testing.Fakes;

namespace TriOps.Api.Tests;

/// <summary>The endpoints of serving by themselves: no workflows, no upload links, no control plane.</summary>
public sealed class ServingOnlyTests : IAsyncLifetime
{
    private readonly WebApplication app;

    private HttpClient Http { get; set; } = null!;

    public ServingOnlyTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddMemoryStores().AddTriOpsServing().AddTriOpsApi();
        app = builder.Build();
        app.MapTriOpsServing();
    }

    public async ValueTask InitializeAsync()
    {
        await app.StartAsync();
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public void MapTriOpsServing_Routes_AreThoseOfServing()
    {
        var routes = ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Where(m => m != "HEAD")
            .Select(m => $"{m} {e.RoutePattern.RawText!.TrimEnd('/')}")).Order(StringComparer.Ordinal);

        Assert.Equal([
            "GET /healthz", "GET /openapi/v1.json", "GET /readyz", "GET /v2", "GET /v2/health/live", "GET /v2/health/ready",
            "GET /v2/models/{model}", "GET /v2/models/{model}/ready", "GET /v2/models/{model}/versions/{version}",
            "GET /v2/models/{model}/versions/{version}/ready",
            "POST /api/projects/{p}/deployments/{d}/feedback", "POST /api/projects/{p}/deployments/{d}/predict",
            "POST /v2/models/{model}/infer", "POST /v2/models/{model}/versions/{version}/infer",
        ], routes);
    }

    [Fact]
    public async Task MapTriOpsServing_ModelServed_PredictsAndTakesFeedbackWithoutTheControlPlane()
    {
        var version = await app.Services.GetRequiredService<Core.Models.ModelRegistry>()
            .RegisterAsync(app.Services.GetRequiredService<Core.Storage.IBlobs>(), TinyModels.Classifier(), TinyModels.Binary);
        await app.Services.GetRequiredService<Core.Deployments.DeploymentTable>().ServeAsync(TinyModels.Deployment, (version.Number, 100));
        var path = $"/api/projects/{TinyModels.Deployment.Project}/deployments/{TinyModels.Deployment.Name}";

        var predicted = await PostAsync($"{path}/predict", """{"rows":[{}]}""");
        var fed = await PostAsync($"{path}/feedback",
            $$"""{"labels":[{"id":"{{predicted["predictions"][0].GetProperty("id").GetString()}}","label":"malignant"}]}""");
        var project = await Answer.ReadAsync(await Http.GetAsync("/api/projects"));

        Assert.Equal(HttpStatusCode.OK, predicted.Status);
        Assert.Equal(HttpStatusCode.Accepted, fed.Status);
        project.IsProblem(404, "route-missing");
    }

    [Fact]
    public async Task Ready_ProcessAskedToEnd_Is503WhileItStillAnswers()
    {
        var before = await Http.GetAsync("/readyz");
        app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        (await Answer.ReadAsync(await Http.GetAsync("/readyz"))).IsProblem(503, "stopping");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Http.GetAsync("/v2/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Http.GetAsync("/healthz")).StatusCode);
    }

    private async Task<Answer> PostAsync(string path, string json) =>
        await Answer.ReadAsync(await Http.PostAsync(path, new StringContent(json, System.Text.Encoding.UTF8, "application/json")));
}
