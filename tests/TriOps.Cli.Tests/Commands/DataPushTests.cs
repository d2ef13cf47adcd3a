using Microsoft.AspNetCore.Http;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Tests.Fakes;
using TriOps.Core.Datasets;
using TriOps.Core.Projects;
using TriOps.Core.Steps;

namespace TriOps.Cli.Tests.Commands;

public sealed class DataPushTests : IDisposable
{
    private const string Yaml = """
        version: 1
        project: clinic
        datasets:
          tumours: {}
        """;

    private readonly TestCli cli = new();

    [Fact]
    public async Task DataPush_ProjectFileHere_AppliesItAndPutsABlockBlob()
    {
        await using var host = await PreparedAsync();

        var ran = await cli.RunAsync("data", "push", "tumours.csv", "--url", host.Url, "--json");

        Assert.Equal(Exit.Ok, ran.Code);
        Assert.Equal(Yaml, host.Single("PUT /api/projects/clinic").Body);
        var put = host.Single("PUT /inbox/clinic/tumours/tumours.csv");
        Assert.Equal("BlockBlob", put.Headers["x-ms-blob-type"]);
        Assert.Equal("a,b\n1,2\n", put.Body);
        Assert.Equal("0x8DAB", ran.Json.GetProperty("eTag").GetString());
    }

    [Fact]
    public async Task DataPush_ApiKey_DoesNotTravelToTheStorage()
    {
        await using var host = await PreparedAsync();
        cli.Variables["TRIOPS_API_KEY"] = "secret-key-8812";

        await cli.RunAsync("data", "push", "tumours.csv", "--url", host.Url);

        Assert.DoesNotContain(host.Single("PUT /inbox/clinic/tumours/tumours.csv").Headers.Values,
            v => v.Contains("secret-key-8812", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DataPush_Wait_FollowsTheIngestOfThisUploadAlone()
    {
        await using var host = await PreparedAsync();
        IngestRequest Request(string etag) => new(Samples.Clinic, Samples.Tumours, new SourceFile("tumours.csv", etag, 8));
        var result =
            new IngestResult(new(Samples.Clinic, Samples.Tumours, 2), VersionStatus.Quarantined,
            [new QualityIssue("min-rows", null, "1 row; 100 are demanded")], []);
        host.OnList("GET /api/workflows", Samples.Ended("ingest-old", "IngestDataset", input: Request("0x8D00")))
            .OnList("GET /api/workflows", Samples.Ended("ingest-new", "IngestDataset", input: Request("\"0x8DAB\"")))
            .On("GET /api/workflows/ingest-new", Samples.Ended("ingest-new", "IngestDataset", result))
            .OnList("GET /api/workflows/ingest-new/steps", Samples.Step(0, "StageFile"), Samples.Step(1, "CommitVersion"));

        var ran = await cli.RunAsync("data", "push", "tumours.csv", "--wait", "--url", host.Url);

        Assert.Equal(Exit.Refused, ran.Code);
        Assert.Contains("quality, privacy, version", ran.Out);
        Assert.Contains("min-rows: 1 row; 100 are demanded", ran.Out);
        Assert.Contains("prefix=ingest-clinic-tumours-", host.Requests.First(r => r.Path == "/api/workflows").Query);
    }

    [Fact]
    public async Task DataPush_StorageRefuses_SaysWhyWithoutTheLinksSignature()
    {
        await using var host = await PreparedAsync(storageAnswers: 403);

        var ran = await cli.RunAsync("data", "push", "tumours.csv", "--url", host.Url, "--json");

        Assert.Equal(Exit.Error, ran.Code);
        Assert.Contains("403", ran.Error);
        Assert.DoesNotContain("sig=", ran.Error + ran.Out);
    }

    [Fact]
    public async Task DataPush_NoSuchFile_IsAUsageError()
    {
        var ran = await cli.RunAsync("data", "push", "nowhere.csv", "--url", "http://127.0.0.1:1");

        Assert.Equal(Exit.Usage, ran.Code);
        Assert.Contains("nowhere.csv", ran.Error);
    }

    [Fact]
    public async Task Init_EmptyFolder_WritesAFileThatParses()
    {
        var ran = await cli.RunAsync("init", "--project", "clinic", "--json");

        Assert.Equal(Exit.Ok, ran.Code);
        var text = await File.ReadAllTextAsync(ran.Json.GetProperty("path").GetString()!);
        Assert.Equal("clinic", ProjectFileParser.Parse(text).Project.Value);
        Assert.Contains('#', text);
    }

    [Fact]
    public async Task Init_FileExists_LeavesItAndFails()
    {
        var path = cli.Write("triops.yaml", Yaml);

        var ran = await cli.RunAsync("init");

        Assert.Equal(Exit.Error, ran.Code);
        Assert.Contains("not overwritten", ran.Error);
        Assert.Equal(Yaml, await File.ReadAllTextAsync(path));
    }

    private async Task<FakeHost> PreparedAsync(int storageAnswers = 201)
    {
        cli.Write("triops.yaml", Yaml);
        cli.Write("tumours.csv", "a,b\n1,2\n");
        var host = await FakeHost.StartAsync();
        var project = new Project(Samples.Clinic, ProjectFileParser.Parse(Yaml), Yaml, 1, Samples.Noon, Samples.Noon);
        return host.On("PUT /api/projects/clinic", project)
            .On("POST /api/projects/clinic/datasets/tumours/uploads", new { url = $"{host.Url}/inbox/clinic/tumours/tumours.csv?sig=abc" })
            .On("PUT /inbox/clinic/tumours/tumours.csv", _ => new Stored(storageAnswers));
    }

    private sealed class Stored(int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.Headers.ETag = "\"0x8DAB\"";
            return Task.CompletedTask;
        }
    }

    public void Dispose() => cli.Dispose();
}
