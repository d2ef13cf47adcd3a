using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Steps;
using TriOps.Orchestrations;
using TriOps.Testing.Durable;

namespace TriOps.Workflows.Tests;

public sealed class IngestDatasetHistories
{
    private static readonly IngestRequest Upload = new(Sample.Project, Sample.Dataset, new("tumours.csv", "etag", 1000));
    private static readonly ProfiledFile Profiled = new("turn", 1, Sample.Content, null, 1000, 1000, [], 569, Sample.Content);
    private static readonly StagedFile Staged = new(1000, 1000);

    [Fact]
    public async Task Committed_TrainsItsListeners()
    {
        var bench = await StartAsync(Version(VersionStatus.Committed));
        var result = Recording.Result<IngestResult>(bench, Upload.InstanceId, "ingest-dataset.committed.v2.json");
        Assert.Equal((VersionStatus.Committed, RunStatus.Completed), (result.Status, Assert.Single(result.Trained).Status));
    }

    [Fact]
    public async Task Quarantined_TrainsNothing()
    {
        var bench = await StartAsync(Version(VersionStatus.Quarantined, new QualityIssue("min-rows", null, "Too few rows.")));
        var result = Recording.Result<IngestResult>(bench, Upload.InstanceId, "ingest-dataset.quarantined.v2.json");
        Assert.Equal(VersionStatus.Quarantined, result.Status);
        Assert.Empty(result.Trained);
    }

    [Fact]
    public async Task HeadMoved_IsStagedAgain()
    {
        var commits = 0;
        var bench = await StartAsync(Version(VersionStatus.Committed), e => e.On(IngestSteps.Commit, _ => ++commits == 1
            ? throw new ConflictException(DatasetCatalog.HeadMoved, "demo/tumours moved on.")
            : new(Version(VersionStatus.Committed), [Sample.Pipeline])));
        Assert.Single(Recording.Result<IngestResult>(bench, Upload.InstanceId, "ingest-dataset.head-moved.v2.json").Trained);
        Assert.Equal(2, commits);
    }

    [Fact]
    public async Task AnothersTurn_IsWaitedFor_AndItsVersionTold()
    {
        var bench = await StartAsync(Version(VersionStatus.Committed), e => e.Answer(IngestSteps.Stage, new(1000, 1000, Waits: true)));
        await bench.RaiseAsync(Upload.InstanceId, IngestSteps.News, new(Sample.Data, VersionStatus.Committed, [], "ingest-another"));
        var result = Recording.Result<IngestResult>(bench, Upload.InstanceId, "ingest-dataset.told.v2.json");
        Assert.Equal((Sample.Data, "ingest-another", 0), (result.Version, result.By, result.Trained.Count));
    }

    [Fact]
    public async Task AnothersTurnThatEnds_IsTaken_AndWhatBreaksARuleHalved()
    {
        var profiles = new Queue<ProfiledFile>([Profiled with { Turn = null, Waits = true }, Profiled with { Files = 4 }, Profiled]);
        var commits = 0;
        var asked = new List<int>();
        var bench =
            await StartAsync(Version(VersionStatus.Committed),
            e => e.On(IngestSteps.Profile, r => { asked.Add(r.Most); return profiles.Dequeue(); })
            .On(IngestSteps.Commit, _ => ++commits == 1 ? throw new ConflictException(IngestSteps.BatchRefused, "Words decide nothing.")
                : new(Version(VersionStatus.Committed), [], ["ingest-other"], "ingest-next")));
        await bench.RaiseAsync(Upload.InstanceId, IngestSteps.News, new());
        Assert.Null(Recording.Result<IngestResult>(bench, Upload.InstanceId, "ingest-dataset.halved.v2.json").By);
        Assert.Equal([BatchSize.Most, BatchSize.Most, 2], asked);
    }

    private static Task<DurableBench> StartAsync(DatasetVersion version, Action<DurableBench>? steps = null) =>
        Recording.StartAsync<IngestDataset, IngestRequest, IngestResult>(Upload, Upload.InstanceId, bench =>
        {
            bench.Answer(IngestSteps.Stage, Staged);
            bench.Answer(IngestSteps.Profile, Profiled);
            bench.Answer(IngestSteps.Commit, new(version, version.Status == VersionStatus.Committed ? [Sample.Pipeline] : []));
            steps?.Invoke(bench);
            bench.Answer(TrainSteps.Workflow, Sample.Trained);
        });

    private static DatasetVersion Version(VersionStatus status, params QualityIssue[] issues) =>
        new(Sample.Project, Sample.Dataset, 1, status, Sample.Content, null, Upload.Source, [], 569, 1000, 1000, Sample.Content, issues,
            Sample.At, Upload.InstanceId);
}
