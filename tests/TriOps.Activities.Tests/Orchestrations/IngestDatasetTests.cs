using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Names;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;
using TriOps.Orchestrations;
using TriOps.Testing.Durable;

namespace TriOps.Activities.Tests.Orchestrations;

public sealed class IngestDatasetTests
{
    private static readonly IngestRequest Request =
        new(ProjectName.Parse("demo"), DatasetName.Parse("people"), new SourceFile("a.csv", "etag", 12));
    private static readonly ContentId Id = ContentId.OfBytes("x"u8);

    [Fact]
    public async Task Ingest_CommittedVersion_TrainsEveryListenerAndOneFailureStopsNoOther()
    {
        var bench = Bench();
        var result = await bench.RunAsync(IngestSteps.Workflow, Request, Request.InstanceId);
        Assert.Equal((2, VersionStatus.Committed), (result.Version.Number, result.Status));
        string[] steps = ["StageFile", "ProfileDataset", "CommitVersion", "TrainModel(train-demo-one-v2)", "TrainModel(train-demo-two-v2)"];
        Assert.Equal(steps, bench.Steps(Request.InstanceId));
        Assert.Equal([(RunStatus.Failed, "boom"), (RunStatus.Completed, null)], result.Trained.Select(t => (t.Status, t.Error)));
    }

    [Fact]
    public async Task Ingest_QuarantinedVersion_TrainsNothing()
    {
        var bench = Bench(passed: false);
        var result = await bench.RunAsync(IngestSteps.Workflow, Request, Request.InstanceId);
        Assert.Equal((VersionStatus.Quarantined, 0), (result.Status, result.Trained.Count));
        Assert.Equal(["StageFile", "ProfileDataset", "CommitVersion"], bench.Steps(Request.InstanceId));
        Assert.Equal("quarantined", bench.Progress(Request.InstanceId)[^1].Phase);
    }

    [Fact]
    public async Task Ingest_HeadMoved_StagesAgainUntilItFits()
    {
        var bench = Bench(headMoves: 3);
        Assert.Equal(2, (await bench.RunAsync(IngestSteps.Workflow, Request, Request.InstanceId)).Version.Number);
        Assert.Equal((4, 4), (bench.Count(Request.InstanceId, "StageFile"), bench.Count(Request.InstanceId, "CommitVersion")));
        var progress = bench.Progress(Request.InstanceId).Select(s => s.Progress).ToList();
        Assert.Equal(progress.Order(), progress);
    }

    [Fact]
    public Task Ingest_HeadNeverStill_GivesUpAfterAHundred() => FailsAsync(Bench(headMoves: 200), "dataset-head-moved", stagings: 100);

    [Fact]
    public Task Ingest_OtherConflict_Fails() => FailsAsync(Bench(headMoves: 1, conflict: "something-else"), "something-else", stagings: 1);

    private static async Task FailsAsync(DurableBench bench, string code, int stagings)
    {
        await bench.StartAsync(IngestSteps.Workflow, Request, Request.InstanceId);
        var (id, instance) = (Request.InstanceId, await bench.EndAsync(Request.InstanceId));
        Assert.Equal((WorkflowStatus.Failed, code), (instance.Status, instance.Failure?.Code));
        Assert.Equal((stagings, stagings), (bench.Count(id, "StageFile"), bench.Count(id, "CommitVersion")));
    }

    /// <summary>Two pipelines listen, and the training of the first fails.</summary>
    private static DurableBench Bench(bool passed = true, int headMoves = 0, string conflict = "dataset-head-moved")
    {
        var commits = 0;
        return new DurableBench().Run<IngestDataset, IngestRequest, IngestResult>()
            .On(IngestSteps.Stage, _ => new StagedFile(12, 12))
            .On(IngestSteps.Profile, _ => new ProfiledFile("turn", 1, Id, 1, 12, 12, [], 3, Id))
            .On(IngestSteps.Commit, c => commits++ < headMoves ? throw new ConflictException(conflict, "Words decide nothing.")
                : Version(c.Key, passed))
            .On(TrainSteps.Workflow, (_, t) => t.Pipeline.Value == "one" ? throw new InvalidOperationException("boom")
                : Task.FromResult(new TrainResult("run", RunStatus.Completed, null, null, null)));
    }

    private static CommittedVersion Version(string key, bool passed) => new(
        new(Request.Project, Request.Dataset, 2, passed ? VersionStatus.Committed : VersionStatus.Quarantined, Id, 1, Request.Source, [], 3,
            12, 12, Id, passed ? [] : [new("min-rows", null, "Too few.")], default, key),
        passed ? [PipelineName.Parse("one"), PipelineName.Parse("two")] : []);
}
