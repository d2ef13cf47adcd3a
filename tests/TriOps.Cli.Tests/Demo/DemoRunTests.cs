using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TriOps.Cli.Api;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Demo;
using TriOps.Cli.Host;
using TriOps.Cli.Output;
using TriOps.Cli.Tests.Fakes;
using TriOps.Core.Datasets;
using TriOps.Core.Deployments;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Steps;

namespace TriOps.Cli.Tests.Demo;

/// <summary>The whole demo against canned answers: what it asks for, and what it prints.</summary>
public sealed class DemoRunTests : IDisposable
{
    private static readonly ProjectName Project = ProjectName.Parse("breast-cancer");

    private readonly TestCli cli = new();
    private readonly StringWriter output = new();

    [Fact]
    public async Task Demo_FirstRun_UploadsFollowsPredictsAndShowsTheReplacedChampion()
    {
        await using var host = await PreparedAsync(Samples.Passed, champions: [1, 2]);

        var summary = await RunAsync(host);

        Assert.True(summary.FirstRun);
        Assert.True(summary.Replaced);
        Assert.Equal("breast-cancer/diagnosis:2", summary.Champion);
        Assert.Equal(["mean_radius"], summary.MovedColumns);
        Assert.Equal(["upload", "pipeline", "model", "predictions", "drift", "retraining"], summary.Stages.Select(s => s.Stage));
        var text = output.ToString();
        Assert.Contains("quality, privacy, version", text);
        Assert.Contains("trial 0 LightGBM: 0.99", text);
        Assert.Contains("0.98 .. 0.999", text);
        Assert.Contains("/models/diagnosis/versions/1/card", text);
        Assert.Contains("dataset-version", text);
        Assert.Contains("FP32", text);
        Assert.Contains("breast-cancer/diagnosis:2 replaces breast-cancer/diagnosis:1", text);
    }

    [Fact]
    public async Task Demo_ShiftedBatch_IsSentWithItsLabelsAndCheckedInAWindowOfItsOwn()
    {
        await using var host = await PreparedAsync(Samples.Passed, champions: [1, 2]);

        await RunAsync(host);

        var sent = host.Requests.Where(r => r.Path.EndsWith("/predict", StringComparison.Ordinal)).Skip(1)
            .Sum(r => Rows(r).GetArrayLength());
        var labels = host.Requests.Where(r => r.Path.EndsWith("/feedback", StringComparison.Ordinal))
            .Sum(r => JsonDocument.Parse(r.Body).RootElement.GetProperty("labels").GetArrayLength());
        Assert.Equal((400, 400), (sent, labels));
        var check = JsonDocument.Parse(host.Requests.Single(r => r.Path.EndsWith("/check", StringComparison.Ordinal)).Body).RootElement;
        Assert.True(check.GetProperty("from").GetDateTimeOffset() < check.GetProperty("to").GetDateTimeOffset());
    }

    [Fact]
    public async Task Demo_SecondRunWithTheSameFile_UploadsNothing()
    {
        await using var host = await PreparedAsync(Samples.Passed, champions: [1, 2, 2, 2]);
        await RunAsync(host);
        var uploads = host.Requests.Count(r => r.Method == "PUT" && r.Path.StartsWith("/inbox/", StringComparison.Ordinal));

        var summary = await RunAsync(host);

        Assert.False(summary.FirstRun);
        Assert.Equal(1, uploads);
        Assert.Equal(1, host.Requests.Count(r => r.Method == "PUT" && r.Path.StartsWith("/inbox/", StringComparison.Ordinal)));
        Assert.Contains("unchanged", output.ToString());
    }

    [Fact]
    public async Task Demo_RetrainedVersionRefused_KeepsTheChampionAndSaysWhy()
    {
        await using var host = await PreparedAsync(Samples.Refused, champions: [1, 1]);

        var summary = await RunAsync(host);

        Assert.False(summary.Replaced);
        Assert.Contains("breast-cancer/diagnosis:2 is refused: auc 0.91 is below the champion's 0.97", output.ToString());
    }

    private async Task<DemoSummary> RunAsync(FakeHost host)
    {
        var time = new HastyTime(Samples.Noon);
        var screen = new Screen(new Shell(output, output, _ => null, cli.Folder, false, time), json: false);
        using var api = new ApiClient(new Uri(host.Url + "/"), null);
        var sample = await DemoSample.LoadAsync(DemoScenario.All[0], SampleFolder.Find("breast-cancer", AppContext.BaseDirectory), 2000,
            cli.Folder, CancellationToken.None);
        return await new DemoRun(new DemoContext(api, screen, time, new StateDirectory(cli.Folder), sample), new StageClock(screen, time))
            .RunAsync(CancellationToken.None);
    }

    private static JsonElement Rows(Seen request) => JsonDocument.Parse(request.Body).RootElement.GetProperty("rows");

    private static async Task<FakeHost> PreparedAsync(GateVerdict retrained, int[] champions)
    {
        var host = await FakeHost.StartAsync();
        Ingest(host);
        ModelRoutes(host, champions);
        Serving(host);
        Monitoring(host, retrained);
        return host;
    }

