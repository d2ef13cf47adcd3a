using System.Globalization;
using DurableTask.Core.History;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Content;
using TriOps.Core.Deployments;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;
using TriOps.Durable;
using TriOps.Orchestrations;
using TriOps.Testing.Durable;

namespace TriOps.Activities.Tests.Orchestrations;

public sealed class TrainModelTests
{
    private static readonly TrainRequest Request =
        new(ProjectName.Parse("demo"), PipelineName.Parse("diagnosis"), new(ProjectName.Parse("demo"), DatasetName.Parse("tumours"), 1),
        RunReason.Upload);
    private static readonly string RunId = Request.InstanceId();
    private static readonly string Release = ReleaseRequest.IdOf(RunId);
    private static readonly ContentId Plan = ContentId.OfBytes("plan"u8), Evaluated = ContentId.OfBytes("evaluation"u8);
    private static readonly ModelVersionRef Version = new(Request.Project, ModelName.Parse("diagnosis"), 4);
    private static readonly DeploySpec Prod =
        new(DeploymentName.Parse("prod"), Strategy.Immediate, [], TimeSpan.Zero, null, new(),
        new("* * * * *", 1, 0.2, 0.01, 0, new(false, TimeSpan.Zero, 0)));

    private readonly List<TrialsRequest> asked = [];
    private readonly List<TrialEnd> recorded = [];
    private readonly List<RunEnd> ended = [];
    private DeployRequest? deployed;
    private bool passes = true;
    private DeploySpec? deploy = Prod;
    private int trials = 3, parallel = 2;
    private readonly DurableBench bench;

    public TrainModelTests() => bench = new DurableBench().Run<TrainModel, TrainRequest, TrainResult>()
        .Run<ReleaseCandidate, ReleaseRequest, ReleaseResult>()
        .On(TrainSteps.Plan, _ => new PlannedRun(RunId, Plan, trials, parallel, deploy))
        .On(TrainSteps.Next, Next)
        .On(JobSteps.Workflow, RunJob)
        .On(ReleaseSteps.Choose, r => new Candidate(r.RunId, r.Plan, 1, null))
        .On(ReleaseSteps.Evaluate, candidate => new EvaluatedCandidate(candidate, Evaluated, 50, 3))
        .On(ReleaseSteps.Register, _ => new RegisteredModel(Version, new(passes, [])))
        .On(TrainSteps.EndRun, r => { ended.Add(r); return Done.Value; })
        .On(DeploySteps.Workflow, (_, r) =>
        {
            deployed = r;
            return Task.FromResult(new DeployResult(new(new(Request.Project, Prod.Name), 1), RevisionState.Active, null));
        });

    [Fact]
    public async Task Run_GatePasses_RegistersAndDeploys()
    {
        var result = await Complete();

        Assert.Equal((RunStatus.Completed, Version, true), (result.Status, result.Version, result.Gate!.Passed));
        Assert.Equal(RevisionState.Active, result.Deployment!.State);
        Assert.Equivalent(new DeployRequest(Version, Prod, $"run {RunId}"), deployed, strict: true);
        Assert.Empty(ended); // RegisterModel closes the run
        Assert.Equal(["PlanTraining", $"ReleaseCandidate({Release})"],
            bench.Steps(RunId).Where(s => s != "NextTrials" && !s.StartsWith("RunJob(", StringComparison.Ordinal)));
        Assert.Equal(["ChooseCandidate", "EvaluateCandidate", "RegisterModel", $"DeployModel({deployed!.InstanceId("auto")})"],
            bench.Steps(Release));
    }

    [Fact]
    public async Task Run_GateRefuses_CompletesWithTheVerdictAndDoesNotDeploy()
    {
        passes = false;

        var result = await Complete();

        Assert.Equal((RunStatus.Completed, Version, false), (result.Status, result.Version, result.Gate!.Passed));
        Assert.Null(result.Deployment);
        Assert.Null(deployed);
    }

    [Fact]
    public async Task Run_PipelineWithoutDeployment_DoesNotDeploy()
    {
        deploy = null;
        Assert.Null((await Complete()).Deployment);
        Assert.Null(deployed);
    }

