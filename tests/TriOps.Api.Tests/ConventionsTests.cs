using System.Net;
using System.Text.Json;
using TriOps.Core.Content;
using TriOps.Core.Storage;
using TriOps.Serving.Tests;
using TriOps.Testing.Fakes;

namespace TriOps.Api.Tests;

public sealed class ConventionsTests : IAsyncLifetime
{
    private const string Deploy = """{"project":"demo","model":"diagnosis","version":1}""";
    private readonly ApiHost api = new();

    public ValueTask InitializeAsync() => api.InitializeAsync();
    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task ETag_Unchanged_IsNotSentAgain()
    {
        var first = await api.GetAsync("/api/projects/demo");
        Assert.NotNull(first.ETag);
        var second = await api.GetAsync("/api/projects/demo", ("If-None-Match", first.ETag!));
        Assert.Equal((HttpStatusCode.NotModified, ""), (second.Status, second.Text));
        Assert.Equal(HttpStatusCode.NotModified,
            (await api.GetAsync("/api/projects/demo", ("If-None-Match", $"\"x\", W/{first.ETag}"))).Status);
        await api.PutAsync("/api/projects/demo", ApiHost.Yaml + "\ndescription: changed", "application/yaml");
        var changed = await api.GetAsync("/api/projects/demo", ("If-None-Match", first.ETag!));
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.NotEqual(first.ETag, changed.ETag);
    }

    [Fact]
    public async Task Head_OfAThing_IsItsHeadersAlone()
    {
        var head = await api.SendAsync(HttpMethod.Head, "/api/projects/demo");
        Assert.Equal((HttpStatusCode.OK, "", (await api.GetAsync("/api/projects/demo")).ETag), (head.Status, head.Text, head.ETag));
    }

    [Fact]
    public async Task Idempotency_SameKeyAndBody_IsAnsweredTheSameAndStartsOnce()
    {
        await api.ServeAsync();
        var first = await api.PostAsync("/api/deployments", Deploy, ("Idempotency-Key", "k1"));
        var again = await api.PostAsync("/api/deployments", Deploy, ("Idempotency-Key", "k1"));
        Assert.Equal((first.Status, first.Text, first.Location, first.MediaType),
            (again.Status, again.Text, again.Location, again.MediaType));
        Assert.Equal(HttpStatusCode.Accepted, again.Status);
        Assert.NotEqual(first.Text, (await api.PostAsync("/api/deployments", Deploy, ("Idempotency-Key", "k2"))).Text);
        Assert.NotEqual(first.Text, (await api.PostAsync("/api/deployments", Deploy)).Text);
        Assert.Equal(3, api.Get<FakeWorkflows>().Instances.Count);
    }

    [Fact]
    public async Task Idempotency_SameKeyOtherBody_IsAConflict()
    {
        await api.ServeAsync();
        await api.PostAsync("/api/deployments", Deploy, ("Idempotency-Key", "k1"));
        (await api.PostAsync("/api/deployments", Deploy.Replace("1}", "1 }", StringComparison.Ordinal), ("Idempotency-Key", "k1")))
            .IsProblem(409, "idempotency-key-reused");
        Assert.Single(api.Get<FakeWorkflows>().Instances);
    }

