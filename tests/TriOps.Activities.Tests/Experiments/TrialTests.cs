using TriOps.Activities.Experiments;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Statistics.Search;

namespace TriOps.Activities.Tests.Experiments;

public sealed class TrialTests
{
    private readonly Bench bench = new();

    [Fact]
    public async Task Suggest_NextTrials_AreRecordedWithTheirSpecifications()
    {
        var run = await bench.Plan();

        var suggested = await bench.Suggest(run, 0, 2);

        Assert.Equal([$"{Bench.RunId}-t00", $"{Bench.RunId}-t01"], suggested.Trials.Select(t => t.JobId));
        Assert.All(suggested.Trials, t => Assert.Equal(TimeSpan.FromMinutes(5), t.TimeLimit));
        var trials = await bench.Runs.TrialsAsync(Bench.RunId, default);
        Assert.Equal([ModelFamily.Linear, ModelFamily.LightGbm], trials.Select(t => t.Family));
        Assert.All(trials, t => Assert.Equal(RunStatus.Running, t.Status));
        var spec = await bench.Blobs.ReadJsonAsync<JobSpec>(JobPaths.Spec(suggested.Trials[1].JobId), default);
        var work = Assert.IsType<TrialWork>(spec.Work);
        Assert.Equal((JobSpec.CurrentVersion, Bench.RunId, 1, run.Plan, ModelFamily.LightGbm),
            (spec.Version, work.RunId, work.Trial, work.Plan, work.Family));
        Assert.Equal(FamilyCatalogue.LightGbm.Space.Defaults, work.Parameters);
    }

    [Fact]
    public async Task Suggest_RepeatedAfterOthersEnded_GivesTheSameTrials()
    {
        var run = await bench.Plan(Bench.Yaml(trials: 12));
        await bench.Suggest(run, 0, 8);
        for (var i = 0; i < 7; i++) await bench.Complete(i, 0.8 + 0.01 * i);
        var first = await bench.Suggest(run, 8, 2);
        var parameters = (await bench.Runs.TrialsAsync(Bench.RunId, default)).Skip(8).Select(t => t.Parameters).ToList();
        var spec = await bench.Blobs.FindAsync(JobPaths.Spec(first.Trials[0].JobId), default);

        await bench.Complete(7, 0.99);
        var second = await bench.Suggest(run, 8, 2);

        Assert.Equal(first.Trials, second.Trials);
        Assert.Equal(parameters, (await bench.Runs.TrialsAsync(Bench.RunId, default)).Skip(8).Select(t => t.Parameters));
        Assert.Equal(spec!.ETag, (await bench.Blobs.FindAsync(JobPaths.Spec(first.Trials[0].JobId), default))!.ETag);
    }

    [Fact]
    public async Task Suggest_SpecificationWasLostInACrash_IsWrittenAgain()
    {
        var run = await bench.Plan();
        var first = await bench.Suggest(run, 0, 1);
        await bench.Blobs.DeleteAsync(JobPaths.Spec(first.Trials[0].JobId), default);

        await bench.Suggest(run, 0, 1);

        Assert.NotNull(await bench.Blobs.FindAsync(JobPaths.Spec(first.Trials[0].JobId), default));
    }

    [Fact]
    public async Task Next_EndsAndASuggestion_LearnsFromTheEnds()
    {
        var run = await bench.Plan(Bench.Yaml(trials: 12));
        await bench.Suggest(run, 0, 10);
        List<TrialEnd> ends = [];
        for (var i = 0; i < 10; i++) ends.Add(new(Bench.RunId, i, await bench.Success(i, 0.8 + 0.01 * i)));
        var request = new TrialsRequest(run.RunId, run.Plan, ends, 10, 1);

        var first = await bench.Step<NextTrials>().Run(request, default);
        var trials = await bench.Runs.TrialsAsync(Bench.RunId, default);
        var again = await bench.Step<NextTrials>().Run(request, default);

        Assert.Equal([.. Enumerable.Repeat(RunStatus.Completed, 10), RunStatus.Running], trials.Select(t => t.Status));
        var sampler = new TpeSampler([FamilyCatalogue.Linear.Space, FamilyCatalogue.LightGbm.Space], maximise: true,
            (await bench.StoredPlan(run)).Spec.Search.Seed);
        Assert.Equal(sampler.Suggest(10, [.. trials.Take(10)]).Parameters, trials[10].Parameters);
        Assert.Equal(first.Trials, again.Trials);
        Assert.Equal(11, (await bench.Runs.TrialsAsync(Bench.RunId, default)).Count);
    }