    [Fact]
    public async Task Run_OneTrialEnds_IsRecordedBeforeTheNextIsSuggested()
    {
        trials = 5;
        await bench.StartAsync(TrainSteps.Workflow, Request, RunId);
        Assert.Equal([0, 1], Jobs);

        await EndAsync(1);

        Assert.Equal([0, 1, 2], Jobs); // two in flight again: 0 and 2
        Assert.Equal([1], recorded.Select(t => t.Number));
        Assert.Equal((1, 2, 1), (Assert.Single(asked[^1].Ended).Number, asked[^1].First, asked[^1].Count)); // one step for both

        foreach (var n in (int[])[0, 2, 3, 4]) await EndAsync(n);
        Assert.Equal(RunStatus.Completed, bench.Result<TrainResult>(RunId).Status);
        Assert.Equal([1, 0, 2, 3, 4], recorded.Select(t => t.Number));
        Assert.Equal((5, 6), (Jobs.Count, bench.Count(RunId, TrainSteps.Next.Value)));
    }

    [Fact]
    public async Task Run_SeveralTrialsEndDuringAStep_AreRecordedByTheNextOne()
    {
        (trials, parallel) = (40, 20);
        bench.On(TrainSteps.Next, async r =>
        {
            if (asked.Count == 1)
                for (var n = 1; n < 20; n++) await EndAsync(n);
            return Next(r);
        });
        await bench.StartAsync(TrainSteps.Workflow, Request, RunId);
        foreach (var n in (int[])[0, .. Enumerable.Range(20, 20)]) await EndAsync(n);

        Assert.Equal(RunStatus.Completed, bench.Result<TrainResult>(RunId).Status);
        Assert.Equal([0, 1, 16], asked.Take(3).Select(r => r.Ended.Count)); // 19 have ended by the third; 16 are the most
        Assert.Equal(Enumerable.Range(0, 40), recorded.Select(t => t.Number));
        Assert.Equal(Enumerable.Range(0, 40), Jobs);
    }

    [Fact]
    public async Task Run_JobWorkflowFails_TheTrialFailsAndTheSearchGoesOn()
    {
        bench.On(JobSteps.Workflow, (w, job) => job.Trial == 0 ? throw new InvalidOperationException("no such image") : RunJob(w, job));

        var result = await Complete();

        Assert.Equal(RunStatus.Completed, result.Status);
        var lost = Assert.Single(recorded, t => t.Number == 0).End;
        Assert.Equal((JobOutcome.Failed, "no such image"), (lost.Outcome, lost.Error));
    }

    [Fact]
    public async Task Run_SearchFailsWhileTrialsRun_CallsThemOffWaitsForThemAndRecordsAllEnds()
    {
        bench.On(TrainSteps.Next, r => r is { First: > 0, Count: > 0 } ? throw new IOException("away") : Next(r));
        await bench.StartAsync(TrainSteps.Workflow, Request, RunId);

        await EndAsync(0);
        Assert.Empty(Sent); // the step is tried again
        await bench.Hub.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(1 + Retry.Standard.MaxAttempts, bench.Count(RunId, TrainSteps.Next.Value));
        Assert.Equal([($"{RunId}-t01", "job-ended", JobSteps.Cancel($"{RunId}-t01", "The run failed: away"))], Sent);
        Assert.False((await bench.Workflows.FindAsync(RunId, default))!.IsEnded); // the trial's job may still run
        Assert.Empty(ended);
        await bench.RaiseAsync($"{RunId}-t01", JobSteps.Ended, new JobEnd($"{RunId}-t01", 1, JobOutcome.Cancelled, DeviceSeconds: 5));
        var result = bench.Result<TrainResult>(RunId);
        Assert.Equal((RunStatus.Failed, "away"), (result.Status, result.Error));
        Assert.Equal([(0, 0), (1, 5)], recorded.Select(t => (t.Number, t.End.DeviceSeconds)));
        Assert.Single(ended);
    }

