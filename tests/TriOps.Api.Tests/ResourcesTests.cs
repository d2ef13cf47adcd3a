using System.Net;
using TriOps.Core.Content;
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
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.Serving.Tests;
using TriOps.Testing.Fakes;

namespace TriOps.Api.Tests;

public sealed class ResourcesTests : IAsyncLifetime
{
    private static readonly DatasetName Tumours = DatasetName.Parse("tumours");
    private readonly ApiHost api = new();

    public ValueTask InitializeAsync() => api.InitializeAsync();
    public ValueTask DisposeAsync() => api.DisposeAsync();

    private Task<DatasetVersion> CommitAsync(int? parent, ContentId? profile = null, VersionStatus status = VersionStatus.Committed) =>
        api.Get<DatasetCatalog>().CommitAsync(TinyModels.Project, Tumours,
        Guid.NewGuid().ToString("N"), parent, n =>
        new DatasetVersion(TinyModels.Project, Tumours, n, status, ContentId.OfBytes("m"u8), parent, new SourceFile("a.csv", "e", 3),
            [new Column("radius", ColumnKind.Number)], 10, 100, 100, profile ?? ContentId.OfBytes("p"u8), status == VersionStatus.Committed
            ? [] : [new QualityIssue("min-rows", null, "10 rows are too few.")],
            DateTimeOffset.UnixEpoch, "w"), default);

