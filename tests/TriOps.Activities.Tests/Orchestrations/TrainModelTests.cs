using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Deployments;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Workflows;
using TriOps.Orchestrations;

namespace TriOps.Activities.Tests.Orchestrations;

public sealed class TrainModelTests
{
    private static readonly TrainRequest Request = new(ProjectName.Parse("demo"), PipelineName.Parse("diagnosis"), new(ProjectName.Parse("demo"), DatasetName.Parse("tumours"), 1), RunReason.Upload);
    private static readonly string RunId = Request.InstanceId();
    private static readonly ContentId Plan = ContentId.OfBytes("plan"u8), Evaluated = ContentId.OfBytes("evaluation"u8);
    private static readonly ModelVersionRef Version = new(Request.Project, ModelName.Parse("diagnosis"), 4);
    private static readonly DeploySpec Prod = new(DeploymentName.Parse("prod"), Strategy.Immediate, [], TimeSpan.Zero, null, new(), new("* * * * *", 1, 0.2, 0.01, 0, new(false, TimeSpan.Zero, 0)));

    private readonly Dictionary<int, TaskCompletionSource<JobEnd>> jobs = [];
    private readonly List<TrialsRequest> asked = [];
    private readonly List<TrialEnd> recorded = [];
    private readonly List<RunEnd> ended = [];
    private DeployRequest? deployed;
    private bool passes = true;
    private DeploySpec? deploy = Prod;
    private int trials = 3, parallel = 2;
    private readonly ScriptedWorkflow workflow;

    public TrainModelTests() => workflow = new ScriptedWorkflow(RunId)
        .On(TrainSteps.Plan, _ => new PlannedRun(RunId, Plan, trials, parallel, deploy))
        .On(TrainSteps.Next, Next)
        .On(JobSteps.Workflow, job => (jobs[job.Trial] = new()).Task)
        .On(TrainSteps.Choose, r => new Candidate(r.RunId, r.Plan, 1, null))
        .On(TrainSteps.Evaluate, candidate => new EvaluatedCandidate(candidate, Evaluated, 50, 3))
        .On(TrainSteps.Register, _ => new RegisteredModel(Version, new(passes, [])))
        .On(TrainSteps.EndRun, r => { ended.Add(r); return Done.Value; })
        .On(DeploySteps.Workflow, r => { deployed = r; return Task.FromResult(new DeployResult(new(new(Request.Project, Prod.Name), 1), RevisionState.Active, null)); });

    [Fact]
    public async Task Run_GatePasses_RegistersAndDeploys()
    {
        var result = await Complete();

        Assert.Equal((RunStatus.Completed, Version, true), (result.Status, result.Version, result.Gate!.Passed));
        Assert.Equal(RevisionState.Active, result.Deployment!.State);
        Assert.Equal(new DeployRequest(Version, Prod, $"run {RunId}"), deployed);
        Assert.Contains($"DeployModel({deployed!.InstanceId("auto")})", workflow.Calls);
        Assert.Empty(ended); // RegisterModel closes the run
        Assert.Equal(["PlanTraining", "ChooseCandidate", "EvaluateCandidate", "RegisterModel"], workflow.Calls.Where(c => c != "NextTrials" && !c.Contains('(', StringComparison.Ordinal)));
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
        var run = new TrainModel().Run(workflow, Request);
        Assert.Equal([0, 1], jobs.Keys);

        End(1);

        Assert.Equal([0, 1, 2], jobs.Keys); // two in flight again: 0 and 2
        Assert.Equal([1], recorded.Select(t => t.Number));
        Assert.Equal((1, 2, 1), (Assert.Single(asked[^1].Ended).Number, asked[^1].First, asked[^1].Count)); // one step for both

        foreach (var n in (int[])[0, 2, 3, 4]) End(n);
        await run;
        Assert.Equal([1, 0, 2, 3, 4], recorded.Select(t => t.Number));
        Assert.Equal((5, 6), (jobs.Count, workflow.Count(TrainSteps.Next.Value)));
    }

    [Fact]
    public async Task Run_SeveralTrialsEndDuringAStep_AreRecordedByTheNextOne()
    {
        (trials, parallel) = (40, 20);
        var busy = new TaskCompletionSource();
        workflow.On(TrainSteps.Next, async r =>
        {
            if (asked.Count == 1) await busy.Task;
            return Next(r);
        });
        var run = new TrainModel().Run(workflow, Request);
        for (var n = 0; n < 20; n++) End(n);
        busy.SetResult();
        for (var n = 20; n < 40; n++) End(n);

        Assert.Equal(RunStatus.Completed, (await run).Status);
        Assert.Equal([0, 1, 16], asked.Take(3).Select(r => r.Ended.Count)); // 19 have ended by the third; 16 are the most
        Assert.Equal(Enumerable.Range(0, 40), recorded.Select(t => t.Number));
        Assert.Equal(Enumerable.Range(0, 40), jobs.Keys);
    }