    [Fact]
    public async Task Record_Ends_BecomeTheTrialsState()
    {
        var run = await bench.Plan();
        await bench.Suggest(run, 0, 4);
        await bench.Complete(0, 0.9);
        await bench.End(1, new("j", 1, JobOutcome.Failed, Error: "no rows"));
        await bench.End(2, new("j", 3, JobOutcome.Lost));
        await bench.End(3, new("j", 1, JobOutcome.Succeeded, new TrialResult(double.NaN)));
        await bench.End(0, new("j", 1, JobOutcome.Failed, Error: "said twice"));

        var trials = await bench.Runs.TrialsAsync(Bench.RunId, default);

        Assert.Equal([RunStatus.Completed, RunStatus.Failed, RunStatus.Failed, RunStatus.Failed], trials.Select(t => t.Status));
        Assert.Equal((0.9, 2.5, null), (trials[0].Objective, trials[0].DeviceSeconds, trials[0].Error));
        Assert.Equal("no rows", trials[1].Error);
        Assert.Contains("Lost", trials[2].Error, StringComparison.Ordinal);
        Assert.Contains("objective NaN", trials[3].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_TargetThatCounts_EveryAttemptIsInTheTrialsAndTheRunsCost()
    {
        var run = await bench.Plan();
        await bench.Suggest(run, 0, 2);
        bench.Compute.Bills[("j", 1)] = new(100, new(20_000, "USD")); // lost
        bench.Compute.Bills[("j", 2)] = new(50, new(10_000, "USD"));
        await bench.End(0, new("j", 2, JobOutcome.Failed, DeviceSeconds: 45, Error: "no rows"));
        await bench.End(1, new("uncounted", 1, JobOutcome.Failed, DeviceSeconds: 7, Error: "no rows"));
        await bench.Step<EndRun>().Run(new(Bench.RunId, RunStatus.Failed, null, "no candidate"), default);

        var trials = await bench.Runs.TrialsAsync(Bench.RunId, default);
        Assert.Equal([(150, new Money(30_000, "USD")), (7, null)], trials.Select(t => (t.DeviceSeconds, t.Cost)));
        var ended = await bench.Runs.GetAsync(Bench.RunId, default);
        Assert.Equal((157, new Money(30_000, "USD")), (ended.DeviceSeconds, ended.Cost));
    }

    [Fact]
    public async Task Suggest_PipelineWithAComputeProfile_GivesItToItsJobs()
    {
        var run = await bench.Plan(Bench.Yaml(pipeline: "compute: t4"));

        var suggested = await bench.Suggest(run, 0, 1);

        Assert.Equal("t4",
            (await bench.Blobs.ReadJsonAsync<JobSpec>(JobPaths.Spec(suggested.Trials[0].JobId), default)).Profile!.Value.Value);
    }

    [Fact]
    public async Task EndRun_Failed_ClosesRunAndOpenTrialsOnce()
    {
        var run = await bench.Plan();
        await bench.Suggest(run, 0, 2);
        await bench.Complete(0, 0.9);
        await bench.Step<EndRun>().Run(new(Bench.RunId, RunStatus.Failed, null, "storage is away"), default);
        var ended = await bench.Runs.GetAsync(Bench.RunId, default);
        bench.Time.Advance(TimeSpan.FromHours(1));
        await bench.Step<EndRun>().Run(new(Bench.RunId, RunStatus.Completed, 7, null), default);

        Assert.Equal((RunStatus.Failed, "storage is away", 2.5, null),
            (ended.Status, ended.Error, ended.DeviceSeconds, ended.ModelVersion));
        Assert.Equal(ended, await bench.Runs.GetAsync(Bench.RunId, default));
        Assert.Equal([RunStatus.Completed, RunStatus.Cancelled], (await bench.Runs.TrialsAsync(Bench.RunId, default))
            .Select(t => t.Status));
    }

    [Fact]
    public async Task EndRun_NeverRecorded_HasNothingToClose()
    {
        await bench.Step<EndRun>().Run(new("train-none", RunStatus.Failed, null, "no such project"), default);
        Assert.Null(await bench.Runs.FindAsync("train-none", default));
    }
}
