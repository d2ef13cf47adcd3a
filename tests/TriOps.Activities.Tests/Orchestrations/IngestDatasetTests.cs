using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Names;
using TriOps.Orchestrations;

namespace TriOps.Activities.Tests.Orchestrations;

public sealed class IngestDatasetTests
{
    private static readonly IngestRequest Request = new(ProjectName.Parse("demo"), DatasetName.Parse("people"), new SourceFile("a.csv", "etag", 12));
    private static readonly ContentId Id = ContentId.OfBytes("x"u8);

    private static ScriptedWorkflow Script(bool passed = true, int headMoves = 0, string conflict = "dataset-head-moved")
    {
        var commits = 0;
        return new ScriptedWorkflow(Request.InstanceId)
            .On(IngestSteps.Stage, r => new StagedFile(r, Id, 1, 12, 12))
            .On(IngestSteps.Profile, s => new ProfiledFile(s, [], 3, Id))
            .On(IngestSteps.Commit, c => commits++ < headMoves ? throw new ConflictException(conflict, "Words decide nothing.") : new CommittedVersion(
                new(Request.Project, Request.Dataset, 2, passed ? VersionStatus.Committed : VersionStatus.Quarantined, Id, 1, Request.Source, [], 3, 12, 12, Id,
                    passed ? [] : [new("min-rows", null, "Too few.")], default, c.Key),
                passed ? [PipelineName.Parse("one"), PipelineName.Parse("two")] : []))
            .On(TrainSteps.Workflow, t => t.Pipeline.Value == "one" ? throw new InvalidOperationException("boom") : Task.FromResult(new TrainResult("run", RunStatus.Completed, null, null, null)));
    }

    [Fact]
    public async Task Ingest_CommittedVersion_TrainsEveryListenerAndOneFailureStopsNoOther()
    {
        var workflow = Script();
        var result = await new IngestDataset().Run(workflow, Request);
        Assert.Equal((2, VersionStatus.Committed), (result.Version.Number, result.Status));
        Assert.Equal(["StageFile", "ProfileDataset", "CommitVersion", "TrainModel(train-demo-one-v2)", "TrainModel(train-demo-two-v2)"], workflow.Calls);
        Assert.Equal([(RunStatus.Failed, "boom"), (RunStatus.Completed, null)], result.Trained.Select(t => (t.Status, t.Error)).ToArray());
    }

    [Fact]
    public async Task Ingest_QuarantinedVersion_TrainsNothing()
    {
        var workflow = Script(passed: false);
        var result = await new IngestDataset().Run(workflow, Request);
        Assert.Equal((VersionStatus.Quarantined, 0), (result.Status, result.Trained.Count));
        Assert.Equal("quarantined", workflow.Statuses[^1].Phase);
    }

    [Fact]
    public async Task Ingest_HeadMoved_StagesAgainUntilItFits()
    {
        var workflow = Script(headMoves: 3);
        Assert.Equal(2, (await new IngestDataset().Run(workflow, Request)).Version.Number);
        Assert.Equal((4, 4), (workflow.Count("StageFile"), workflow.Count("CommitVersion")));
        Assert.Equal(workflow.Statuses.Select(s => s.Progress).Order(), workflow.Statuses.Select(s => s.Progress));
    }

    [Fact]
    public async Task Ingest_HeadNeverStill_GivesUpAfterTen()
    {
        var workflow = Script(headMoves: 100);
        await Assert.ThrowsAsync<Core.Workflows.StepFailedException>(() => new IngestDataset().Run(workflow, Request));
        Assert.Equal(10, workflow.Count("StageFile"));
    }

    [Fact]
    public async Task Ingest_OtherConflict_Fails()
    {
        var workflow = Script(headMoves: 1, conflict: "something-else");
        await Assert.ThrowsAsync<Core.Workflows.StepFailedException>(() => new IngestDataset().Run(workflow, Request));
        Assert.Equal(1, workflow.Count("StageFile"));
    }
}
