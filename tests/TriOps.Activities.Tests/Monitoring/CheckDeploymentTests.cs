using System.Text;
using System.Text.Json;
using TriOps.Activities.Datasets;
using TriOps.Activities.Monitoring;
using TriOps.Activities.Triggers;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Deployments;
using TriOps.Core.Experiments;
using TriOps.Core.Governance;
using TriOps.Core.Monitoring;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Orchestrations;
using TriOps.Testing.Durable;
using TriOps.Testing.Fakes;
using static TriOps.Activities.Tests.Monitoring.ServedModel;

namespace TriOps.Activities.Tests.Monitoring;

/// <summary>The orchestration over its real activities, in memory; ingestion and training are the test's functions.</summary>
public sealed class CheckDeploymentTests
{
    private readonly Domain domain = new();
    private readonly List<IngestRequest> ingested = [];
    private readonly List<TrainRequest> trained = [];
    private readonly DurableBench bench;
    private Func<TrainRequest, TrainResult> train = _ => new("run", RunStatus.Completed, null, null, null);

    public CheckDeploymentTests() => bench = new DurableBench(domain.Time).Run<CheckDeployment, CheckRequest, CheckResult>()
        .On(MonitorSteps.Compare, domain.Run<CompareWindow, CheckRequest, WindowVerdict>())
        .On(MonitorSteps.Respond, domain.Run<RespondToDrift, WindowVerdict, Response>())
        .On(MonitorSteps.CollectFeedback, domain.Run<CollectFeedback, WindowVerdict, IngestRequest>())
        .On(IngestSteps.Workflow, (_, upload) =>
        {
            ingested.Add(upload);
            return Task.FromResult(new IngestResult(new(Domain.Project, Domain.Dataset, 2), VersionStatus.Committed, [], []));
        })
        .On(TrainSteps.Workflow, (_, ask) => { trained.Add(ask); return Task.FromResult(train(ask)); });

    [Fact]
    public async Task Run_TrafficLikeTraining_IsRecordedAndQuiet()
    {
        await domain.ServeAsync();
        await domain.LogAsync(Traffic(200));
        var result = await CheckAsync();
        Assert.Equal((false, ResponseKind.None), (result.Drifted, result.Response.Kind));
        var window = (await domain.Get<MonitorLog>().WindowsAsync(Domain.Deployment, new(), default)).Items.Single();
        Assert.Equal((200, 0, 1), (window.Rows, window.Labelled, window.ModelVersion));
        Assert.NotNull(window.Report);
        Assert.Empty((await domain.Get<MonitorLog>().AlertsAsync(Domain.Deployment, new(), default)).Items);
        Assert.DoesNotContain(await domain.Get<LineageGraph>().WalkAsync(new("deployment-revision", "demo/clinic:1"), default),
            e => e.Relation == "observed-in");
    }

    [Fact]
    public async Task Run_TooFewRows_IsNotJudged()
    {
        await domain.ServeAsync();
        await domain.LogAsync(Traffic(49, shift: 50));
        var result = await CheckAsync();
        Assert.False(result.Drifted);
        Assert.Equal("49 predictions are too few to judge by.", result.Response.Message);
        Assert.Null((await domain.Get<MonitorLog>().WindowsAsync(Domain.Deployment, new(), default)).Items.Single().Report);
    }

    [Fact]
    public async Task Run_OtherVersionsAndFailedRequests_AreNotCounted()
    {
        await domain.ServeAsync();
        await domain.LogAsync(
            [.. Traffic(60), .. Traffic(60).Select(r => r with { Id = "v2" + r.Id, Version = 2 }), .. Traffic(60)
            .Select(r => r with { Id = "e" + r.Id, Error = "boom", Outputs = [] })]);
        await CheckAsync();
        Assert.Equal(60, (await domain.Get<MonitorLog>().WindowsAsync(Domain.Deployment, new(), default)).Items.Single().Rows);
    }

    [Fact]
    public async Task Run_DriftWithoutLabels_AlertsAndTrainsAgainOnTheHead()
    {
        await domain.ServeAsync();
        await domain.LogAsync(Traffic(200, shift: 8));
        var result = await CheckAsync();
        Assert.Equal((true, ResponseKind.Retrain), (result.Drifted, result.Response.Kind));
        var window = new LineageNode("window", "demo/clinic:20260101T000000Z-20260101T010000Z");
        Assert.Equal(new(Domain.Project, PipelineName.Parse("guess"), new(Domain.Project, Domain.Dataset, 1), RunReason.Drift, window),
            Assert.Single(trained));
        Assert.Contains(await domain.Get<LineageGraph>().WalkAsync(new("model-version", "demo/diagnosis:1"), default),
            e => e is { Relation: "observed-in", From.Id: "demo/clinic:1" } && e.To == window);
        Assert.Single(result.Retrained);
        var alert = (await domain.Get<MonitorLog>().AlertsAsync(Domain.Deployment, new(), default)).Items.Single();
        Assert.Contains("radius: mean 14", alert.Message);
        Assert.Equal("retraining started on demo/tumours:1", alert.Action);
    }