    [Fact]
    public async Task Projects_AppliedTwice_AreCreatedThenTheSame()
    {
        var yaml = ApiHost.Yaml.Replace("project: demo", "project: other", StringComparison.Ordinal);
        var created = await api.PutAsync("/api/projects/other", yaml, "application/yaml");
        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.Equal("/api/projects/other", created.Location);
        Assert.Equal(1, created["revision"].GetInt32());
        var again = await api.PutAsync("/api/projects/other", yaml, "text/plain");
        Assert.Equal((HttpStatusCode.OK, 1, null), (again.Status, again["revision"].GetInt32(), again.Location));
        Assert.Equal("other", (await api.GetAsync("/api/projects/other"))["name"].GetString());
        Assert.Equal(["demo", "other"], (await api.GetAsync("/api/projects"))["items"].EnumerateArray()
            .Select(p => p.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Projects_WrongFile_SaysWhy()
    {
        (await api.PutAsync("/api/projects/demo", "version: 1\nprojekt: x", "application/yaml")).IsProblem(400, "project-file-invalid");
        (await api.PutAsync("/api/projects/other", ApiHost.Yaml, "application/yaml")).IsProblem(400, "project-name-differs");
        (await api.GetAsync("/api/projects/none")).IsProblem(404, "project-missing");
        var bad = await api.GetAsync("/api/projects/Bad_Name");
        bad.IsProblem(400, "request-invalid");
        Assert.Contains("'Bad_Name' is not a project name", bad.Text, StringComparison.Ordinal);
        using var latin = new ByteArrayContent([0x70, 0xE9, 0x28]) { Headers = { ContentType = new("application/yaml") } };
        using var response = await api.Http.PutAsync(new Uri("/api/projects/demo", UriKind.Relative), latin);
        (await Answer.ReadAsync(response)).IsProblem(400, "text-invalid");
    }

    [Fact]
    public async Task Datasets_VersionsAndProfile_AreRead()
    {
        var profile = new DatasetProfile(10, 0, []);
        var id = ContentId.OfBytes("profile"u8);
        await api.Get<IBlobs>().WriteJsonAsync(DatasetPaths.Profile(id), profile, WriteMode.Replace, default);
        await CommitAsync(null, id);
        await CommitAsync(1);
        Assert.Equal("tumours", (await api.GetAsync("/api/projects/demo/datasets"))["items"][0].GetProperty("dataset").GetString());
        Assert.Equal([2, 1], (await api.GetAsync("/api/projects/demo/datasets/tumours/versions"))["items"].EnumerateArray()
            .Select(v => v.GetProperty("number").GetInt32()));
        Assert.Equal("committed", (await api.GetAsync("/api/projects/demo/datasets/tumours/versions/1"))["status"].GetString());
        Assert.Equal(10, (await api.GetAsync("/api/projects/demo/datasets/tumours/versions/1/profile"))["rows"].GetInt32());
        (await api.GetAsync("/api/projects/demo/datasets/tumours/versions/9")).IsProblem(404, "dataset-version-missing");
        (await api.GetAsync("/api/projects/demo/datasets/tumours/versions/x")).IsProblem(404, "route-missing");
    }

    [Fact]
    public async Task Lists_InPages_GiveEveryItemOnce()
    {
        for (var i = 0; i < 5; i++) await CommitAsync(i == 0 ? null : i);
        var seen = new List<int>();
        string? after = null;
        do
        {
            var page = await api.GetAsync($"/api/projects/demo/datasets/tumours/versions?size=2{(after is null ? "" : $"&after={after}")}");
            seen.AddRange(page["items"].EnumerateArray().Select(v => v.GetProperty("number").GetInt32()));
            after = page.Json.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (after is not null);
        Assert.Equal([5, 4, 3, 2, 1], seen);
        (await api.GetAsync("/api/projects?size=0")).IsProblem(400, "size-invalid");
        (await api.GetAsync("/api/projects?size=1001")).IsProblem(400, "size-invalid");
        (await api.GetAsync("/api/projects?after=%25%25")).IsProblem(400, "after-invalid");
    }

    [Fact]
    public async Task Uploads_OfADeclaredDataset_GetALink()
    {
        var link = await api.PostAsync("/api/projects/demo/datasets/tumours/uploads", """{"file":"march 1.csv"}""");
        Assert.Contains("inbox/demo%2Ftumours%2Fmarch%201.csv", link["url"].GetString(), StringComparison.Ordinal);
        (await api.PostAsync("/api/projects/demo/datasets/unknown/uploads", """{"file":"a.csv"}""")).IsProblem(404, "dataset-missing");
    }

    [Theory]
    [InlineData("../a.csv")]
    [InlineData("a/b.csv")]
    [InlineData("a\\\\b.csv")]
    [InlineData(".csv")]
    [InlineData("..csv")]
    [InlineData("a.exe")]
    [InlineData("a\\u0000.csv")]
    public async Task Uploads_UnsafeName_IsRefused(string file) =>
        (await api.PostAsync("/api/projects/demo/datasets/tumours/uploads", $$"""{"file":"{{file}}"}"""))
            .IsProblem(400, "file-name-invalid");

    [Fact]
    public async Task Workflows_AreListedReadAndEnded()
    {
        var workflows = api.Get<FakeWorkflows>();
        await workflows.StartAsync(JobSteps.Workflow, new JobRequest("job-1", 0, TimeSpan.FromMinutes(1)), "job-1", default);
        workflows.Steps["job-1"] = [new WorkflowStep(0, "StartJob", "activity", DateTimeOffset.UnixEpoch)];
        Assert.Equal("job-1", (await api.GetAsync("/api/workflows?prefix=job"))["items"][0].GetProperty("instanceId").GetString());
        Assert.Empty((await api.GetAsync("/api/workflows?prefix=train"))["items"].EnumerateArray());
        Assert.Equal("pending", (await api.GetAsync("/api/workflows/job-1"))["status"].GetString());
        Assert.Equal("StartJob", (await api.GetAsync("/api/workflows/job-1/steps"))["items"][0].GetProperty("name").GetString());
        (await api.PostAsync("/api/workflows/job-1/approval", """{"approved":true}""")).IsProblem(409, "approval-not-awaited");
        (await api.PostAsync("/api/workflows/none/approval", """{"approved":true}""")).IsProblem(404, "workflow-missing");
        (await api.PostAsync("/api/workflows/none/terminate", """{"reason":"enough"}""")).IsProblem(404, "workflow-missing");
        (await api.PostAsync("/api/workflows/none/terminate", """{}""")).IsProblem(404, "workflow-missing");
        (await api.PostAsync("/api/workflows/job-1/terminate", """{}""")).IsProblem(400, "reason-invalid");
        var ended = await api.PostAsync("/api/workflows/job-1/terminate", """{"reason":"enough"}""");
        Assert.Equal((HttpStatusCode.Accepted, "/api/workflows/job-1"), (ended.Status, ended.Location));
        Assert.Equal("terminated", (await api.GetAsync("/api/workflows/job-1"))["status"].GetString());
        (await api.PostAsync("/api/workflows/job-1/terminate", """{"reason":"again"}""")).IsProblem(409, "workflow-ended");
        (await api.GetAsync("/api/workflows/none")).IsProblem(404, "workflow-missing");
        (await api.GetAsync("/api/workflows/none/steps")).IsProblem(404, "workflow-missing");
        (await api.GetAsync("/api/workflows/a%23b")).IsProblem(404, "workflow-missing");
        Assert.Equal("workflow.terminate", (await api.GetAsync("/api/audit"))["items"][0].GetProperty("action").GetString());
    }

    [Fact]
    public async Task Approval_OfAWaitingDeployment_RaisesTheEvent()
    {
        var version = await api.ServeAsync();
        var id = (
            await api.PostAsync("/api/deployments",
            $$"""{"project":"demo","model":"diagnosis","version":{{version.Number}}}"""))["workflowId"].GetString()!;
        (await api.PostAsync($"/api/workflows/{id}/approval", "{}")).IsProblem(400, "approval-invalid");
        Assert.Equal(HttpStatusCode.Accepted,
            (await api.PostAsync($"/api/workflows/{id}/approval", """{"approved":true,"comment":"go"}""")).Status);
        Assert.Equal((id, "approval", new ApprovalDecision(true, "local", "go")),
            api.Get<FakeWorkflows>().Raised.Select(r => (r.InstanceId, r.Name, (ApprovalDecision)r.Payload!)).Single());
    }

    [Fact]
    public async Task Dataset_WhoseHeadIsBroken_IsNamedAndGoesOnFromTheVersionBeforeOnceThatIsWithdrawn()
    {
        await CommitAsync(null);
        await CommitAsync(1);
        var check = await api.GetAsync("/api/projects/demo/datasets/tumours/check");
        Assert.Equal((2, 2), (check["head"].GetInt32(), check["faults"].GetArrayLength())); // Nothing was ever stored for them.
        Assert.True(check["faults"][0].GetProperty("isHead").GetBoolean());
        Assert.Contains("There is no dataset manifest", check["faults"][0].GetProperty("message").GetString(), StringComparison.Ordinal);

        (await api.PostAsync("/api/projects/demo/datasets/tumours/versions/2/withdraw", "{}")).IsProblem(400, "reason-invalid");
        Assert.Equal(HttpStatusCode.OK,
            (await api.PostAsync("/api/projects/demo/datasets/tumours/versions/2/withdraw", """{"reason":"lost"}""")).Status);
        Assert.Equal(1, (await api.Get<DatasetCatalog>().HeadAsync(TinyModels.Project, Tumours, default))!.Number);
        (await api.PostAsync("/api/projects/demo/pipelines/diagnosis/runs", """{"datasetVersion":2}"""))
            .IsProblem(409, "dataset-version-unused");
        Assert.Contains((await api.Get<AuditLog>().ListAsync(new(), default)).Items, e => e.Action == "dataset.withdraw"
            && e.Details["reason"] == "lost");
    }

    [Fact]
    public async Task DatasetVersion_DeletedWhileARunRefersToIt_IsRefused()
    {
        await CommitAsync(null);
        await CommitAsync(1);
        var run = new Run("train-1", TinyModels.Project, PipelineName.Parse("diagnosis"), new(TinyModels.Project, Tumours, 1),
            RunReason.Manual, RunStatus.Completed, 1, ContentId.OfBytes("x"u8), DateTimeOffset.UnixEpoch);
        await api.Get<RunLog>().StartAsync(run, default);
        (await api.PostAsync("/api/projects/demo/datasets/tumours/versions/1/delete", """{"reason":"by mistake"}"""))
            .IsProblem(409, "dataset-version-referred");
        Assert.Equal("deleted",
            (await api.PostAsync("/api/projects/demo/datasets/tumours/versions/2/delete", """{"reason":"by mistake"}"""))["status"]
            .GetString());
        Assert.Equal(3, (await CommitAsync(1)).Number); // A number is not given twice.
    }

    [Fact]
    public async Task PipelineRun_StartsTrainingOnTheHead()
    {
        (await api.PostAsync("/api/projects/demo/pipelines/diagnosis/runs", "{}")).IsProblem(409, "dataset-empty");
        await CommitAsync(null);
        await CommitAsync(1);
        await CommitAsync(2, status: VersionStatus.Quarantined);
        var started = await api.PostAsync("/api/projects/demo/pipelines/diagnosis/runs", "{}");
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        var request = (TrainRequest)api.Get<FakeWorkflows>().Inputs[started["workflowId"].GetString()!]!;
        Assert.Equal((2, RunReason.Manual, started["workflowId"].GetString()),
            (request.Data.Number, request.Reason, started["runId"].GetString()));
        var again = await api.PostAsync("/api/projects/demo/pipelines/diagnosis/runs", """{"datasetVersion":1}""");
        Assert.NotEqual(started["runId"].GetString(), again["runId"].GetString());
        (await api.PostAsync("/api/projects/demo/pipelines/diagnosis/runs", """{"datasetVersion":3}"""))
            .IsProblem(409, "dataset-version-quarantined");
        (await api.PostAsync("/api/projects/demo/pipelines/none/runs", "{}")).IsProblem(404, "pipeline-missing");
    }

    [Fact]
    public async Task Runs_TrialsAndMetrics_AreRead()
    {
        var runs = api.Get<RunLog>();
        await runs.StartAsync(
            new Run("train-1", TinyModels.Project, PipelineName.Parse("diagnosis"), new(TinyModels.Project, Tumours, 1), RunReason.Upload,
            RunStatus.Running, 1, ContentId.OfBytes("x"u8), DateTimeOffset.UnixEpoch), default);
        await runs.AddTrialAsync(
            new Trial("train-1", 0, ModelFamily.Linear, new Dictionary<string, double> { ["l2"] = 0.5 }, RunStatus.Running, "job"),
            default);
        await runs.LogMetricsAsync("train-1", 0, 1, 0, [new MetricPoint("train/loss", 1, double.NaN, DateTimeOffset.UnixEpoch)], default);
        Assert.Equal("train-1", (await api.GetAsync("/api/projects/demo/runs"))["items"][0].GetProperty("id").GetString());
        Assert.Equal("running", (await api.GetAsync("/api/runs/train-1"))["status"].GetString());
        Assert.Equal(0.5, (await api.GetAsync("/api/runs/train-1/trials"))["items"][0].GetProperty("parameters")
            .GetProperty("l2").GetDouble());
        Assert.Equal("NaN", (await api.GetAsync("/api/runs/train-1/trials/0/metrics"))["items"][0].GetProperty("value").GetString());
        (await api.GetAsync("/api/runs/none")).IsProblem(404, "run-missing");
        (await api.GetAsync("/api/runs/none/trials")).IsProblem(404, "run-missing");
        (await api.GetAsync("/api/runs/train-1/trials/5/metrics")).IsProblem(404, "trial-missing");
    }

    [Fact]
    public async Task Models_VersionsCardEvaluationAliases_AreReadAndSet()
    {
        var version = await api.ServeAsync();
        var blobs = api.Get<IBlobs>();
        await blobs.WriteAsync(ModelPaths.Card(version.Ref), "# Card"u8.ToArray(), WriteMode.Replace, default);
        await blobs.WriteJsonAsync(ModelPaths.Evaluation(version.Evaluation), new Evaluation("run-1", 0, version.Data, [], null, [], []),
            WriteMode.Replace, default);
        const string model = "/api/projects/demo/models/diagnosis";
        Assert.Equal("diagnosis", (await api.GetAsync("/api/projects/demo/models"))["items"][0].GetProperty("model").GetString());
        Assert.Equal(1, (await api.GetAsync($"{model}/versions"))["items"][0].GetProperty("number").GetInt32());
        Assert.Equal("approved", (await api.GetAsync($"{model}/versions/1"))["status"].GetString());
        var card = await api.GetAsync($"{model}/versions/1/card");
        Assert.Equal(("# Card", "text/markdown"), (card.Text, card.MediaType));
        Assert.Equal("run-1", (await api.GetAsync($"{model}/versions/1/evaluation"))["runId"].GetString());
        Assert.Equal(1, (await api.PutAsync($"{model}/aliases/champion", """{"number":1}"""))["number"].GetInt32());
        Assert.Equal("champion", (await api.GetAsync($"{model}/aliases"))["items"][0].GetProperty("alias").GetString());
        (await api.PutAsync($"{model}/aliases/champion", """{"number":7}""")).IsProblem(404, "model-version-missing");
        await api.Get<ModelRegistry>().RegisterAsync(blobs, TinyModels.Classifier(), TinyModels.Binary, ModelStatus.Rejected);
        var refused = await api.PutAsync($"{model}/aliases/champion", """{"number":2}""");
        refused.IsProblem(409, "model-rejected");
        Assert.Contains("demo/diagnosis:2 was refused by its gate and cannot be the champion: auc 0.5 is below 0.9", refused.Text,
            StringComparison.Ordinal);
        Assert.Equal(1, (await api.GetAsync($"{model}/aliases"))["items"][0].GetProperty("number").GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await api.PutAsync($"{model}/aliases/to-look-at", """{"number":2}""")).Status);
        (await api.PutAsync($"{model}/aliases/12", """{"number":1}""")).IsProblem(400, "alias-invalid");
        (await api.PutAsync($"{model}/aliases/champion", "{}")).IsProblem(400, "alias-invalid");
        (await api.GetAsync($"{model}/versions/9/card")).IsProblem(404, "model-version-missing");
    }

    [Fact]
    public async Task Deploy_ByAlias_TakesTheFilesSpecAndTheBodysOverrides()
    {
        var version = await api.ServeAsync();
        await api.Get<ModelRegistry>().SetAliasAsync(version.Ref, "challenger", "test", default);
        var started =
            await api.PostAsync("/api/deployments",
            """{"project":"demo","model":"diagnosis","version":"challenger","hold":"10s","steps":[50]}""");
        var request = (DeployRequest)api.Get<FakeWorkflows>().Inputs[started["workflowId"].GetString()!]!;
        Assert.Equal(version.Ref, request.Version);
        Assert.Equal(("tumours", Strategy.Canary, TimeSpan.FromSeconds(10), (TimeSpan?)TimeSpan.FromHours(2)),
            (request.Spec.Name.Value, request.Spec.Strategy, request.Spec.Hold, request.Spec.Approval));
        Assert.Equal([50], request.Spec.Steps);
        Assert.StartsWith("deploy-demo-tumours-v1-", started["workflowId"].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"project":"demo","model":"diagnosis"}""", 400, "deployment-invalid")]
    [InlineData("""{"model":"diagnosis","version":1}""", 400, "deployment-invalid")]
    [InlineData("""{"project":"demo","model":"diagnosis","version":1,"steps":[50,20]}""", 400, "deployment-invalid")]
    [InlineData("""{"project":"demo","model":"diagnosis","version":1,"hold":"soon"}""", 400, "deployment-invalid")]
    [InlineData("""{"project":"demo","model":"diagnosis","version":"Not An Alias"}""", 400, "deployment-invalid")]
    [InlineData("""{"project":"demo","model":"diagnosis","version":1,"strategy":"yolo"}""", 400, "json-invalid")]
    [InlineData("""{"project":"De mo","model":"diagnosis","version":1}""", 400, "json-invalid")]
    [InlineData("""{"project":"demo","model":"diagnosis","version":99}""", 404, "model-version-missing")]
    [InlineData("""{"project":"demo","model":"diagnosis","version":"nobody"}""", 404, "alias-missing")]
    [InlineData("""{"project":""", 400, "json-invalid")]
    public async Task Deploy_WhatCannotBe_IsRefused(string body, int status, string code)
    {
        await api.ServeAsync();
        (await api.PostAsync("/api/deployments", body)).IsProblem(status, code);
        Assert.Empty(api.Get<FakeWorkflows>().Instances);
    }

    [Fact]
    public async Task Deploy_VersionItsGateRefused_IsAConflict()
    {
        await api.Get<ModelRegistry>().RegisterAsync(api.Get<IBlobs>(), TinyModels.Classifier(), TinyModels.Binary, ModelStatus.Rejected);
        var answer = await api.PostAsync("/api/deployments", """{"project":"demo","model":"diagnosis","version":1}""");
        answer.IsProblem(409, "model-rejected");
        Assert.Contains("auc 0.5 is below 0.9", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deployments_StatsWindowsReportsAlerts_AreRead()
    {
        await api.ServeAsync();
        var (now, report) = (api.Time.GetUtcNow(), ContentId.OfBytes("r"u8));
        var (blobs, monitor, check) =
            (api.Get<IBlobs>(), api.Get<MonitorLog>(), new CheckRequest(TinyModels.Deployment, now.AddHours(-2), now.AddHours(-1)));
        await blobs.WriteJsonAsync(WindowPaths.Report(report), new DriftReport([], 50, 100, true, new Dictionary<string, double>()),
            WriteMode.Replace, default);
        await monitor.RecordAsync(new Window(check.WindowId, TinyModels.Deployment, check.From, check.To, 1, 50, 0, report, true, now),
            default);
        await monitor.RaiseAsync(new Alert("a1", TinyModels.Deployment, "drift", "radius moved", check.WindowId, now, "none"), default);
        InferenceRecord[] log =
            [.. Enumerable.Range(1, 100).Select(i => new InferenceRecord($"{i}", now.AddMinutes(-5), 1, 1, [], [], [1], i * 1000)),
            new("e", now.AddMinutes(-5), 1, 1, [], [], [], 5, "broken")];
        await blobs.WriteAsync(InferenceLog.Requests(TinyModels.Deployment, now.AddMinutes(-5), "x"), InferenceLog.Serialize(log),
            WriteMode.Replace, default);

        const string deployment = "/api/projects/demo/deployments/tumours";
        Assert.Single((await api.GetAsync("/api/projects/demo/deployments"))["items"].EnumerateArray());
        Assert.Equal("active", (await api.GetAsync(deployment))["revisions"][0].GetProperty("state").GetString());
        var stats = (await api.GetAsync($"{deployment}/stats?minutes=60"))["items"][0];
        Assert.Equal((101, 1, 50.0, 95.0, 99.0),
            (stats.GetProperty("requests").GetInt32(), stats.GetProperty("errors").GetInt32(), stats.GetProperty("p50")
            .GetDouble(), stats.GetProperty("p95").GetDouble(), stats.GetProperty("p99").GetDouble()));
        Assert.Empty((await api.GetAsync($"{deployment}/stats?minutes=1"))["items"].EnumerateArray());
        Assert.Equal(check.WindowId, (await api.GetAsync($"{deployment}/windows"))["items"][0].GetProperty("id").GetString());
        Assert.True((await api.GetAsync($"{deployment}/windows/{check.WindowId}/report"))["drifted"].GetBoolean());
        Assert.Equal("drift", (await api.GetAsync($"{deployment}/alerts"))["items"][0].GetProperty("kind").GetString());
        (await api.GetAsync($"{deployment}/windows/none/report")).IsProblem(404, "window-missing");
        (await api.GetAsync($"{deployment}/stats?minutes=0")).IsProblem(400, "minutes-invalid");
        (await api.GetAsync($"{deployment}/stats?minutes=x")).IsProblem(400, "request-invalid");
        (await api.GetAsync("/api/projects/demo/deployments/none/alerts")).IsProblem(404, "deployment-missing");

        // The next window begins where the last one ended.
        var started = await api.PostAsync($"{deployment}/check", "{}");
        Assert.Equal(new CheckRequest(TinyModels.Deployment, check.To, now),
            api.Get<FakeWorkflows>().Inputs[started["workflowId"].GetString()!]);
        Assert.Equal("20260102T110000Z-20260102T120000Z", started["windowId"].GetString());
        (await api.PostAsync($"{deployment}/check", """{"from":"2026-01-02T12:00:00Z","to":"2026-01-01T12:00:00Z"}"""))
            .IsProblem(400, "window-invalid");
    }

    [Fact]
    public async Task Check_FirstWindow_IsADay()
    {
        await api.ServeAsync();
        var started = await api.PostAsync("/api/projects/demo/deployments/tumours/check", "{}");
        Assert.Equal("20260101T120000Z-20260102T120000Z", started["windowId"].GetString());
    }

    [Fact]
    public async Task Lineage_FromAVersion_IsItsEdges()
    {
        await api.Get<LineageGraph>().LinkAsync(new("dataset-version", "demo/tumours:1"), new("run", "train-1"), "used-by", default);
        Assert.Equal("used-by", (await api.GetAsync("/api/projects/demo/lineage?kind=dataset-version&id=demo/tumours:1"))["items"][0]
            .GetProperty("relation").GetString());
        (await api.GetAsync("/api/projects/demo/lineage?kind=planet&id=demo/tumours:1")).IsProblem(400, "lineage-invalid");
        (await api.GetAsync("/api/projects/demo/lineage?kind=run")).IsProblem(400, "lineage-invalid");
        (await api.GetAsync("/api/projects/other/lineage?kind=dataset-version&id=demo/tumours:1")).IsProblem(404, "lineage-missing");
    }
}