    [Fact]
    public async Task Run_JobWorkflowFails_TheTrialFailsAndTheSearchGoesOn()
    {
        var run = new TrainModel().Run(workflow, Request);
        jobs[0].SetException(new InvalidOperationException("no such image"));
        End(1);
        End(2);
        var result = await run;

        Assert.Equal(RunStatus.Completed, result.Status);
        var lost = Assert.Single(recorded, t => t.Number == 0).End;
        Assert.Equal((JobOutcome.Failed, "no such image"), (lost.Outcome, lost.Error));
    }

    [Fact]
    public async Task Run_SearchFailsWhileTrialsRun_CallsThemOffWaitsForThemAndRecordsAllEnds()
    {
        var first = 0;
        workflow.On(TrainSteps.Next, r => first++ == 1 ? throw new IOException("away") : Next(r));
        var run = new TrainModel().Run(workflow, Request);

        End(0);

        Assert.Equal([($"{RunId}-t01", "job-ended", JobSteps.Cancel($"{RunId}-t01", "The run failed: away"))], workflow.Sent.Select(s => (s.InstanceId, s.Name, (JobEnd)s.Payload!)));
        Assert.False(run.IsCompleted); // the trial's job may still run
        Assert.Empty(ended);
        jobs[1].SetResult(new($"{RunId}-t01", 1, JobOutcome.Cancelled, DeviceSeconds: 5));
        Assert.Equal((RunStatus.Failed, "away"), await run is var result ? (result.Status, result.Error) : default);
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
            "PlanTraining" => workflow.On(TrainSteps.Plan, _ => Fail<PlannedRun>()),
            "NextTrials" => workflow.On(TrainSteps.Next, _ => Fail<SuggestedTrials>()),
            "ChooseCandidate" => workflow.On(TrainSteps.Choose, _ => Fail<Candidate>()),
            "EvaluateCandidate" => workflow.On(TrainSteps.Evaluate, _ => Fail<EvaluatedCandidate>()),
            _ => workflow.On(TrainSteps.Register, _ => Fail<RegisteredModel>()),
        };

        var result = await Complete();

        Assert.Equal((RunStatus.Failed, null, "one class only"), (result.Status, result.Version, result.Error));
        Assert.Equal([new RunEnd(RunId, RunStatus.Failed, null, "one class only")], ended);
        Assert.Null(deployed);
        Assert.Equal("failed", workflow.Statuses[^1].Phase);
    }

    [Fact]
    public async Task Run_DeploymentFails_TheVersionStandsAndTheResultSaysSo()
    {
        workflow.On(DeploySteps.Workflow, _ => Task.FromException<DeployResult>(new ConflictException("deployment-busy", "another version is being deployed")));

        var result = await Complete();

        Assert.Equal((RunStatus.Completed, Version), (result.Status, result.Version));
        Assert.Equal(new DeployResult(null, RevisionState.RolledBack, "another version is being deployed"), result.Deployment);
        Assert.Empty(ended);
    }

    [Fact]
    public async Task Run_FromStartToEnd_ReportsPhasesInOrderAndProgressThatNeverFalls()
    {
        await Complete();

        Assert.Equal(["plan", "search", "choose", "evaluate", "register", "deploy", "done"], workflow.Statuses.Select(s => s.Phase).Distinct());
        Assert.Equal(workflow.Statuses.Select(s => s.Progress).Order(), workflow.Statuses.Select(s => s.Progress));
        Assert.All(workflow.Statuses, s => Assert.InRange(s.Progress, 0, 1));
    }

    private SuggestedTrials Next(TrialsRequest request)
    {
        asked.Add(request);
        recorded.AddRange(request.Ended);
        return new([.. Enumerable.Range(request.First, request.Count).Select(n => new JobRequest($"{RunId}-t{n:D2}", n, TimeSpan.FromMinutes(1)))]);
    }

    private async Task<TrainResult> Complete()
    {
        var run = new TrainModel().Run(workflow, Request);
        for (var i = 0; i < trials && !run.IsCompleted; i++) End(i);
        return await run;
    }

    private void End(int trial) => jobs[trial].SetResult(new($"{RunId}-t{trial:D2}", 1, JobOutcome.Succeeded, 0.9));
}
