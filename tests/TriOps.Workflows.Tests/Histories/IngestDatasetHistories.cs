using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Orchestrations;

namespace TriOps.Workflows.Tests;

public sealed class IngestDatasetHistories
{
    private static readonly IngestRequest Upload = new(Sample.Project, Sample.Dataset, new("tumours.csv", "etag", 1000));
    private static readonly StagedFile Staged = new(Upload, Sample.Content, null, 1000, 1000);

    [Fact]
    public async Task Committed_TrainsItsListeners()
    {
        await using var engine = await StartAsync(Version(VersionStatus.Committed));
        var result = await Recording.ResultAsync<IngestResult>(engine, Upload.InstanceId, "ingest-dataset.committed.v1.json");
        Assert.Equal((VersionStatus.Committed, RunStatus.Completed), (result.Status, Assert.Single(result.Trained).Status));
    }

    [Fact]
    public async Task Quarantined_TrainsNothing()
    {
        await using var engine = await StartAsync(Version(VersionStatus.Quarantined, new QualityIssue("min-rows", null, "Too few rows.")));
        var result = await Recording.ResultAsync<IngestResult>(engine, Upload.InstanceId, "ingest-dataset.quarantined.v1.json");
        Assert.Equal(VersionStatus.Quarantined, result.Status);
        Assert.Empty(result.Trained);
    }

    [Fact]
    public async Task HeadMoved_IsStagedAgain()
    {
        var commits = 0;
        await using var engine = await StartAsync(Version(VersionStatus.Committed), e => e.Activity(IngestSteps.Commit, _ => ++commits == 1
            ? throw new ConflictException("dataset-head-moved", "The head of demo/tumours moved while a file was being staged.") : Task.FromResult(Version(VersionStatus.Committed))));
        Assert.Single((await Recording.ResultAsync<IngestResult>(engine, Upload.InstanceId, "ingest-dataset.head-moved.v1.json")).Trained);
        Assert.Equal(2, commits);
    }

    private static Task<JournalHarness> StartAsync(DatasetVersion version, Action<JournalHarness>? commit = null) =>
        Recording.StartAsync<IngestDataset, IngestRequest, IngestResult>(Upload, Upload.InstanceId, engine =>
        {
            engine.Answer(IngestSteps.Stage, Staged);
            engine.Answer(IngestSteps.Profile, new(Staged, [], 569, Sample.Content));
            engine.Answer(IngestSteps.Check, new(version.Status == VersionStatus.Committed, version.Issues));
            if (commit is null) engine.Answer(IngestSteps.Commit, version);
            else commit(engine);
            engine.Answer(IngestSteps.FindListeners, new([Sample.Pipeline]));
            engine.Answer(TrainSteps.Workflow, Sample.Trained);
        });

    private static DatasetVersion Version(VersionStatus status, params QualityIssue[] issues) =>
        new(Sample.Project, Sample.Dataset, 1, status, Sample.Content, null, Upload.Source, [], 569, 1000, 1000, Sample.Content, issues, Sample.At, Upload.InstanceId);
}
