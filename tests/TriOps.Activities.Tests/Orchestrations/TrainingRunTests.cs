using TriOps.Activities.Compute;
using TriOps.Activities.Evaluations;
using TriOps.Activities.Experiments;
using TriOps.Activities.Tests.Experiments;
using TriOps.Core.Compute;
using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Projects;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.Orchestrations;
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

        var result = await new TrainModel().Run(Workflow(), request);

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

    private ScriptedWorkflow Workflow() => new ScriptedWorkflow(Bench.RunId)
        .On(bench.Step<PlanTraining>(), TrainSteps.Plan).On(bench.Step<NextTrials>(), TrainSteps.Next)
        .On(bench.Step<ChooseCandidate>(), TrainSteps.Choose).On(bench.Step<RegisterModel>(), TrainSteps.Register).On(bench.Step<EndRun>(), TrainSteps.EndRun)
        .On(bench.Step<EvaluateCandidate>(), TrainSteps.Evaluate)
        .On(JobSteps.Workflow, job => new RunJob().Run(JobWorkflow(job), job));

    /// <summary>Trials 0 and 3 succeed, trial 1 fails, trial 2 dies each time it is started.</summary>
    private ScriptedWorkflow JobWorkflow(JobRequest job) => new ScriptedWorkflow(job.JobId)
        .On(new StopJob(Compute), JobSteps.Stop)
        .On(new LookAtJob(bench.Blobs, Compute, bench.Time), JobSteps.Look)
        .On(JobSteps.Start, attempt =>
        {
            bench.Step<StartJob>().Run(attempt, default).GetAwaiter().GetResult();
            if (job.Trial == 2) Compute.States[(job.JobId, attempt.Attempt)] = AttemptState.Ended;
            else bench.Blobs.WriteJsonAsync(JobPaths.End(job.JobId), job.Trial == 1 ? new(job.JobId, 1, JobOutcome.Failed, Error: "no rows") : bench.Success(job.Trial).GetAwaiter().GetResult(), WriteMode.IfAbsent, default).GetAwaiter().GetResult();
            return Done.Value;
        });
}