    [Theory]
    [InlineData("PlanTraining")]
    [InlineData("NextTrials")]
    [InlineData("ChooseCandidate")]
    [InlineData("EvaluateCandidate")]
    [InlineData("RegisterModel")]
    public async Task Run_StepFails_ClosesTheRunAndReturnsTheError(string step)
    {
        static T Fail<T>() => throw new InvalidInputException("label-one-class", "one class only");
        _ = step switch
        {
            "PlanTraining" => bench.On(TrainSteps.Plan, _ => Fail<PlannedRun>()),
            "NextTrials" => bench.On(TrainSteps.Next, _ => Fail<SuggestedTrials>()),
            "ChooseCandidate" => bench.On(ReleaseSteps.Choose, _ => Fail<Candidate>()),
            "EvaluateCandidate" => bench.On(ReleaseSteps.Evaluate, _ => Fail<EvaluatedCandidate>()),
            _ => bench.On(ReleaseSteps.Register, _ => Fail<RegisteredModel>()),
        };

        var result = await Complete();

        Assert.Equal((RunStatus.Failed, null, "one class only"), (result.Status, result.Version, result.Error));
        Assert.Equal([new RunEnd(RunId, RunStatus.Failed, null, "one class only")], ended);
        Assert.Null(deployed);
        Assert.Equal("failed", bench.Progress(RunId)[^1].Phase);
    }

    [Fact]
    public async Task Run_DeploymentFails_TheVersionStandsAndTheResultSaysSo()
    {
        const string Why = "another version is being deployed";
        bench.On(DeploySteps.Workflow, Task<DeployResult> (_, _) => throw new ConflictException("deployment-busy", Why));

        var result = await Complete();

        Assert.Equal((RunStatus.Completed, Version), (result.Status, result.Version));
        Assert.Equal(new DeployResult(null, RevisionState.RolledBack, Why), result.Deployment);
        Assert.Empty(ended);
    }

    [Fact]
    public async Task Run_FromStartToEnd_ReportsPhasesInOrderAndProgressThatNeverFalls()
    {
        await Complete();

        Assert.Equal(["plan", "search", "release", "done"], bench.Progress(RunId).Select(s => s.Phase).Distinct());
        Assert.Equal(["choose", "evaluate", "register", "deploy", "done"], bench.Progress(Release).Select(s => s.Phase).Distinct());
        foreach (var progress in (IReadOnlyList<WorkflowProgress>[])[bench.Progress(RunId), bench.Progress(Release)])
        {
            Assert.Equal(progress.Select(s => s.Progress).Order(), progress.Select(s => s.Progress));
            Assert.All(progress, s => Assert.InRange(s.Progress, 0, 1));
        }
    }

    /// <summary>Trials whose jobs were started, in order.</summary>
    private IReadOnlyList<int> Jobs => [.. bench.Hub.History(RunId).OfType<SubOrchestrationInstanceCreatedEvent>()
        .Where(e => e.Name == JobSteps.Workflow.Value).Select(e => int.Parse(e.InstanceId![^2..], CultureInfo.InvariantCulture))];

    /// <summary>Events that the run has sent.</summary>
    private IEnumerable<(string Id, string Name, JobEnd End)> Sent => bench.Hub.History(RunId).OfType<EventSentEvent>()
        .Select(e => (e.InstanceId!, e.Name!, DurableServices.Json.Deserialize<JobEnd>(e.Input)!));

    /// <summary>A job that ends as the test says; called off, it has yet to stop.</summary>
    private static async Task<JobEnd> RunJob(IWorkflow workflow, JobRequest job)
    {
        var end = await workflow.WaitForEvent(JobSteps.Ended);
        return end.Attempt > 0 ? end : await workflow.WaitForEvent(JobSteps.Ended);
    }

    private SuggestedTrials Next(TrialsRequest request)
    {
        asked.Add(request);
        recorded.AddRange(request.Ended);
        return new(
            [.. Enumerable.Range(request.First, request.Count)
            .Select(n => new JobRequest($"{RunId}-t{n:D2}", n, TimeSpan.FromMinutes(1)))]);
    }

    private async Task<TrainResult> Complete()
    {
        await bench.StartAsync(TrainSteps.Workflow, Request, RunId);
        for (var i = 0; i < trials; i++) await EndAsync(i);
        return bench.Result<TrainResult>(RunId);
    }

    private Task EndAsync(int trial) =>
        bench.RaiseAsync($"{RunId}-t{trial:D2}", JobSteps.Ended,
            new JobEnd($"{RunId}-t{trial:D2}", 1, JobOutcome.Succeeded, new TrialResult(0.9)));
}
