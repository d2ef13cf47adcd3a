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
    private static readonly StagedFile Staged = new(Upload, Sample.Content, null, 1000, 1000);

    [Fact]
    public async Task Committed_TrainsItsListeners()
    {
        var bench = await StartAsync(Version(VersionStatus.Committed));
        var result = Recording.Result<IngestResult>(bench, Upload.InstanceId, "ingest-dataset.committed.v1.json");
        Assert.Equal((VersionStatus.Committed, RunStatus.Completed), (result.Status, Assert.Single(result.Trained).Status));
    }

    [Fact]
    public async Task Quarantined_TrainsNothing()
    {
        var bench = await StartAsync(Version(VersionStatus.Quarantined, new QualityIssue("min-rows", null, "Too few rows.")));
        var result = Recording.Result<IngestResult>(bench, Upload.InstanceId, "ingest-dataset.quarantined.v1.json");
        Assert.Equal(VersionStatus.Quarantined, result.Status);
        Assert.Empty(result.Trained);
    }

    [Fact]
    public async Task HeadMoved_IsStagedAgain()
    {
        var commits = 0;
        var bench = await StartAsync(Version(VersionStatus.Committed), e => e.On(IngestSteps.Commit, _ => ++commits == 1
            ? throw new ConflictException(DatasetCatalog.HeadMoved, "demo/tumours moved on.") : new(Version(VersionStatus.Committed), [Sample.Pipeline])));
        Assert.Single(Recording.Result<IngestResult>(bench, Upload.InstanceId, "ingest-dataset.head-moved.v1.json").Trained);
        Assert.Equal(2, commits);
    }

    private static Task<DurableBench> StartAsync(DatasetVersion version, Action<DurableBench>? commit = null) =>
        Recording.StartAsync<IngestDataset, IngestRequest, IngestResult>(Upload, Upload.InstanceId, bench =>
        {
            bench.Answer(IngestSteps.Stage, Staged);
            bench.Answer(IngestSteps.Profile, new(Staged, [], 569, Sample.Content));
            if (commit is null) bench.Answer(IngestSteps.Commit, new(version, version.Status == VersionStatus.Committed ? [Sample.Pipeline] : []));
            else commit(bench);
            bench.Answer(TrainSteps.Workflow, Sample.Trained);
        });

    private static DatasetVersion Version(VersionStatus status, params QualityIssue[] issues) =>
        new(Sample.Project, Sample.Dataset, 1, status, Sample.Content, null, Upload.Source, [], 569, 1000, 1000, Sample.Content, issues, Sample.At, Upload.InstanceId);
}
