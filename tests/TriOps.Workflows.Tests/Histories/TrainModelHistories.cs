using DurableTask.Core.History;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Deployments;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;
using TriOps.Orchestrations;
using TriOps.Testing.Durable;

namespace TriOps.Workflows.Tests;

public sealed class TrainModelHistories
{
    private static readonly string Id = Sample.Train.InstanceId();
    private static readonly Candidate Best = new(Id, Sample.Content, 1, null);
    private readonly List<TrialEnd> recorded = [];

    [Fact]
    public async Task GatePasses_RegistersAndDeploys()
    {
        var bench = await StartAsync(new(true, []));
        await EndTrialsAsync(bench, 0, 1, 2);
        var result = Recording.Result<TrainResult>(bench, Id, "train-model.registered.v2.json");
        Assert.Equal((RunStatus.Completed, Sample.Version, RevisionState.Active),
            (result.Status, result.Version, result.Deployment?.State));
        var release = Recording.Result<ReleaseResult>(bench, $"{Id}-release", "release-candidate.deployed.v1.json");
        Assert.Equal((Sample.Version, RevisionState.Active), (release.Version, release.Deployment?.State));
    }

    /// <summary>The third trial is asked for when the first ends, and the second ends while that is being done.</summary>
    [Fact]
    public async Task SecondTrialEndsDuringAStep_IsTakenUpAfterIt()
    {
        var bench = await StartAsync(new(true, []));
        foreach (var n in (int[])[0, 1])
            await bench.Workflows.RaiseAsync(Job(n), JobSteps.Ended,
                new JobEnd(Job(n), 1, JobOutcome.Succeeded, new TrialResult(0.9)), default);
        await bench.Hub.SettleAsync();
        await EndTrialsAsync(bench, 2);
        var result = Recording.Result<TrainResult>(bench, Id, "train-model.ended-together.v2.json");
        Assert.Equal(RunStatus.Completed, result.Status);
        Assert.Equal([0, 1, 2], recorded.Select(t => t.Number).Order());
        var events = bench.Hub.History(Id);
        var asked = events.Index().Where(e => e.Item is TaskScheduledEvent { Name: "NextTrials" }).ElementAt(1);
        var answered = events.Index().First(e => e.Item is TaskCompletedEvent done && done.TaskScheduledId == asked.Item.EventId);
        Assert.Contains(events.Take(answered.Index).Skip(asked.Index), e => e is SubOrchestrationInstanceCompletedEvent);
    }

    [Fact]
    public async Task GateRefuses_RegistersAndDoesNotDeploy()
    {
        var bench = await StartAsync(new(false, [new("min auc", false, 0.8, 0.95, "auc is 0.8; at least 0.95 is demanded.")]));
        await EndTrialsAsync(bench, 1, 0, 2);
        var result = Recording.Result<TrainResult>(bench, Id, "train-model.refused.v2.json");
        Assert.Equal((RunStatus.Completed, false, null), (result.Status, result.Gate!.Passed, result.Deployment));
        Assert.False(Recording.Result<ReleaseResult>(bench, $"{Id}-release", "release-candidate.refused.v1.json").Gate.Passed);
    }

    [Fact]
    public async Task SearchFails_CallsOffTheTrialsThatRun()
    {
        var suggested = 0;
        var bench = await StartAsync(new(true, []), r => ++suggested == 1 ? Trials(r)
            : throw new InvalidInputException("parameter-out-of-range", "no such range"));
        await EndTrialsAsync(bench, 0);
        var result = Recording.Result<TrainResult>(bench, Id, "train-model.called-off.v1.json");
        Assert.Equal((RunStatus.Failed, "no such range"), (result.Status, result.Error));
        Assert.Equal([(0, JobOutcome.Succeeded), (1, JobOutcome.Cancelled)], recorded.Select(t => (t.Number, t.End.Outcome)));
    }

    [Fact]
    public async Task PlanFails_EndsAsAFailedRun()
    {
        var bench = await StartAsync(new(true, []), plan: () => throw new InvalidInputException("label-missing", "no such column"));
        Assert.Equal((RunStatus.Failed, "no such column"),
            Recording.Result<TrainResult>(bench, Id, "train-model.not-planned.v1.json") is var result
            ? (result.Status, result.Error) : default);
    }

    /// <summary>Three trials, two at a time. A trial's job says nothing until the test does.</summary>
    private Task<DurableBench> StartAsync(GateVerdict verdict, Func<TrialsRequest, SuggestedTrials>? suggest = null,
        Func<PlannedRun>? plan = null) =>
        Recording.StartAsync<TrainModel, TrainRequest, TrainResult>(Sample.Train, Id, bench =>
        {
            bench.On(TrainSteps.Plan, _ => plan?.Invoke() ?? new PlannedRun(Id, Sample.Content, Trials: 3, Parallel: 2, Sample.Deploy()));
            bench.On(TrainSteps.Next, r =>
            {
                recorded.AddRange(r.Ended.Where(e => recorded.All(known => known.Number != e.Number))); // Told twice, recorded once.
                return r.Count == 0 ? new([]) : (suggest ?? Trials)(r);
            });
            bench.On(JobSteps.Workflow, (w, _) => w.WaitForEvent(JobSteps.Ended));
            bench.Run<ReleaseCandidate, ReleaseRequest, ReleaseResult>();
            bench.Answer(ReleaseSteps.Choose, Best);
            bench.Answer(ReleaseSteps.Evaluate, new(Best, Sample.Content, Rows: 50, Slices: 2));
            bench.Answer(ReleaseSteps.Register, new(Sample.Version, verdict));
            bench.Answer(TrainSteps.EndRun, Done.Value);
            bench.Answer(DeploySteps.Workflow, new(Sample.Revision, RevisionState.Active, null));
        });

    private static SuggestedTrials Trials(TrialsRequest r) =>
        new([.. Enumerable.Range(r.First, r.Count).Select(n => new JobRequest(Job(n), n, TimeSpan.FromMinutes(5)))]);

    /// <summary>One after the other: which of two comes first is part of a history.</summary>
    private static async Task EndTrialsAsync(DurableBench bench, params int[] trials)
    {
        foreach (var n in trials)
        {
            await bench.RaiseAsync(Job(n), JobSteps.Ended, new JobEnd(Job(n), 1, JobOutcome.Succeeded, new TrialResult(0.9)));
        }
    }

    private static string Job(int n) => $"{Id}-t{n:D2}";
}
