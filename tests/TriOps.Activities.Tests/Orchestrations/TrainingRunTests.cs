using TriOps.Activities.Compute;
using TriOps.Activities.Evaluations;
using TriOps.Activities.Experiments;
using TriOps.Activities.Tests.Experiments;
using TriOps.Core.Compute;
using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.Orchestrations;
using TriOps.Testing.Durable;
using TriOps.Testing.Fakes;

namespace TriOps.Activities.Tests.Orchestrations;

/// <summary>Both orchestrations over their own steps and stores; only the trainer is scripted.</summary>
public sealed class TrainingRunTests
{
    private readonly Bench bench = new();
    private FakeCompute Compute => bench.Compute;

    [Fact]
    public async Task Run_TrialsSucceedFailAndGetLost_EndsInARegisteredVersionOfTheBest()
    {
        await bench.Get<ProjectStore>().ApplyAsync(Bench.Yaml("gate: { min: { accuracy: 0.95 } }"), "test", default);
        await bench.Commit(Bench.Csv());
        var request = new TrainRequest(Bench.Project, Bench.Pipeline, new(Bench.Project, Bench.Dataset, 1), RunReason.Upload);

        var result = await Orchestrations().RunAsync(TrainSteps.Workflow, request, Bench.RunId);

        Assert.Equal((RunStatus.Completed, "demo/risk:1", null), (result.Status, result.Version?.ToString(), result.Error));
        var run = await bench.Runs.GetAsync(Bench.RunId, default);
        Assert.Equal((RunStatus.Completed, 3, 1, 5.0), (run.Status, run.BestTrial, run.ModelVersion, run.DeviceSeconds));
        var trials = await bench.Runs.TrialsAsync(Bench.RunId, default);
        Assert.Equal([RunStatus.Completed, RunStatus.Failed, RunStatus.Failed, RunStatus.Completed], trials.Select(t => t.Status));
        Assert.Contains("Lost in each of 5 attempts", trials[2].Error, StringComparison.Ordinal);
        Assert.Equal(5, Compute.Started.Count(s => s.JobId == trials[2].JobId));
        Assert.Equal(ModelStatus.Approved, (await bench.Registry.GetAsync(result.Version!, default)).Status);
        Assert.Equal(1, Assert.Single(result.Gate!.Checks).Value); // the scripted model is always right
    }

    private DurableBench Orchestrations() => new DurableBench(bench.Time)
        .Run<TrainModel, TrainRequest, TrainResult>().Run<RunJob, JobRequest, JobEnd>().Run<ReleaseCandidate, ReleaseRequest,
        ReleaseResult>()
        .On(TrainSteps.Plan, r => bench.Step<PlanTraining>().Run(r, default))
        .On(TrainSteps.Next, r => bench.Step<NextTrials>().Run(r, default))
        .On(ReleaseSteps.Choose, r => bench.Step<ChooseCandidate>().Run(r, default))
        .On(ReleaseSteps.Evaluate, r => bench.Step<EvaluateCandidate>().Run(r, default))
        .On(ReleaseSteps.Register, r => bench.Step<RegisterModel>().Run(r, default))
        .On(TrainSteps.EndRun, r => bench.Step<EndRun>().Run(r, default))
        .On(JobSteps.Start, StartAsync)
        .On(JobSteps.Look, r => bench.Step<LookAtJob>().Run(r, default))
        .On(JobSteps.Stop, r => bench.Step<StopJob>().Run(r, default));

    /// <summary>Trials 0 and 3 succeed, trial 1 fails, trial 2 dies each time it is started.</summary>
    private async Task<Done> StartAsync(JobAttempt attempt)
    {
        await bench.Step<StartJob>().Run(attempt, default);
        var trial = ((TrialWork)(await bench.Blobs.ReadJsonAsync<JobSpec>(JobPaths.Spec(attempt.JobId), default)).Work).Trial;
        if (trial == 2) Compute.States[(attempt.JobId, attempt.Attempt)] = AttemptState.Ended;
        else await EndAsync(trial == 1 ? new(attempt.JobId, 1, JobOutcome.Failed, Error: "no rows") : await bench.Success(trial));
        return Done.Value;
    }

    private Task<BlobInfo> EndAsync(JobEnd end) => bench.Blobs.WriteJsonAsync(JobPaths.End(end.JobId), end, WriteMode.IfAbsent, default);
}
