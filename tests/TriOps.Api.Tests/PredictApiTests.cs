using System.Net;
using System.Text;
using TriOps.Core.Deployments;
using TriOps.Core.Models;
using TriOps.Core.Storage;
using TriOps.Serving.Logging;
using TriOps.Serving.Tests;

namespace TriOps.Api.Tests;

public sealed class PredictApiTests : IAsyncLifetime
{
    private const string Predict = "/api/projects/demo/deployments/tumours/predict";
    private const string Feedback = "/api/projects/demo/deployments/tumours/feedback";
    private readonly ApiHost api = new();

    public ValueTask InitializeAsync() => api.InitializeAsync();
    public ValueTask DisposeAsync() => api.DisposeAsync();

    private async Task<List<InferenceRecord>> LogAsync()
    {
        await api.Get<InferenceLogWriter>().FlushAsync(default);
        var found = new List<InferenceRecord>();
        await foreach (var record in api.Get<InferenceLog>()
            .ReadRequestsAsync(TinyModels.Deployment, DateTimeOffset.UnixEpoch.AddYears(56), api.Time.GetUtcNow()
            .AddSeconds(1), default)) found.Add(record);
        return found;
    }

    [Fact]
    public async Task Predict_Rows_AreAnsweredInOrderAndLogged()
    {
        await api.ServeAsync();
        var answer =
            await api.PostAsync(Predict,
            """{"rows":[{"radius":2,"texture":1,"site":"left"},{"texture":9},{"site":"unheard of","radius":"0.0"}]}""");
        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.Status, answer.MediaType));
        Assert.Equal((1, 1), (answer["revision"].GetInt32(), answer["modelVersion"].GetInt32()));
        var predictions = answer["predictions"].EnumerateArray().ToList();
        Assert.Equal(["malignant", "benign", "benign"], predictions.Select(p => p.GetProperty("label").GetString()));
        Assert.Equal(0.8808, predictions[0].GetProperty("probabilities").GetProperty("malignant").GetDouble(), 4);
        Assert.Equal(0.5, predictions[2].GetProperty("probabilities").GetProperty("benign").GetDouble(), 6);
        var log = await LogAsync();
        Assert.Equal(predictions.Select(p => p.GetProperty("id").GetString()).Order(), log.Select(r => r.Id).Order());
        var first = log.Single(r => r.Id == predictions[0].GetProperty("id").GetString());
        Assert.Equal([2f, 1f], first.Numbers);
        Assert.Equal(["left"], first.Categories);
        Assert.Equal(0.8808, first.Outputs[1], 4);
        Assert.Null(first.Error);
    }

    [Fact]
    public async Task Predict_Regression_IsAValue()
    {
        await api.ServeAsync(TinyModels.Regression, TinyModels.Regressor());
        Assert.Equal(13, (await api.PostAsync(Predict, """{"rows":[{"radius":2,"texture":3}]}"""))["predictions"][0]
            .GetProperty("value").GetDouble());
        // Missing numbers reach this model as NaN, and JSON has no NaN.
        Assert.Equal("NaN", (await api.PostAsync(Predict, """{"rows":[{"radius":2}]}"""))["predictions"][0]
            .GetProperty("value").GetString());
    }

    [Theory]
    [InlineData("""{"rows":[{"radius":1,"texture":2,"site":"left"}]}""", null)]
    [InlineData("""{"rows":[{"radius":1}]}""", "texture site")]
    [InlineData("""{"rows":[{"texture":null}]}""", "radius site")]
    [InlineData("""{"rows":[{"site":"left","texture":1}]}""", "radius")]
    [InlineData("""{"rows":[{"radius":1,"texture":2,"site":"left"},{"radius":1,"site":"left"},{"texture":1,"site":"x"}]}""",
        "radius texture")]
    [InlineData("""{"rows":[{}]}""", "radius texture site")]
    public async Task Predict_ColumnsThatRowsLack_AreToldInTheAnswer(string body, string? absent)
    {
        await api.ServeAsync();
        var answer = await api.PostAsync(Predict, body);
        Assert.Equal(absent, answer.Json.TryGetProperty("absent", out var names)
            ? string.Join(' ', names.EnumerateArray().Select(n => n.GetString())) : null);
    }

    [Theory]
    [InlineData("""{"rows":[{"radios":1}]}""", "column-unknown")]
    [InlineData("""{"rows":[{"radius":"wide"}]}""", "value-invalid")]
    [InlineData("""{"rows":[{"radius":1,"radius":1}]}""", "column-twice")]
    [InlineData("""{"rows":""", "json-invalid")]
    [InlineData("", "json-invalid")]
    public async Task Predict_RowsThatDoNotFit_AreRefusedAndNotLogged(string body, string code)
    {
        await api.ServeAsync();
        (await api.PostAsync(Predict, body)).IsProblem(400, code);
        Assert.Empty(await LogAsync());
    }

    [Fact]
    public async Task Predict_Chunked_IsReadWhole()
    {
        await api.ServeAsync();
        var rows = string.Join(',', Enumerable.Range(0, 5000).Select(i => $"{{\"radius\":{i % 10},\"site\":\"left\"}}"));
        using var request =
            new HttpRequestMessage(HttpMethod.Post,
            Predict) { Content = new StringContent($"{{\"rows\":[{rows}]}}", Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = true;
        using var response = await api.Http.SendAsync(request);
        Assert.Equal(5000, (await Answer.ReadAsync(response))["predictions"].GetArrayLength());
    }

    [Fact]
    public async Task Predict_WhatIsNotThere_SaysSo()
    {
        (await api.PostAsync(Predict, """{"rows":[{}]}""")).IsProblem(404, "deployment-missing");
        var bad = await api.PostAsync("/api/projects/demo/deployments/Bad!/predict", """{"rows":[{}]}""");
        bad.IsProblem(400, "request-invalid");
        Assert.Contains("'Bad!' is not a deployment name", bad["detail"].GetString(), StringComparison.Ordinal);
        await api.ServeAsync();
        (await api.SendAsync(HttpMethod.Post, Predict, "radius\n1", "text/csv")).IsProblem(415, "media-type");
        (await api.PostAsync(Predict, "{\"rows\":[{\"site\":\"" + new string('x', 17 << 20) + "\"}]}")).IsProblem(413, "request-too-large");
    }

    [Fact]
    public async Task Predict_ModelFileIsGone_IsUnavailableAndLoggedAsItsError()
    {
        var version = await api.ServeAsync();
        await api.Get<IBlobs>().DeleteAsync(ModelPaths.Onnx(version.Artifacts.Files.Graph.Id), default);
        var answer = await api.PostAsync(Predict, """{"rows":[{"radius":1}]}""");
        answer.IsProblem(503, "model-unavailable");
        Assert.Equal("1", answer.Headers.RetryAfter?.ToString());
        var record = Assert.Single(await LogAsync());
        Assert.Equal((1, 1), (record.Revision, record.Version));
        Assert.Contains("no model file", record.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_CanaryWithRequestIds_KeepsEachOnItsRevision()
    {
        await api.ServeAsync();
        await api.ServeAsync();
        await api.Get<DeploymentTable>().ServeAsync(TinyModels.Deployment, (1, 70), (2, 30));
        var canary = 0;
        for (var i = 0; i < 100; i++)
        {
            var first = (await api.PostAsync(Predict, """{"rows":[{}]}""", ("X-Request-Id", $"r{i}")))["revision"].GetInt32();
            if (i < 10)
                Assert.Equal(first, (await api.PostAsync(Predict, """{"rows":[{}]}""", ("X-Request-Id", $"r{i}")))["revision"].GetInt32());
            canary += first == 2 ? 1 : 0;
        }
        Assert.InRange(canary, 15, 45);
    }

    [Fact]
    public async Task Feedback_Labels_AreReadBack()
    {
        await api.ServeAsync();
        var answer = await api.PostAsync(Feedback, """{"labels":[{"id":"a","label":"benign"},{"id":"b","label":"malignant"}]}""");
        Assert.Equal((HttpStatusCode.Accepted, 2), (answer.Status, answer["accepted"].GetInt32()));
        var labels = await api.Get<InferenceLog>()
            .ReadLabelsAsync(TinyModels.Deployment, api.Time.GetUtcNow().AddHours(-1), api.Time.GetUtcNow().AddHours(1), default);
        Assert.Equal("malignant", labels["b"]);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"labels":[]}""")]
    [InlineData("""{"labels":[null]}""")]
    [InlineData("""{"labels":[{"id":"a"}]}""")]
    [InlineData("""{"labels":[{"label":"benign"}]}""")]
    public async Task Feedback_WithoutIdOrLabel_IsRefused(string body)
    {
        await api.ServeAsync();
        (await api.PostAsync(Feedback, body)).IsProblem(400, "labels-invalid");
    }
}