    private static void Ingest(FakeHost host)
    {
        var request = new IngestRequest(Project, Samples.Tumours, new SourceFile("tumours.csv", "0x1", 1));
        var job = Samples.Ended("job-0", "RunJob", Samples.JobDone(0, 0.99),
            new Core.Steps.JobRequest("job-0", 0, TimeSpan.FromMinutes(1)));
        var result = new IngestResult(new(Project, Samples.Tumours, 1), VersionStatus.Committed, [], [Trained(1, Samples.Passed)]);
        var ingest = Samples.Ended("ingest-1", "IngestDataset", result, request);
        host.On("PUT /api/projects/breast-cancer",
            r => FakeHost.Json(new Project(Project, ProjectFileParser.Parse(r.Body), r.Body, 1, Samples.Noon, Samples.Noon)))
            .On("POST /api/projects/breast-cancer/datasets/tumours/uploads", new { url = host.Url + "/inbox/x" })
            .On("PUT /inbox/x", _ => new Created())
            .OnList("GET /api/workflows", ingest).On("GET /api/workflows/ingest-1", ingest)
            .OnList("GET /api/workflows/ingest-1/steps", Samples.Step(0, "StageFile"), Samples.Step(1, "CommitVersion"),
            Samples.Step(2, "TrainModel", kind: "workflow", child: "train-1"))
            .On("GET /api/workflows/train-1", Samples.Ended("train-1", "TrainModel"))
            .OnList("GET /api/workflows/train-1/steps", Samples.Step(0, "PlanTraining"),
            Samples.Step(1, "RunJob", kind: "workflow", child: "job-0"), Samples.Step(2, "RegisterModel"))
            .OnList("GET /api/runs/train-1/trials", Samples.Trial(0, ModelFamily.LightGbm))
            .On("GET /api/workflows/job-0", job).OnList("GET /api/workflows/job-0/steps");
    }

    private static void ModelRoutes(FakeHost host, int[] champions)
    {
        ModelVersion Version(int number) =>
            Samples.Model(number)
            with { Project = Project,
            Artifacts = Samples.Model(number).Artifacts with { Signature = Samples.Signature with { Categories = [] } } };
        var evaluation =
            new Evaluation("train-2", 0, new(Project, Samples.Tumours, 2),
            [new SliceResult("all", 120, [new("auc", 0.98, 0.97, 0.99, 120)])], 1,
            [new SliceResult("all", 120, [new("auc", 0.9, 0.88, 0.93, 120)])], [new("auc", 0.08, 0.05, 0.11, 120)]);
        host.OnList("GET /api/projects/breast-cancer/models", new ModelEntry(Project, Samples.Diagnosis));
        foreach (var champion in champions)
            host.OnList("GET /api/projects/breast-cancer/models/diagnosis/aliases", new ModelAlias("champion", champion, Samples.Noon));
        host.On("GET /api/projects/breast-cancer/models/diagnosis/versions/1", Version(1))
            .On("GET /api/projects/breast-cancer/models/diagnosis/versions/2", Version(2))
            .On("GET /api/projects/breast-cancer/models/diagnosis/versions/2/evaluation", evaluation)
            .OnList("GET /api/projects/breast-cancer/lineage",
            new LineageEdge(new("dataset-version", "breast-cancer/tumours:1"), new("run", "train-1"), "used-by", Samples.Noon),
            new LineageEdge(new("run", "train-1"), new("model-version", "breast-cancer/diagnosis:1"), "produced", Samples.Noon));
    }

    private static void Serving(FakeHost host) => host
        .On("POST /api/projects/breast-cancer/deployments/diagnosis/predict", r => FakeHost.Json(new
        {
            predictions = Rows(r).EnumerateArray()
                .Select((_, i) => new { id = $"p{i}", label = "benign", probabilities = new { benign = 0.8, malignant = 0.2 } }),
                revision = 1, modelVersion = 1,
        }))
        .On("POST /v2/models/breast-cancer.diagnosis/infer",
        new { model_name = "breast-cancer.diagnosis",
        outputs = new[] { new { name = "probabilities", datatype = "FP32", shape = new[] { 1, 2 }, data = new[] { 0.8, 0.2 } } } })
        .On("POST /api/projects/breast-cancer/deployments/diagnosis/feedback", new { accepted = 50 }, 202);

    private static void Monitoring(FakeHost host, GateVerdict retrained)
    {
        var target = new DeploymentRef(Project, Samples.Endpoint);
        var response = new Response(ResponseKind.RetrainWithFeedback, "a", null, "1 column moved; retraining with 400 labelled rows");
        host.On("POST /api/projects/breast-cancer/deployments/diagnosis/check", new { workflowId = "check-1", windowId = "w" }, 202)
            .On("GET /api/workflows/check-1",
            Samples.Ended("check-1", "CheckDeployment", new CheckResult("w", true, response, [Trained(2, retrained)])))
            .OnList("GET /api/workflows/check-1/steps", Samples.Step(0, "CompareWindow"))
            .OnList("GET /api/projects/breast-cancer/deployments/diagnosis/windows",
            new Window("w", target, Samples.Noon, Samples.Noon.AddSeconds(9), 1, 400, 400, Samples.Id, true, Samples.Noon))
            .On("GET /api/projects/breast-cancer/deployments/diagnosis/windows/w/report",
            new DriftReport([Samples.Column("mean_radius", 14.1, 19.0, true), Samples.Column("mean_texture", 19.3, 19.2, false)], 400, 340,
            true, new Dictionary<string, double>()));
    }

    private static TrainResult Trained(int version, GateVerdict gate) =>
        Samples.Trained(version, gate) with { Version = new(Project, Samples.Diagnosis, version) };

    private sealed class Created : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            (httpContext.Response.StatusCode, httpContext.Response.Headers.ETag) = (201, "\"0x1\"");
            return Task.CompletedTask;
        }
    }

    public void Dispose() => cli.Dispose();
}
