using System.Net;
using TriOps.Serving.Tests;
using TriOps.Testing.Fakes;

namespace TriOps.Api.Tests;

/// <summary>A key that nobody knows is a mistake, in every body that is sent.</summary>
public sealed class StrictBodyTests : IAsyncLifetime
{
    private readonly ApiHost api = new();

    public async ValueTask InitializeAsync()
    {
        await api.InitializeAsync();
        await api.ServeAsync();
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Theory]
    [InlineData("POST", "/api/deployments", """{"project":"demo","model":"diagnosis","version":1,"aproval":"1h"}""", "aproval", "approval")]
    [InlineData("POST", "/api/projects/demo/pipelines/diagnosis/runs", """{"datasetversion_":1}""", "datasetversion_", "datasetVersion")]
    [InlineData("POST", "/api/projects/demo/datasets/tumours/uploads", """{"flie":"a.csv"}""", "flie", "file")]
    [InlineData("POST", "/api/projects/demo/deployments/tumours/check", """{"form":"2026-01-01T12:00:00Z"}""", "form", "from")]
    [InlineData("POST", "/api/projects/demo/deployments/tumours/feedback", """{"labels":[{"id":"a","lable":"x"}]}""", "lable", "label")]
    [InlineData("POST", "/api/workflows/w/terminate", """{"raeson":"x"}""", "raeson", "reason")]
    [InlineData("POST", "/api/workflows/w/approval", """{"aproved":true}""", "aproved", "approved")]
    [InlineData("PUT", "/api/projects/demo/models/diagnosis/aliases/champion", """{"nubmer":1}""", "nubmer", "number")]
    public async Task Body_WithAKeyNobodyKnows_IsRefusedWithTheNearest(string method, string path, string body, string key, string meant)
    {
        var refused = await api.SendAsync(new HttpMethod(method), path, body);
        refused.IsProblem(400, "key-unknown");
        Assert.Contains($"unknown key '{key}'. Did you mean '{meant}'? Known here: ", refused["detail"]
            .GetString(), StringComparison.Ordinal);
        Assert.Empty(api.Get<FakeWorkflows>().Instances);
    }

    [Fact]
    public async Task Body_OfTheInferenceProtocol_IsStrictToo()
    {
        var refused = await api.PostAsync("/v2/models/demo.tumours/infer", """{"inputs":[{"name":"numbers","shpae":[1,1]}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("inputs[0]: unknown key 'shpae'. Did you mean 'shape'?", refused["error"].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_WithAKeyTwice_IsRefused() =>
        (await api.PostAsync("/api/deployments", """{"project":"demo","model":"diagnosis","version":1,"approval":"1h","approval":"0s"}"""))
            .IsProblem(400, "json-invalid");

    [Fact]
    public async Task Body_LeftOutWhereItMay_IsTheDefault() =>
        Assert.Equal(HttpStatusCode.Accepted,
            (await api.SendAsync(HttpMethod.Post,
            $"/api/projects/{TinyModels.Project}/deployments/{TinyModels.Deployment.Name}/check", "")).Status);
}
