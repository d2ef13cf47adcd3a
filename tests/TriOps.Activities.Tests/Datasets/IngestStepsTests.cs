using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TriOps.Activities;
using TriOps.Activities.Datasets;
using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Governance;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Data.Packs;
using TriOps.Testing.Fakes;

namespace TriOps.Activities.Tests.Datasets;

public sealed class IngestStepsTests : IDisposable
{
    private const string Yaml = """
        version: 1
        project: demo
        datasets:
          people: { quality: { min_rows: 2, columns: { age: { max: 130 } } }, privacy: { deny: [email] } }
          other: {}
        pipelines:
          zeta: { dataset: people, task: regression, label: age }
          alpha: { dataset: people, task: binary, label: ok, positive: "yes" }
          elsewhere: { dataset: other, task: regression, label: x }
        """;

    private static readonly ProjectName Project = ProjectName.Parse("demo");
    private static readonly DatasetName People = DatasetName.Parse("people");
    private readonly ServiceProvider services = new ServiceCollection()
        .AddMemoryStores(new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56))).AddTriOpsActivities().BuildServiceProvider();

    private T Get<T>() where T : notnull => services.GetRequiredService<T>();

    public void Dispose() => services.Dispose();

    private async Task<IngestRequest> UploadAsync(string file, string text, DatasetName? dataset = null)
    {
        if (await Get<ProjectStore>().FindAsync(Project, default) is null) await Get<ProjectStore>().ApplyAsync(Yaml, "test", default);
        var blob = await Get<IBlobs>()
            .WriteAsync(DatasetPaths.Inbox(Project, dataset ?? People, file), Encoding.UTF8.GetBytes(text), WriteMode.Replace, default);
        return new IngestRequest(Project, dataset ?? People, new SourceFile(file, blob.ETag, blob.Length));
    }

    private async Task<StagedFile> StageAsync(IngestRequest r) =>
        await Get<StageFile>().Run(new(r.InstanceId, r.Project, r.Dataset, r.Source, r.At, r.Cause, r.Remove), default);

    private async Task<CommitRequest> ProfileAsync(IngestRequest r, int most = BatchSize.Most)
    {
        var p = await Get<ProfileDataset>().Run(new(r.InstanceId, r.Project, r.Dataset, most), default);
        return new(r.InstanceId, r.Project, r.Dataset, p.Turn, p.Manifest, p.Parent, p.Bytes, p.AddedBytes, p.Columns, p.Rows, p.Profile,
            p.Unreadable, p.Unchanged);
    }

    private async Task<CommitRequest> PrepareAsync(IngestRequest request)
    {
        await StageAsync(request);
        return await ProfileAsync(request);
    }

    private async Task<DatasetVersion> IngestAsync(IngestRequest request) =>
        (await Get<CommitVersion>().Run(await PrepareAsync(request), default)).Version;

    private async Task<string> TextAsync(DatasetVersion version, string file)
    {
        await using var stream = await Get<DatasetFiles>().OpenAsync(version.Manifest, file, default);
        return await new StreamReader(stream).ReadToEndAsync();
    }

    [Fact]
    public async Task Ingest_GoodFile_CommitsAVersionWithAllItSays()
    {
        var request = await UploadAsync("a.csv", "age,ok\n30,yes\n40,no\n50,yes\n");
        var version = await IngestAsync(request);
        Assert.Equal((1, VersionStatus.Committed, 3, (int?)null), (version.Number, version.Status, version.Rows, version.Parent));
        Assert.Equal([new("age", ColumnKind.Number), new("ok", ColumnKind.Boolean)], version.Columns);
        Assert.Equal((27, 27), (version.Bytes, version.AddedBytes));
        Assert.Equal("age,ok\n30,yes\n40,no\n50,yes\n", await TextAsync(version, "a.csv"));
        var profile = await Get<IBlobs>().ReadJsonAsync<DatasetProfile>(DatasetPaths.Profile(version.Profile), default);
        Assert.Equal(40, profile.Columns[0].Numbers!.Mean);
        var audit = (await Get<AuditLog>().ListAsync(new PageRequest(), default)).Items;
        Assert.Contains(audit, e => e.Action == "dataset.commit" && e.Subject == "demo/people:1" && e.Details["file"] == "a.csv");
    }

    [Fact]
    public async Task Ingest_SecondFile_AddsToTheParentAndThirdReplaces()
    {
        await IngestAsync(await UploadAsync("a.csv", "age,ok\n30,yes\n40,no\n"));
        var second = await IngestAsync(await UploadAsync("b.csv", "ok,age\nyes,50\nno,60\n"));
        Assert.Equal((2, 1, 4), (second.Number, second.Parent, second.Rows));
        var third = await IngestAsync(await UploadAsync("a.csv", "age,ok\n31,yes\n"));
        Assert.Equal((3, 2, 3), (third.Number, third.Parent, third.Rows));
        Assert.Equal("age,ok\n31,yes\n", await TextAsync(third, "a.csv"));
        Assert.Equal("ok,age\nyes,50\nno,60\n", await TextAsync(third, "b.csv"));
        Assert.Equal("age,ok\n30,yes\n40,no\n", await TextAsync(second, "a.csv"));
        var edges = await Get<LineageGraph>().WalkAsync(new LineageNode("dataset-version", "demo/people:3"), default);
        Assert.Equal(["demo/people:1 → demo/people:2", "demo/people:2 → demo/people:3"], edges.Select(e => $"{e.From.Id} → {e.To.Id}")
            .Order().ToArray());
    }

    [Theory]
    [InlineData("", "csv-empty")]
    [InlineData("age,ok\n", "min-rows")]
    [InlineData("age,ok\n1\n", "csv-ragged")]
    [InlineData("age,ok\n1,\"x\n", "csv-quote")]
    [InlineData("age,ok\n300,yes\n1,no\n", "range")]
    [InlineData("age,ok\n30,a@example.org\n1,no\n", "privacy-email")]
    [InlineData("age,age\n30,1\n", "csv-header")]
    public async Task Ingest_BadFile_IsQuarantinedWithItsReasonAndKept(string text, string rule)
    {
        var good = await IngestAsync(await UploadAsync("good.csv", "age,ok\n30,yes\n40,no\n"));
        var version = await IngestAsync(await UploadAsync(rule is "min-rows" ? "good.csv" : "bad.csv", text));
        Assert.Equal((2, VersionStatus.Quarantined), (version.Number, version.Status));
        Assert.Contains(version.Issues, i => i.Rule == rule);
        Assert.Equal(text, await TextAsync(version, rule is "min-rows" ? "good.csv" : "bad.csv"));
        Assert.Equal(good.Number, (await Get<DatasetCatalog>().HeadAsync(Project, People, default))!.Number);
        var next = await IngestAsync(await UploadAsync("more.csv", "age,ok\n31,yes\n"));
        Assert.Equal((3, 1, 3), (next.Number, next.Parent, next.Rows)); // The quarantined file is no part of it.
    }

    [Fact]
    public async Task Ingest_FileWithOtherColumns_IsQuarantined()
    {
        await IngestAsync(await UploadAsync("a.csv", "age,ok\n30,yes\n40,no\n"));
        var version = await IngestAsync(await UploadAsync("b.csv", "age,okay\n30,yes\n"));
        Assert.Equal("columns-differ", Assert.Single(version.Issues).Rule);
    }

    [Fact]
    public async Task Ingest_EveryStepTwice_MakesOneVersionAndOneAuditEvent()
    {
        var request = await UploadAsync("a.csv", "age,ok\n30,yes\n40,no\n");
        var first = await IngestAsync(request);
        var again = await IngestAsync(request);
        Assert.Equal((first.Number, first.Manifest, first.CreatedAt), (again.Number, again.Manifest, again.CreatedAt));
        Assert.Single((await Get<AuditLog>().ListAsync(new PageRequest(), default)).Items, e => e.Action == "dataset.commit");
    }

    [Fact]
    public async Task Commit_HeadMovedMeanwhile_ConflictsAndSucceedsWhenProfiledAgain()
    {
        var (a, b) = (await UploadAsync("a.csv", "age,ok\n30,yes\n40,no\n"), await UploadAsync("b.csv", "age,ok\n50,yes\n60,no\n"));
        var prepared = await PrepareAsync(a);
        await Get<DatasetCatalog>().CommitAsync(Project, People, "faster", null, n => Version(n, prepared, "faster"), default);
        Assert.Equal("dataset-head-moved",
            (await Assert.ThrowsAsync<ConflictException>(() => Get<CommitVersion>().Run(prepared, default))).Code);
        Assert.Equal(1, (await Get<CommitVersion>().Run(await ProfileAsync(a), default)).Version.Number); // The head has this file.
        Assert.Equal((2, 4), (await IngestAsync(b) is var v ? v.Number : 0, v.Rows));
    }

    private static DatasetVersion Version(int number, CommitRequest of, string workflow) =>
        new(Project, People, number, VersionStatus.Committed, of.Manifest!.Value, of.Parent,
        new("x.csv", "e", 1), of.Columns, of.Rows, of.Bytes, of.AddedBytes, of.Profile!.Value, [], default, workflow);

    [Fact]
    public async Task Stage_BlobReplacedMeanwhile_Conflicts()
    {
        var request = await UploadAsync("a.csv", "age,ok\n30,yes\n40,no\n");
        await UploadAsync("a.csv", "age,ok\n31,yes\n40,no\n");
        Assert.Equal("blob-changed", (await Assert.ThrowsAsync<ConflictException>(() => StageAsync(request))).Code);
    }

    [Fact]
    public async Task Stage_UnknownProjectOrDataset_SaysToApplyTheFile()
    {
        var request = await UploadAsync("a.csv", "age,ok\n30,yes\n");
        var project = await Assert.ThrowsAsync<NotFoundException>(() => StageAsync(request with { Project = ProjectName.Parse("nobody") }));
        Assert.Equal("project-missing", project.Code);
        Assert.Contains("Apply its triops.yaml", project.Message);
        var dataset =
            await Assert.ThrowsAsync<NotFoundException>(() => StageAsync(request with { Dataset = DatasetName.Parse("nothing") }));
        Assert.Equal("dataset-undeclared", dataset.Code);
        Assert.Contains("it has people, other", dataset.Message);
    }

    [Fact]
    public async Task Ingest_RequestWithACause_IsReadFromWhereItLiesAndLinkedToTheCause()
    {
        await IngestAsync(await UploadAsync("a.csv", "age,ok\n30,yes\n40,no\n"));
        var path = DatasetPaths.Feedback(Project, People, "feedback-clinic-w.csv");
        var blob = await Get<IBlobs>().WriteAsync(path, Encoding.UTF8.GetBytes("age,ok\n50,yes\n"), WriteMode.IfAbsent, default);
        var cause = new LineageNode("window", "demo/clinic:w");
        var version =
            await IngestAsync(new(Project, People, new("feedback-clinic-w.csv", blob.ETag, blob.Length), RunReason.Drift, path, cause));
        Assert.Equal((2, 3), (version.Number, version.Rows));
        Assert.Contains(await Get<LineageGraph>().WalkAsync(new("dataset-version", "demo/people:2"), default), e => e.From == cause
            && e.Relation == "triggered");
    }

    [Fact]
    public async Task Ingest_UploadNamedLikeFeedback_IsAnUploadLikeAnother()
    {
        await IngestAsync(await UploadAsync("feedback-clinic-20260101T000000Z-20260101T010000Z.csv", "age,ok\n30,yes\n40,no\n"));
        Assert.Empty(await Get<LineageGraph>().WalkAsync(new("dataset-version", "demo/people:1"), default));
    }

    [Fact]
    public void Request_AsJson_KeepsWhereItLiesAndWhy()
    {
        var request =
            new IngestRequest(Project, People, new("a.csv", "e", 1), RunReason.Drift, DatasetPaths.Feedback(Project, People, "a.csv"),
            new("window", "w"));
        Assert.Equal(request,
            JsonSerializer.Deserialize<IngestRequest>(JsonSerializer.Serialize(request, TriOpsJson.Options), TriOpsJson.Options));
        var older =
            JsonSerializer.Deserialize<IngestRequest>(
            """{"project":"demo","dataset":"people","source":{"file":"a.csv","eTag":"e","length":1}}""", TriOpsJson.Options)!;
        Assert.Equal((null, RunReason.Upload, null), (older.At, older.Reason, older.Cause));
    }

    [Fact]
    public async Task Steps_AskedForByAnOlderVersion_AreSentBackToStaging()
    {
        const string Request = """{"project":"demo","dataset":"people","source":{"file":"a.csv","eTag":"e","length":1}}""";
        var id = new string('a', 64);
        var staged = $$"""{"request":{{Request}},"manifest":"{{id}}","bytes":1,"addedBytes":1}""";
        await LostAsync<StageRequest, StagedFile>(Get<StageFile>(), Request);
        await LostAsync<ProfileRequest, ProfiledFile>(Get<ProfileDataset>(), staged);
        await LostAsync<CommitRequest, CommittedVersion>(Get<CommitVersion>(),
            $$"""{"key":"ingest-1","profiled":{"staged":{{staged}},"columns":[],"rows":1,"profile":"{{id}}"} }""");

        static async Task LostAsync<TIn, TOut>(Core.Workflows.IActivity<TIn, TOut> step, string json) =>
            Assert.Equal(IngestSteps.TurnLost,
                (await Assert.ThrowsAsync<ConflictException>(
                () => step.Run(JsonSerializer.Deserialize<TIn>(json, TriOpsJson.Options)!, default))).Code);
    }

    [Theory]
    [InlineData("../a.csv")]
    [InlineData("x/../../a.csv")]
    [InlineData("x//a.csv")]
    [InlineData("a\\b.csv")]
    public async Task Stage_UnsafePath_IsRefused(string file)
    {
        await Get<ProjectStore>().ApplyAsync(Yaml, "test", default);
        var request = new IngestRequest(Project, People, new SourceFile(file, "e", 1));
        Assert.Equal("path-unsafe", (await Assert.ThrowsAsync<InvalidInputException>(() => StageAsync(request))).Code);
    }

    [Fact]
    public async Task Commit_GoodFile_NamesThePipelinesThatListenByName()
    {
        var committed = await Get<CommitVersion>().Run(await PrepareAsync(await UploadAsync("a.csv", "age,ok\n30,yes\n40,no\n")), default);
        Assert.Equal(["alpha", "zeta"], committed.Listeners.Select(p => p.Value));
    }

    [Fact]
    public async Task Commit_BadFile_NamesNoPipeline() =>
        Assert.Empty(
            (await Get<CommitVersion>().Run(await PrepareAsync(await UploadAsync("a.csv", "age,ok\n30,yes\n")), default)).Listeners);

    [Fact]
    public async Task Commit_RulesChangedSinceTheVersionWasMade_ReturnsItAsItWasMade()
    {
        var prepared = await PrepareAsync(await UploadAsync("a.csv", "age,ok\n30,yes\n40,no\n"));
        var first = await Get<CommitVersion>().Run(prepared, default);
        await Get<ProjectStore>().ApplyAsync(Yaml.Replace("min_rows: 2", "min_rows: 20", StringComparison.Ordinal), "test", default);
        var again = await Get<CommitVersion>().Run(prepared, default);
        Assert.Equal((first.Version.Number, VersionStatus.Committed, 2),
            (again.Version.Number, again.Version.Status, again.Listeners.Count));
        Assert.Single((await Get<AuditLog>().ListAsync(new PageRequest(), default)).Items,
            e => e.Action.StartsWith("dataset.", StringComparison.Ordinal));
    }
}
