using System.Net;
using System.Text;
using System.Text.Json;
using TriOps.Testing;

namespace TriOps.Inference.Tests;

public sealed class InferenceServerTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private static readonly object OneRow = new { rows = new[] { new { radius = 2.0, texture = 1.0, site = "left" } } };

    [Fact]
    public async Task Server_DeploymentLeftByTheControlPlane_AnswersBothProtocolsAlike()
    {
        await using var server = await ServerUnderTest.StartAsync(azurite);

        var plain = await server.PostAsync(ServerUnderTest.Predict, OneRow);
        var tensors = await server.PostAsync("/v2/models/demo.tumours/infer", new
        {
            inputs = new object[]
            {
                new { name = "numbers", datatype = "FP32", shape = new[] { 1, 2 }, data = new[] { 2.0, 1.0 } },
                new { name = "categories", datatype = "BYTES", shape = new[] { 1, 1 }, data = new[] { "left" } },
            },
        });

        // sigmoid(2 - 1 + 1), by the tiny model's definition.
        Assert.Equal(0.8807970, plain.GetProperty("predictions")[0].GetProperty("probabilities").GetProperty("malignant").GetDouble(), 5);
        Assert.Equal(0.8807970, tensors.GetProperty("outputs").EnumerateArray()
            .Single(o => o.GetProperty("name").GetString() == "probabilities").GetProperty("data")[1].GetDouble(), 5);
        Assert.Equal("1", tensors.GetProperty("model_version").GetString());
    }

    [Fact]
    public async Task Server_ReportedLabels_AreTaken()
    {
        await using var server = await ServerUnderTest.StartAsync(azurite);
        var id = (await server.PostAsync(ServerUnderTest.Predict, OneRow)).GetProperty("predictions")[0].GetProperty("id").GetString()!;

        var answer =
            await server.PostAsync("/api/projects/demo/deployments/tumours/feedback",
            new { labels = new[] { new { id, label = "malignant" } } });

        Assert.Equal(1, answer.GetProperty("accepted").GetInt32());
    }

    [Theory]
    [InlineData("/healthz", HttpStatusCode.OK)]
    [InlineData("/readyz", HttpStatusCode.OK)]
    [InlineData("/v2/health/ready", HttpStatusCode.OK)]
    [InlineData("/openapi/v1.json", HttpStatusCode.OK)]
    [InlineData("/api/projects", HttpStatusCode.NotFound)]
    [InlineData("/api/workflows", HttpStatusCode.NotFound)]
    [InlineData("/", HttpStatusCode.NotFound)]
    public async Task Server_Routes_AreServingsAndProbes(string path, HttpStatusCode expected)
    {
        await using var server = await ServerUnderTest.StartAsync(azurite);
        Assert.Equal(expected, (await server.Http.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task Server_WithAKey_WantsItButForProbes()
    {
        const string key = "a-key-of-24-characters-x";
        await using var server = await ServerUnderTest.StartAsync(azurite, key);

        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/healthz")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Http.GetAsync("/v2/models/demo.tumours")).StatusCode);
        server.Http.DefaultRequestHeaders.Add("x-api-key", key);
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/v2/models/demo.tumours")).StatusCode);
    }

    [Fact]
    public async Task End_RequestsDuringTheNotice_AreAnsweredWhileReadinessSaysNo()
    {
        await using var server = await ServerUnderTest.StartAsync(azurite);
        await server.PostAsync(ServerUnderTest.Predict, OneRow);

        server.AskToEnd();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Http.GetAsync("/readyz")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/healthz")).StatusCode);
        await server.PostAsync(ServerUnderTest.Predict, OneRow);
        Assert.False(server.Ended.IsCompleted);
    }

    [Fact]
    public async Task End_RequestThatIsOpen_IsAnsweredAndLogged()
    {
        await using var server = await ServerUnderTest.StartAsync(azurite);
        var body = """{"rows":[{"radius":2,"texture":1}]}"""u8.ToArray();
        using var open = await server.BeginPredictionAsync(body.Length);
        server.AskToEnd();
        await server.UntilClosedAsync();

        await open.GetStream().WriteAsync(body);
        using var reader = new StreamReader(open.GetStream(), Encoding.UTF8);
        var answer = await reader.ReadToEndAsync(); // The server closes the connection after its answer.
        await server.UntilEndedAsync();

        Assert.StartsWith("HTTP/1.1 200 OK", answer, StringComparison.Ordinal);
        var id = JsonDocument.Parse(answer[answer.IndexOf("{\"predictions\"", StringComparison.Ordinal)..]).RootElement.GetProperty(
            "predictions")[0].GetProperty("id").GetString()!;
        Assert.Equal([id], await server.LoggedAsync());
        await Assert.ThrowsAsync<HttpRequestException>(() => server.Http.GetAsync("/healthz"));
    }

    [Fact]
    public async Task End_RequestThatNeverEnds_IsCutAndCostsNoRecordOfTheOthers()
    {
        await using var server = await ServerUnderTest.StartAsync(azurite);
        var id = (await server.PostAsync(ServerUnderTest.Predict, OneRow)).GetProperty("predictions")[0].GetProperty("id").GetString()!;
        using var hung = await server.BeginPredictionAsync(1000);

        server.AskToEnd();
        await server.UntilEndedAsync();

        Assert.Equal([id], await server.LoggedAsync());
    }
}