    [Fact]
    public async Task Idempotency_RefusedThenCorrected_GoesThrough()
    {
        (await api.PostAsync("/api/deployments", Deploy, ("Idempotency-Key", "k1"))).IsProblem(404, "model-version-missing");
        await api.ServeAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await api.PostAsync("/api/deployments", Deploy, ("Idempotency-Key", "k1"))).Status);
    }

    [Fact]
    public async Task Idempotency_ADayLater_TheKeyIsFree()
    {
        await api.ServeAsync();
        await api.PostAsync("/api/deployments", Deploy, ("Idempotency-Key", "k1"));
        api.Time.Advance(TimeSpan.FromHours(25));
        Assert.Equal(HttpStatusCode.Accepted, (await api.PostAsync("/api/deployments", Deploy + " ", ("Idempotency-Key", "k1"))).Status);
    }

    [Fact]
    public async Task Idempotency_Sweep_RemovesTheExpiredRowsNearTheNewOneAndNoOthers()
    {
        await api.ServeAsync();
        var (entries, now) = (api.Get<IDocuments<IdempotencyEntry>>(), api.Time.GetUtcNow());
        var row = ContentId.OfBytes("/api/deployments\nk1\nlocal"u8.ToArray()).Hex;
        var (partition, near) = (row[..1], row[..2]);
        var far = near[1] == '0' ? $"{partition}1" : $"{partition}0";
        foreach (var (prefix, age) in new[] { ($"{near}expired", 25), ($"{near}standing", 23), ($"{far}expired", 25) })
            await entries.InsertAsync(new(partition, prefix), new(ContentId.OfBytes([]), now.AddHours(-age)), default);

        await api.PostAsync("/api/deployments", Deploy, ("Idempotency-Key", "k1"));

        Assert.Null(await entries.FindAsync(new(partition, $"{near}expired"), default));
        Assert.NotNull(await entries.FindAsync(new(partition, row), default));
        Assert.NotNull(await entries.FindAsync(new(partition, $"{near}standing"), default));
        Assert.NotNull(await entries.FindAsync(new(partition, $"{far}expired"), default));
    }

    [Fact]
    public async Task Idempotency_LongKey_IsRefused() =>
        (await api.PostAsync("/api/deployments", Deploy, ("Idempotency-Key", new string('k', 256))))
            .IsProblem(400, "idempotency-key-invalid");

    [Fact]
    public async Task Errors_OfTheHttpLayer_AreProblemsToo()
    {
        (await api.SendAsync(HttpMethod.Post, "/api/deployments", Deploy, "text/csv")).IsProblem(415, "media-type");
        (await api.PostAsync("/api/deployments", "{\"project\":\"" + new string('x', 2 << 20) + "\"}")).IsProblem(413, "request-too-large");
        (await api.PostAsync("/api/deployments", string.Concat(Enumerable.Repeat("{\"steps\":[", 200)))).IsProblem(400, "json-invalid");
        (await api.GetAsync("/api/nothing/here")).IsProblem(404, "route-missing");
        var wrong = await api.SendAsync(HttpMethod.Delete, "/api/projects/demo");
        wrong.IsProblem(405, "method-not-allowed");
        Assert.Contains("/api/projects/demo takes GET, HEAD, PUT", wrong.Text, StringComparison.Ordinal);
        (await api.PutAsync("/api/projects/demo", "# " + new string('x', 2 << 20), "application/yaml")).IsProblem(413, "request-too-large");
    }

    [Fact]
    public async Task Health_ProcessAndStorage_AnswerSeparately()
    {
        Assert.Equal("live", (await api.GetAsync("/healthz"))["status"].GetString());
        Assert.Equal("ready", (await api.GetAsync("/readyz"))["status"].GetString());
    }

    [Fact]
    public async Task Readiness_WithoutAPartOfTheStorage_NamesIt()
    {
        api.Get<FakeStorageHealth>().Away = StorageParts.Queues | StorageParts.Tables;
        var ready = await api.GetAsync("/readyz");
        ready.IsProblem(503, "storage-unavailable");
        Assert.StartsWith("Queues do not answer. Tables do not answer.", ready["detail"].GetString(), StringComparison.Ordinal);
        Assert.Equal("1", ready.Headers.RetryAfter?.ToString());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await api.GetAsync("/v2/health/ready")).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/healthz")).Status);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/v2")]
    [InlineData("/v2/health/live")]
    [InlineData("/v2/health/ready")]
    [InlineData("/openapi/v1.json")]
    public async Task Head_OfWhatProbesAsk_IsAnsweredWithoutABody(string path)
    {
        var head = await api.SendAsync(HttpMethod.Head, path);
        Assert.Equal((HttpStatusCode.OK, ""), (head.Status, head.Text));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/nothing/here")]
    [InlineData("/favicon.ico")]
    public async Task Route_NobodyHas_IsAProblemAnywhere(string path)
    {
        var missing = await api.GetAsync(path);
        missing.IsProblem(404, "route-missing");
        (await api.PostAsync(path, "{}")).IsProblem(404, "route-missing");
    }

    [Fact]
    public async Task Schema_OfTheProjectFile_IsServed()
    {
        var schema = await api.GetAsync("/schemas/triops.schema.json");
        Assert.Equal((HttpStatusCode.OK, "application/schema+json", JsonValueKind.Object),
            (schema.Status, schema.MediaType, schema["properties"].ValueKind));
        Assert.NotNull(schema.ETag);
    }

    [Fact]
    public async Task OpenApi_Document_DescribesTheRoutes()
    {
        var document = await api.GetAsync("/openapi/v1.json");
        Assert.Equal(HttpStatusCode.OK, document.Status);
        var paths = document["paths"];
        foreach (var path in (string[])["/api/projects/{p}", "/api/deployments", "/api/projects/{p}/deployments/{d}/predict",
            "/api/workflows/{id}/approval", "/v2/models/{model}/infer", "/readyz"])
            Assert.True(paths.TryGetProperty(path, out _), path);
        var deploy = paths.GetProperty("/api/deployments").GetProperty("post");
        Assert.Equal("Brings a model version into service", deploy.GetProperty("summary").GetString());
        Assert.True(deploy.GetProperty("responses").GetProperty("409").GetProperty("content")
            .TryGetProperty("application/problem+json", out _));
        var name = paths.GetProperty("/api/projects/{p}").GetProperty("get").GetProperty("parameters")[0].GetProperty("schema");
        Assert.Equal("string", name.GetProperty("type").GetString());
    }
}