    [Fact]
    public async Task Run_DriftWithLabels_TurnsThemIntoAFileOfTheDataset()
    {
        await domain.ServeAsync();
        var traffic = Traffic(200, shift: 8).ToList();
        await domain.LogAsync(traffic);
        await domain.LabelAsync(
            [.. traffic.Take(50).Select(r => new LabelRecord(r.Id, "malignant", From.AddMinutes(50))),
            new(traffic[60].Id, "no such class", From.AddMinutes(50)), new("unknown", "benign", From.AddMinutes(50))]);
        var result = await CheckAsync();

        Assert.Equal(ResponseKind.RetrainWithFeedback, result.Response.Kind);
        var upload = Assert.Single(ingested);
        Assert.Equal("feedback-clinic-20260101T000000Z-20260101T010000Z.csv", upload.Source.File);
        var blob = (await domain.Blobs.FindAsync(new(Containers.Data, $"feedback/demo/tumours/{upload.Source.File}"), default))!;
        Assert.Equal((blob.Path, new SourceFile(upload.Source.File, blob.ETag, blob.Length)), (upload.At, upload.Source));
        Assert.Equal((RunReason.Drift, new("window", "demo/clinic:20260101T000000Z-20260101T010000Z")), (upload.Reason, upload.Cause));
        var lines = Encoding.UTF8.GetString(await domain.Blobs.ReadBytesAsync(blob.Path, default)).TrimEnd('\n').Split('\n');
        Assert.Equal("sample_id,radius,site,diagnosis", lines[0]);
        Assert.Equal(51, lines.Length);
        Assert.All(lines.Skip(1), l => Assert.EndsWith(",malignant", l));
        Assert.StartsWith(",", lines[1]); // no rule needs a sample_id
        Assert.InRange((await ReportAsync()).Quality["recall"], 0.8, 1); // of the labelled rows: radius > 15 at a mean of 22

        // From the version that served, over what drifted, to the data of the next one.
        await domain.Get<ProjectStore>().ApplyAsync("version: 1\nproject: demo\ndatasets:\n  tumours: {}\n", "test", default);
        var profile = await domain.StoreAsync(DatasetPaths.Profile, new DatasetProfile(50, 0, []));
        var line = domain.Get<CommitLine>();
        await line.EnlistAsync(Domain.Project, Domain.Dataset,
            new("ingest-2", upload.Source, ContentId.OfBytes([7]), 1, From, upload.Cause), default);
        var turn = await line.TakeAsync(Domain.Project, Domain.Dataset, "ingest-2", 1, default);
        await domain.Make<CommitVersion>()
            .Run(new("ingest-2", Domain.Project, Domain.Dataset, turn!.Id, ContentId.OfBytes([7]), 1, 1, 1, [], 50, profile), default);
        Assert.Equal(["deployed-as", "observed-in", "triggered"],
            (await domain.Get<LineageGraph>().WalkAsync(new("model-version", "demo/diagnosis:1"), default))
            .Select(e => e.Relation).Order());
        Assert.Contains(await domain.Get<LineageGraph>().WalkAsync(new("dataset-version", "demo/tumours:2"), default),
            e => e is { From.Kind: "model-version", From.Id: "demo/diagnosis:1" });
    }

    [Fact]
    public async Task Run_DriftWithLabels_IngestsUnderAnIdThatNoUploadHas()
    {
        await domain.ServeAsync();
        var traffic = Traffic(100, shift: 8).ToList();
        await domain.LogAsync(traffic);
        await domain.LabelAsync(traffic.Select(r => new LabelRecord(r.Id, "malignant", From.AddMinutes(50))));
        await CheckAsync();
        var request = Assert.Single(ingested);

        // Somebody uploads the very file: it is an upload like another.
        var bytes = await domain.Blobs.ReadBytesAsync(request.At!, default);
        var uploaded = await domain.Blobs.WriteAsync(DatasetPaths.Inbox(Domain.Project, Domain.Dataset, request.Source.File), bytes,
            WriteMode.Replace, default);
        var (id, _) = await domain.Get<InboxTrigger>().HandleAsync(uploaded, default);

        var upload = (IngestRequest)domain.Get<FakeWorkflows>().Inputs[id]!;
        Assert.Equal((RunReason.Upload, null, null), (upload.Reason, upload.Cause, upload.At));
        var (check, child) = (Request(From).InstanceId, request.ChildId(Request(From).InstanceId));
        Assert.Equal([$"IngestDataset({child})"], bench.Steps(check).Where(s => s.StartsWith("IngestDataset", StringComparison.Ordinal)));
        Assert.NotEqual(id, child);
    }

