using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using TriOps.Core.Projects;
using TriOps.Core.Settings;
using TriOps.Core.Workflows;

namespace TriOps.Functions.Tests.Web;

/// <summary>API and pages through the function that catches all requests.</summary>
public sealed class SiteTests(FunctionsApp app) : IClassFixture<FunctionsApp>
{
    [Fact]
    public async Task Json_OfTheRealEndpoints_ComesInTheDialect()
    {
        await ProjectAsync();
        using var response = await app.Http.GetAsync("/api/projects");
        Assert.Equal((HttpStatusCode.OK, "application/json"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Contains("demo", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_IsAnswered() => Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync("/healthz")).StatusCode);

    [Theory]
    [InlineData("/api/nothing/here", 404)]
    [InlineData("/api/workflows/unknown", 404)]
    [InlineData("/api/projects/nobody", 404)]
    [InlineData("/api/projects?size=0", 400)]
    public async Task Error_IsAProblemDocument(string path, int status)
    {
        using var response = await app.Http.GetAsync(path);
        Assert.Equal((status, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.NotEmpty((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()!);
    }

    [Fact]
    public async Task Put_OfBrokenJson_IsRefusedAsTheClientsFault()
    {
        await ProjectAsync();
        using var response =
            await app.Http.PutAsync("/api/projects/demo/models/m/aliases/champion",
            new StringContent("{ \"rows\": [", Encoding.UTF8, "application/json"));
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"),
            (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Body_AboveTheLimit_IsRefused()
    {
        using var request =
            new HttpRequestMessage(HttpMethod.Put, "/api/projects/demo") {
            Content = new ByteArrayContent(new byte[31_000_000]) { Headers = { ContentType = new("application/yaml") } } };
        request.Headers.ExpectContinue = true; // So that the refusal comes before the bytes.
        using var response = await app.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Method_ThatARouteDoesNotTake_IsRefused() =>
        Assert.InRange((int)(await app.Http.DeleteAsync("/healthz")).StatusCode, 404, 405);

    [Fact]
    public async Task Page_AtTheRoot_IsHtmlWithItsAssets()
    {
        await ProjectAsync();
        var html = await app.Http.GetStringAsync("/");
        Assert.Contains("demo", html, StringComparison.Ordinal);
        var path = Regex.Match(html, "href=\"(/assets/[^\"]+\\.css)\"").Groups[1].Value;
        using var css = await app.Http.GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, "text/css"), (css.StatusCode, css.Content.Headers.ContentType!.MediaType));
        Assert.Contains("immutable", css.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_OfNothing_IsNotFound() =>
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync("/nothing/here")).StatusCode);

    [Fact]
    public async Task OpenApi_DescribesTheInnerRoutesAndNotTheOuterOne()
    {
        var document = await app.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        var paths = document.GetProperty("paths").EnumerateObject().Select(p => p.Name).ToList();
        Assert.Contains("/api/projects", paths);
        Assert.DoesNotContain(paths, p => p.Contains("*path", StringComparison.Ordinal) || p == "/{path}");
    }

    [Fact]
    public async Task Workflow_StartedByATrigger_IsSeenOverHttpAndOnItsPage()
    {
        await app.Workflows.StartAsync(new WorkflowName<int, int>("IngestDataset"), 1, "over-http", default);
        var found = await app.Http.GetFromJsonAsync<JsonElement>("/api/workflows/over-http");
        Assert.Equal(("IngestDataset", "pending"), (found.GetProperty("workflow").GetString(), found.GetProperty("status").GetString()));
        Assert.Contains("over-http", await app.Http.GetStringAsync("/workflows/over-http"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_ManyAtOnce_FindOnePipeline()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => app.Http.GetAsync(i % 2 == 0 ? "/healthz" : "/api/nothing")));
        Assert.Equal([25, 25], answers.GroupBy(a => (int)a.StatusCode).OrderBy(g => g.Key).Select(g => g.Count()));
    }

    [Fact]
    public async Task Guard_WithoutSignIn_AnswersThisMachineOnly()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/projects");
        request.Headers.Host = "triops.example";
        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await app.Http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Guard_WithAKey_AsksForIt()
    {
        await using var keyed = await StartAsync(new() { [SettingNames.Auth] = "key", [SettingNames.ApiKey] = "0123456789abcdef" });
        Assert.Equal(HttpStatusCode.Unauthorized, (await keyed.App.Http.GetAsync("/api/projects")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await keyed.SendAsync(("X-MS-CLIENT-PRINCIPAL-ID", "forged"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await keyed.SendAsync(("x-api-key", "0123456789abcdef"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await keyed.App.Http.GetAsync("/healthz")).StatusCode);
    }

    [Fact]
    public async Task Guard_BehindThePlatformsSignIn_TrustsItsHeader()
    {
        await using var signed = await StartAsync(new() { [SettingNames.Auth] = "entra" });
        Assert.Equal(HttpStatusCode.Unauthorized, (await signed.App.Http.GetAsync("/api/projects")).StatusCode);
        var reader = Convert.ToBase64String("""{"role_typ":"roles","claims":[{"typ":"roles","val":"reader"}]}"""u8);
        Assert.Equal(HttpStatusCode.Forbidden,
            (await signed.SendAsync(("X-MS-CLIENT-PRINCIPAL-ID", "0000"), ("X-MS-CLIENT-PRINCIPAL-NAME", "ada@example"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK,
            (await signed.SendAsync(("X-MS-CLIENT-PRINCIPAL-ID", "0000"), ("X-MS-CLIENT-PRINCIPAL-NAME", "ada@example"),
            ("X-MS-CLIENT-PRINCIPAL", reader))).StatusCode);
    }

    private Task<AppliedProject> ProjectAsync() =>
        app.Get<ProjectStore>().ApplyAsync("version: 1\nproject: demo\ndatasets: { tumours: {} }\n", "test", default);

    private static async Task<Started> StartAsync(Dictionary<string, string?> settings)
    {
        var app = new FunctionsApp(settings);
        await app.InitializeAsync();
        return new(app);
    }

    private sealed record Started(FunctionsApp App) : IAsyncDisposable
    {
        public async Task<HttpResponseMessage> SendAsync(params (string Name, string Value)[] headers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/projects");
            foreach (var (name, value) in headers) request.Headers.Add(name, value);
            return await App.Http.SendAsync(request);
        }

        public async ValueTask DisposeAsync() => await App.DisposeAsync();
    }
}
