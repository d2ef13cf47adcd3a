using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TriOps.Activities;
using TriOps.Activities.Compute;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Names;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.Orchestrations;
using TriOps.Testing.Durable;
using TriOps.Testing.Fakes;

namespace TriOps.Compute.Tests;

/// <summary>The workflow of a job, over Container Apps jobs; a script stands for the trainer.</summary>
public sealed class RunJobTests : IAsyncLifetime
{
    private const string Id = ArmBench.Id;
    private readonly FakeTimeProvider time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private ArmBench bench = null!;
    private DurableBench hub = null!;
    private ServiceProvider services = null!;

    public async ValueTask InitializeAsync()
    {
        bench = await ArmBench.StartAsync(time);
        services = new ServiceCollection().AddMemoryStores(time).AddSingleton(bench.Blobs).AddTriOpsActivities()
            .AddSingleton(bench.Process()).BuildServiceProvider();
        var data = new DatasetVersionRef(ProjectName.Parse("demo"), DatasetName.Parse("tumours"), 1);
        await services.GetRequiredService<RunLog>()
            .StartAsync(
            new("run", data.Project, PipelineName.Parse("diagnosis"), data, RunReason.Manual, RunStatus.Running, 1,
            ContentId.OfBytes("plan"u8), time.GetUtcNow()), default);
        hub = new DurableBench(time).Run<RunJob, JobRequest, JobEnd>()
            .On(StartJob.Name, input => ActivatorUtilities.CreateInstance<StartJob>(services).Run(input, default))
            .On(LookAtJob.Name, input => ActivatorUtilities.CreateInstance<LookAtJob>(services).Run(input, default))
            .On(StopJob.Name, input => ActivatorUtilities.CreateInstance<StopJob>(services).Run(input, default));
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task Run_LongWaitForAMachineThenAnEviction_EndsWellInTheSecondAttempt()
    {
        await StartAsync();
        await PassAsync(TimeSpan.FromMinutes(15)); // Nobody hears of it, and the time limit is five minutes.
        Assert.Equal(("queued", 1), (await PhaseAsync(), bench.Arm.Executions.Count));

        var first = bench.Arm.Executions[0];
        first.Status = "Running";
        await BeatAsync(1);
        await PassAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("fitting", await PhaseAsync());
        first.End("Failed", time.GetUtcNow(), code: 143, "Terminated", "Evicted: spot capacity was taken back");
        await PassAsync(TimeSpan.FromSeconds(30));

        var second = bench.Arm.Executions[1];
        Assert.Equal((Id, "2"), (second.Variable("TRIOPS_JOB"), second.Variable("TRIOPS_ATTEMPT")));
        second.Status = "Running";
        await BeatAsync(2);
        await bench.Blobs.WriteJsonAsync(JobPaths.End(Id), new JobEnd(Id, 2, JobOutcome.Succeeded, new TrialResult(0.9)),
            WriteMode.Replace, default);
        await PassAsync(TimeSpan.FromSeconds(10));

        Assert.Equal((JobOutcome.Succeeded, 2), ((await EndAsync()).Outcome, (await EndAsync()).Attempt));
        Assert.Equal(2, bench.Arm.Count("POST", "/start"));
    }

    [Fact]
    public async Task Run_ImageThatCannotBeFetched_FailsInItsFirstAttemptAndSaysWhy()
    {
        await StartAsync();
        bench.Arm.Executions[0].Says(null, "ImagePullBackOff", "manifest for trainer:7 not found");
        await PassAsync(TimeSpan.FromMinutes(4));

        var end = await EndAsync();
        Assert.Equal(JobOutcome.Failed, end.Outcome);
        Assert.StartsWith("attempt 1 cannot fetch its image (ImagePullBackOff: manifest for trainer:7 not found)", end.Error,
            StringComparison.Ordinal);
        Assert.Equal("Stopped", Assert.Single(bench.Arm.Executions).Status); // It would try for ever, and be paid for.
    }

    [Fact]
    public async Task Run_TrainerFallsSilent_ItsExecutionIsStoppedBeforeTheNextStarts()
    {
        await StartAsync();
        bench.Arm.Executions[0].Status = "Running";
        await BeatAsync(1);
        await PassAsync(TimeSpan.FromSeconds(40));

        Assert.Equal(["Stopped", "Processing"], bench.Arm.Executions.Select(e => e.Status));
    }

    [Fact]
    public async Task Run_ExecutionVanishes_IsStartedAgain()
    {
        await StartAsync();
        bench.Arm.Executions[0].IsGone = true;
        await PassAsync(TimeSpan.FromMinutes(3));

        Assert.Equal("2", bench.Arm.Executions[1].Variable("TRIOPS_ATTEMPT"));
    }

    [Fact]
    public async Task Run_EveryAttemptIsEvicted_EndsWithTheLastReason()
    {
        await StartAsync();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            bench.Arm.Executions[^1].End("Failed", time.GetUtcNow(), code: 3, "Terminated");
            await PassAsync(TimeSpan.FromSeconds(20));
        }

        var end = await EndAsync();
        Assert.Equal(JobOutcome.Lost, end.Outcome);
        Assert.Contains("Lost in each of 3 attempts; in the last: attempt 3 was asked to go by its machine", end.Error,
            StringComparison.Ordinal);
        Assert.Equal(3, bench.Arm.Executions.Count);
    }

    private async Task StartAsync()
    {
        await hub.StartAsync(RunJob.Name, new JobRequest(Id, 0, TimeSpan.FromMinutes(5)), Id);
        Assert.Single(bench.Arm.Executions);
    }

    private async Task PassAsync(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += TimeSpan.FromSeconds(5))
            await hub.Hub.AdvanceAsync(TimeSpan.FromSeconds(5));
    }

    private Task BeatAsync(int attempt) => bench.Beat(attempt, time.GetUtcNow());

    private async Task<string> PhaseAsync() =>
        (await hub.Workflows.FindAsync(Id, default))!.CustomStatus!.Value.Deserialize<WorkflowProgress>(TriOpsJson.Options)!.Phase;

    private async Task<JobEnd> EndAsync()
    {
        var instance = await hub.Workflows.FindAsync(Id, default);
        Assert.Equal(WorkflowStatus.Completed, instance!.Status);
        return instance.Output!.Value.Deserialize<JobEnd>(TriOpsJson.Options)!;
    }
}
