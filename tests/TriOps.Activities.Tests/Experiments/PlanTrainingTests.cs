using TriOps.Activities.Experiments;
using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Governance;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Data.Csv;

namespace TriOps.Activities.Tests.Experiments;

public sealed class PlanTrainingTests
{
    private readonly Bench bench = new();

    [Fact]
    public async Task Plan_NewRun_FixesFeaturesClassesAndObjectiveAndRecordsIt()
    {
        var planned = await bench.Plan();
        var plan = await bench.StoredPlan(planned);
        var run = await bench.Runs.GetAsync(Bench.RunId, default);

        Assert.Equal(["age", "site"], plan.Features.Select(f => f.Name));
        Assert.Equal(["well", "sick"], plan.Classes);
        Assert.Equal(("auc", true), (plan.Objective, plan.Maximise));
        Assert.Equal(["?"], plan.MissingValues);
        Assert.Contains("'note' is left out: free text is profiled, but no feature.", plan.Notes);
        Assert.Equal((4, 2), (planned.Trials, planned.Parallel));
        Assert.Equal((RunStatus.Running, RunReason.Upload, planned.Plan, 1), (run.Status, run.Reason, run.Plan, run.ProjectRevision));
        var edge = Assert.Single(await bench.Get<LineageGraph>().WalkAsync(new("run", Bench.RunId), default));
        Assert.Equal((new LineageNode("dataset-version", "demo/patients:1"), "used-by"), (edge.From, edge.Relation));
    }

    [Fact]
    public async Task Plan_RepeatedAfterTheProjectChanged_KeepsTheFirstPlan()
    {
        var first = await bench.Plan();
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        await bench.Get<ProjectStore>().ApplyAsync(Bench.Yaml(trials: 9), "test", default);

        Assert.Equal(first, await bench.PlanAgain());
        Assert.Single(await bench.Audit("run.start"));
    }

    [Fact]
    public async Task Plan_RunThatDriftLedTo_IsLinkedToItsWindow()
    {
        await bench.Plan();
        var window = new LineageNode("window", "demo/clinic:w1");
        await bench.Step<PlanTraining>()
            .Run(new("train-again", new(Bench.Project, Bench.Pipeline, new(Bench.Project, Bench.Dataset, 1), RunReason.Drift, window)),
            default);
        var edge = Assert.Single(await bench.Get<LineageGraph>().WalkAsync(window, default));
        Assert.Equal((window, new LineageNode("run", "train-again"), "retrained-by"), (edge.From, edge.To, edge.Relation));
    }

    [Fact]
    public async Task Plan_RunWasEndedMeanwhile_IsNotTakenUpAgain()
    {
        await bench.Plan();
        await bench.Step<EndRun>().Run(new(Bench.RunId, RunStatus.Cancelled, null, "enough"), default);
        var error = await Assert.ThrowsAsync<ConflictException>(bench.PlanAgain);
        Assert.Equal("run-ended", error.Code);
        Assert.Contains("enough", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_SameDataAndProject_HasTheSameAddress() =>
        Assert.Equal((await bench.Plan()).Plan, (await new Bench().Plan()).Plan);

    [Theory]
    [InlineData("label-one-class", "'well'", "well")]
    [InlineData("label-too-many-classes", "'0', '1', '2'", "%3")]
    [InlineData("positive-unknown", "'0', '1'", "%2")]
    public async Task Plan_LabelsThatDoNotFit_AreRefusedWithTheirValues(string code, string says, string outcome)
    {
        var error =
            await Assert.ThrowsAsync<InvalidInputException>(
            () => bench.Plan(csv: Bench.Csv(i => outcome[0] == '%' ? $"{i % (outcome[1] - '0')}" : outcome)));

        Assert.Equal(code, error.Code);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        var run = await bench.Runs.GetAsync(Bench.RunId, default); // recorded, to be closed with this reason
        Assert.Equal((RunStatus.Running, null, 0), (run.Status, run.Plan, run.ProjectRevision));
    }

    [Fact]
    public async Task Plan_TextLabelInRegression_IsRefused() =>
        Assert.Equal("label-not-numeric",
            (await Assert.ThrowsAsync<InvalidInputException>(() => bench.Plan(Bench.Yaml(task: "regression", positive: "")))).Code);

    [Fact]
    public async Task Plan_Regression_MinimisesItsError()
    {
        var plan = await bench.StoredPlan(await bench.Plan(Bench.Yaml(label: "age", task: "regression", positive: "")));
        Assert.Equal(("rmse", false), (plan.Objective, plan.Maximise));
        Assert.Empty(plan.Classes);
    }

    [Fact]
    public async Task Plan_QuarantinedVersion_IsRefusedWithItsIssues()
    {
        await bench.Get<ProjectStore>().ApplyAsync(Bench.Yaml(), "test", default);
        await bench.Commit(Bench.Csv(), VersionStatus.Quarantined);

        var error = await Assert.ThrowsAsync<InvalidInputException>(() => bench.PlanAgain());
        Assert.Equal("dataset-quarantined", error.Code);
        Assert.Contains("Too few rows.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_AnotherDatasetsVersion_IsRefused()
    {
        await bench.Get<ProjectStore>().ApplyAsync(Bench.Yaml(), "test", default);
        var other = new DatasetVersionRef(Bench.Project, Core.Names.DatasetName.Parse("other"), 1);
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => bench.Step<PlanTraining>()
            .Run(new(Bench.RunId, new(Bench.Project, Bench.Pipeline, other, RunReason.Manual)), default));
        Assert.Equal("dataset-mismatch", error.Code);
    }

    [Fact]
    public async Task Plan_ComputeProfileThatIsNotHere_IsRefusedBeforeAnyTrial()
    {
        bench.Compute.Profiles = [Core.Names.ProfileName.Default];

        Assert.Equal("compute-profile-unknown",
            (await Assert.ThrowsAsync<InvalidInputException>(() => bench.Plan(Bench.Yaml(pipeline: "compute: t4")))).Code);
    }

    [Fact]
    public async Task Plan_NoSuchPipeline_NamesThoseThereAre()
    {
        await bench.Plan();
        var request =
            new TrainRequest(Bench.Project, Core.Names.PipelineName.Parse("nope"), new(Bench.Project, Bench.Dataset, 1), RunReason.Manual);
        var error = await Assert.ThrowsAsync<NotFoundException>(() => bench.Step<PlanTraining>().Run(new("train-x", request), default));
        Assert.Contains("It has risk", error.Message, StringComparison.Ordinal);
    }
}
