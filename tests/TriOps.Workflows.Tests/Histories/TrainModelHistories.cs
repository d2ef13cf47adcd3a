using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Deployments;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Core.Workflows;
using TriOps.Orchestrations;

namespace TriOps.Workflows.Tests;

public sealed class TrainModelHistories
{
    private static readonly string Id = Sample.Train.InstanceId();
    private static readonly Candidate Best = new(Id, Sample.Content, 1, null, ["all", "site=a"]);
    private readonly List<TrialEnd> recorded = [];

    [Fact]
    public async Task GatePasses_RegistersAndDeploys()
    {
        await using var engine = await StartAsync(new(true, []));
        await EndTrialsAsync(engine, 0, 1, 2);
        var result = await Recording.ResultAsync<TrainResult>(engine, Id, "train-model.registered.v1.json");
        Assert.Equal((RunStatus.Completed, Sample.Version, RevisionState.Active), (result.Status, result.Version, result.Deployment?.State));
    }

    [Fact]
    public async Task GateRefuses_RegistersAndDoesNotDeploy()
    {
        await using var engine = await StartAsync(new(false, [new("min auc", false, 0.8, 0.95, "auc is 0.8; at least 0.95 is demanded.")]));
        await EndTrialsAsync(engine, 1, 0, 2);
        var result = await Recording.ResultAsync<TrainResult>(engine, Id, "train-model.refused.v1.json");
        Assert.Equal((RunStatus.Completed, false, null), (result.Status, result.Gate!.Passed, result.Deployment));
    }

    [Fact]
    public async Task SearchFails_CallsOffTheTrialsThatRun()
    {
        var suggested = 0;
        await using var engine = await StartAsync(new(true, []), r => ++suggested == 1 ? Trials(r) : throw new InvalidInputException("parameter-out-of-range", "no such range"));
        await EndTrialsAsync(engine, 0);
        var result = await Recording.ResultAsync<TrainResult>(engine, Id, "train-model.called-off.v1.json");
        Assert.Equal((RunStatus.Failed, "no such range"), (result.Status, result.Error));
        Assert.Equal([(0, JobOutcome.Succeeded), (1, JobOutcome.Cancelled)], recorded.Select(t => (t.Number, t.End.Outcome)));
    }

    [Fact]
    public async Task PlanFails_EndsAsAFailedRun()
    {
        await using var engine = await StartAsync(new(true, []), plan: () => throw new InvalidInputException("label-missing", "no such column"));
        Assert.Equal((RunStatus.Failed, "no such column"), await Recording.ResultAsync<TrainResult>(engine, Id, "train-model.not-planned.v1.json") is var result ? (result.Status, result.Error) : default);
    }

    /// <summary>Three trials, two at a time. A trial's job says nothing until the test does.</summary>
    private Task<JournalHarness> StartAsync(GateVerdict verdict, Func<SuggestRequest, SuggestedTrials>? suggest = null, Func<PlannedRun>? plan = null) =>
        Recording.StartAsync<TrainModel, TrainRequest, TrainResult>(Sample.Train, Id, engine =>
        {
            engine.Activity(TrainSteps.Plan, _ => Task.FromResult(plan?.Invoke() ?? new PlannedRun(Id, Sample.Content, Trials: 3, Parallel: 2, Sample.Deploy())));
            engine.Activity(TrainSteps.Suggest, r => Task.FromResult((suggest ?? Trials)(r)));
            engine.Orchestration(JobSteps.Workflow, (w, _) => w.WaitForEvent(JobSteps.Ended));
            engine.Activity(TrainSteps.RecordTrial, t => { recorded.Add(t); return Task.FromResult(Done.Value); });
            engine.Answer(TrainSteps.Choose, Best);
            engine.Activity(TrainSteps.EvaluateSlice, r => Task.FromResult(new SliceEvaluation(new(r.Slice, 50, []), null, [])));
            engine.Answer(TrainSteps.DecideGate, new(Best, Sample.Content, verdict));
            engine.Answer(TrainSteps.Register, new(Sample.Version, verdict));
            engine.Answer(TrainSteps.EndRun, Done.Value);
            engine.Answer(DeploySteps.Workflow, new(Sample.Revision, RevisionState.Active, null));
        });

    private static SuggestedTrials Trials(SuggestRequest r) => new([.. Enumerable.Range(r.First, r.Count).Select(n => new JobRequest(Job(n), n, TimeSpan.FromMinutes(5)))]);

    /// <summary>One after the other: which of two comes first is part of a history.</summary>
    private static async Task EndTrialsAsync(JournalHarness engine, params int[] trials)
    {
        foreach (var n in trials)
        {
            await engine.Workflows.RaiseAsync(Job(n), JobSteps.Ended, new JobEnd(Job(n), 1, JobOutcome.Succeeded, 0.9), default);
            await engine.SettleAsync();
        }
    }

    private static string Job(int n) => $"{Id}-t{n:D2}";
}