    [Fact]
    public async Task Respond_AlertOfAnOlderVersion_IsReadAndHoldsNothingBack()
    {
        await domain.ServeAsync();
        await domain.LogAsync(Traffic(200, shift: 8));
        var old = JsonSerializer.Deserialize<Alert>("""
            {"id":"1-drift-w","deployment":{"project":"demo","name":"clinic"},"kind":"drift","message":"moved","windowId":"w","at":"2026-01-01T00:00:00+00:00","action":"retraining started"}
            """, TriOpsJson.Options)!;
        await domain.Get<MonitorLog>().RaiseAsync(old, default);
        Assert.Equal(ResponseKind.Retrain, (await CheckAsync()).Response.Kind);
        Assert.Equal([ResponseKind.Retrain, null],
            (await domain.Get<MonitorLog>().AlertsAsync(Domain.Deployment, new(), default)).Items.Select(a => a.Response)
            .OrderBy(r => r is null));
    }

    [Fact]
    public async Task Respond_CheckThatSomebodyAskedFor_DoesNotWaitForTheTimersCooldown()
    {
        await domain.ServeAsync();
        await domain.LogAsync(Traffic(200, shift: 8));
        await domain.LogAsync(Traffic(200, shift: 8, at: From.AddHours(1)));
        await domain.LogAsync(Traffic(200, shift: 8, at: From.AddHours(2)));
        Assert.Equal(ResponseKind.Retrain, (await CheckAsync()).Response.Kind);
        Assert.Equal(ResponseKind.Retrain, (await CheckAsync(From.AddHours(1), scheduled: false)).Response.Kind);
        var third = (await CheckAsync(From.AddHours(2))).Response;
        Assert.Equal(ResponseKind.Alert, third.Kind);
        Assert.Contains("Cool-down until 2026-01-01 08:00:00 UTC", third.Message); // from the asked one on
    }

    [Fact]
    public async Task CollectFeedback_RunTwice_WritesOneFile()
    {
        await domain.ServeAsync();
        var traffic = Traffic(100, shift: 8).ToList();
        await domain.LogAsync(traffic);
        await domain.LabelAsync(traffic.Select(r => new LabelRecord(r.Id, "benign", From.AddMinutes(50))));
        domain.Time.SetUtcNow(From.AddHours(1));
        var verdict = await domain.Make<CompareWindow>().Run(Request(From), default);
        var first = await domain.Make<CollectFeedback>().Run(verdict, default);
        await domain.LabelAsync(traffic.Select(r => new LabelRecord(r.Id, "malignant", From.AddHours(2))), "later");
        Assert.Equal(first, await domain.Make<CollectFeedback>().Run(verdict, default));
    }

    [Fact]
    public async Task Compare_MorePredictionsThanTheBound_ComparesASampleAndCountsAll()
    {
        await domain.ServeAsync();
        var traffic = Traffic(3_000, shift: 8).ToList();
        await domain.LogAsync(traffic);
        await domain.LogAsync(traffic.Take(500), "again"); // Written twice by a writer that did not hear of its first success.
        await domain.LabelAsync(traffic.Take(1_500).Select(r => new LabelRecord(r.Id, "malignant", From.AddMinutes(55))));
        domain.Time.SetUtcNow(From.AddHours(1));
        var verdict = await domain.Make<CompareWindow>(400).Run(Request(From), default);
        Assert.Equal((3_000, true), (verdict.Window.Rows, verdict.Window.Drifted));
        Assert.InRange(verdict.Window.Labelled, 1_250, 1_750); // An estimate from 400 labels.
        var report = await ReportAsync();
        Assert.Equal((3_000, 400), (report.Rows, report.Sampled));
        Assert.InRange(report.Columns.Single(c => c.Column == "radius").After, 21, 23);
        Assert.InRange(report.Quality["recall"], 0.9, 1);

        var whole = await domain.Make<CompareWindow>().Run(Request(From), default);
        Assert.Equal((3_000, 1_500), (whole.Window.Rows, whole.Window.Labelled));
        Assert.Null((await ReportAsync()).Sampled);
    }

    [Fact]
    public async Task CollectFeedback_MoreLabelsThanTheBound_WritesEveryRowOnceAndTheSameBytesAgain()
    {
        await domain.ServeAsync();
        var traffic = Traffic(1_000, shift: 8).ToList();
        await domain.LogAsync(traffic);
        await domain.LabelAsync(traffic.Take(700).Select(r => new LabelRecord(r.Id, "benign", From.AddMinutes(50))));
        await domain.LabelAsync(traffic.Take(20).Select(r => new LabelRecord(r.Id, "malignant", From.AddMinutes(51))), "corrected");
        domain.Time.SetUtcNow(From.AddHours(1));
        var verdict = await domain.Make<CompareWindow>().Run(Request(From), default);
        var written = await TextAsync(most: 100);
        var rows = written.TrimEnd('\n').Split('\n').Skip(1).ToList();
        Assert.Equal((700, 20), (rows.Count, rows.Count(r => r.EndsWith(",malignant", StringComparison.Ordinal))));
        Assert.Equal(rows.Order(), (await TextAsync(most: 10_000)).TrimEnd('\n').Split('\n').Skip(1).Order());
        Assert.Equal(written, await TextAsync(most: 100));

        async Task<string> TextAsync(int most)
        {
            var path = new BlobPath(Containers.Data, "feedback/demo/tumours/feedback-clinic-20260101T000000Z-20260101T010000Z.csv");
            await domain.Blobs.DeleteAsync(path, default);
            await domain.Make<CollectFeedback>(most).Run(verdict, default);
            return Encoding.UTF8.GetString(await domain.Blobs.ReadBytesAsync(path, default));
        }
    }

    [Fact]
    public async Task Respond_WithinTheCooldown_AlertsOnly()
    {
        await domain.ServeAsync();
        await domain.LogAsync(Traffic(200, shift: 8));
        await domain.LogAsync(Traffic(200, shift: 8, at: From.AddHours(1)));
        await domain.LogAsync(Traffic(200, shift: 8, at: From.AddHours(7)));
        Assert.Equal(ResponseKind.Retrain, (await CheckAsync()).Response.Kind);
        var second = await CheckAsync(From.AddHours(1));
        Assert.Equal(ResponseKind.Alert, second.Response.Kind);
        Assert.Contains("Cool-down until 2026-01-01 07:00:00 UTC", second.Response.Message);
        // counted from the retraining, not from the alert in between
        Assert.Equal(ResponseKind.Retrain, (await CheckAsync(From.AddHours(7))).Response.Kind);
        Assert.Equal(2, trained.Count);
    }

    [Fact]
    public async Task Respond_RunTwiceForAWindow_DecidesTheSameAndAlertsOnce()
    {
        await domain.ServeAsync();
        await domain.LogAsync(Traffic(200, shift: 8));
        domain.Time.SetUtcNow(From.AddHours(1));
        var verdict = await domain.Make<CompareWindow>().Run(Request(From), default);
        Assert.Equal(await domain.Make<RespondToDrift>().Run(verdict, default), await domain.Make<RespondToDrift>().Run(verdict, default));
        Assert.Single((await domain.Get<MonitorLog>().AlertsAsync(Domain.Deployment, new(), default)).Items);
    }

    [Fact]
    public async Task Run_RetrainingFails_IsSaidInTheResult()
    {
        await domain.ServeAsync();
        await domain.LogAsync(Traffic(200, shift: 8));
        train = _ => throw new IOException("no compute");
        var result = await CheckAsync();
        Assert.Empty(result.Retrained);
        Assert.EndsWith("Retraining failed: no compute", result.Response.Message);
    }

    [Fact]
    public async Task Compare_NothingServes_SaysSo() =>
        Assert.Equal("deployment-missing",
            (await Assert.ThrowsAsync<NotFoundException>(() => domain.Make<CompareWindow>().Run(Request(From), default))).Code);

    [Fact]
    public async Task Compare_EmptyWindow_IsRefused() =>
        Assert.Equal("window-empty",
            (await Assert.ThrowsAsync<InvalidInputException>(() => domain.Make<CompareWindow>()
            .Run(new(Domain.Deployment, From, From), default))).Code);

    private Task<CheckResult> CheckAsync(DateTimeOffset? from = null, bool scheduled = true)
    {
        var request = Request(from ?? From) with { Scheduled = scheduled };
        domain.Time.SetUtcNow(request.To);
        return bench.RunAsync(MonitorSteps.Workflow, request, request.InstanceId);
    }

    private async Task<DriftReport> ReportAsync() =>
        await domain.Blobs.ReadJsonAsync<DriftReport>(
            WindowPaths.Report((await domain.Get<MonitorLog>().WindowsAsync(Domain.Deployment, new(), default)).Items[0].Report!.Value),
            default);
}
