using TriOps.Activities.Compute;
using TriOps.Activities.Experiments;
using TriOps.Activities.Termination;
using TriOps.Activities.Tests.Experiments;
using TriOps.Activities.Triggers;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Experiments;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Tests.Termination;

/// <summary>Workflows that end without running their own last steps leave a run, jobs and trainers behind.</summary>
public sealed class TerminationTests
{
    private readonly Bench bench = new();

    [Fact]
    public async Task Terminate_OfATrainingRun_CancelsRunTrialsAndJobs()
    {
        await TrainingAsync();
        bench.Time.Advance(TimeSpan.FromSeconds(8));

        await Terminator().TerminateAsync(Bench.RunId, "enough", default);

        var run = await bench.Runs.GetAsync(Bench.RunId, default);
        Assert.Equal((RunStatus.Cancelled, $"Workflow {Bench.RunId} was ended: enough", bench.Time.GetUtcNow(), 2.5 + 8),
            (run.Status, run.Error, run.EndedAt, run.DeviceSeconds));
        Assert.Equal([RunStatus.Completed, RunStatus.Cancelled, RunStatus.Cancelled], (await bench.Runs.TrialsAsync(Bench.RunId, default))
            .Select(t => t.Status));
        Assert.Equal([(Job(1), 2)], bench.Compute.Stopped.Distinct()); // its second attempt runs; trial 2 was never started
        Assert.All((string[])[Bench.RunId, Job(1)], id => Assert.Equal(WorkflowStatus.Terminated, bench.Workflows.Instances[id].Status));
        Assert.Empty(await OpenAsync());
    }

    [Fact]
    public async Task Terminate_OfTheParent_EndsAllBelowItEachAfterTheOneAbove()
    {
        await TrainingAsync();
        Above(WorkflowStatus.Running);

        await Terminator().TerminateAsync("ingest-1", "enough", default);

        Assert.Equal(["ingest-1", Bench.RunId, Job(1)], bench.Workflows.Terminated);
        Assert.Equal(RunStatus.Cancelled, (await bench.Runs.GetAsync(Bench.RunId, default)).Status);
        Assert.Equal([(Job(1), 2)], bench.Compute.Stopped.Distinct());
    }

    /// <summary>Whoever terminated it was killed before it came to the run below.</summary>
    [Fact]
    public async Task Sweep_RunBelowATerminatedWorkflow_IsEndedWithItsJobs()
    {
        await TrainingAsync();
        Above(WorkflowStatus.Terminated);

        await TickAsync();

        Assert.All((string[])[Bench.RunId, Job(1)], id => Assert.Equal(WorkflowStatus.Terminated, bench.Workflows.Instances[id].Status));
        Assert.Contains("ingest-1, which started it, was terminated", (await bench.Runs.GetAsync(Bench.RunId, default)).Error,
            StringComparison.Ordinal);
        Assert.Empty(await OpenAsync());
    }

    [Fact]
    public async Task Start_OnItsWayWhenTheRunWasEnded_IsRefused()
    {
        await TrainingAsync();
        await Terminator().TerminateAsync(Bench.RunId, "enough", default);
        var started = bench.Compute.Started.Count;

        var error =
            await Assert.ThrowsAsync<ConflictException>(() => bench.Step<StartJob>().Run(new(Job(2), 1, bench.Time.GetUtcNow()), default));

        Assert.Equal("run-ended", error.Code);
        Assert.Equal(started, bench.Compute.Started.Count);
    }

    [Theory]
    [InlineData(WorkflowStatus.Terminated, RunStatus.Cancelled)]
    [InlineData(WorkflowStatus.Failed, RunStatus.Failed)]
    [InlineData(null, RunStatus.Cancelled)] // removed
    public async Task Sweep_RunWhoseWorkflowIsOver_IsClosedWithItsJobs(WorkflowStatus? status, RunStatus expected)
    {
        await TrainingAsync();
        if (status is { } over)
            bench.Workflows.Instances[Bench.RunId] =
                bench.Workflows.Instances[Bench.RunId] with { Status = over, Failure = new("X", "code changed") };
        else await RemoveAsync();

        await TickAsync();
        var run = await bench.Runs.GetAsync(Bench.RunId, default);
        await TickAsync();

        Assert.Equal(expected, run.Status);
        Assert.Equal(status == WorkflowStatus.Failed, run.Error!.Contains("code changed", StringComparison.Ordinal));
        Assert.Equal(run, await bench.Runs.GetAsync(Bench.RunId, default)); // the second tick finds nothing
        Assert.Equal([(Job(1), 2)], bench.Compute.Stopped);
        Assert.Equal(WorkflowStatus.Terminated, bench.Workflows.Instances[Job(1)].Status); // nobody else would end it
    }

    [Fact]
    public async Task Sweep_RunWhoseWorkflowGoesOn_IsLeftAlone()
    {
        await TrainingAsync();
        var before = await bench.Runs.GetAsync(Bench.RunId, default);
        await TickAsync();
        Assert.Equal(before, await bench.Runs.GetAsync(Bench.RunId, default));
        Assert.Equal([Bench.RunId], await OpenAsync());
        Assert.Empty(bench.Compute.Stopped);
    }

    /// <summary>The engine writes an instance after its first step may have run; a host killed between the two comes back to
    /// that.</summary>
    [Fact]
    public async Task Sweep_RunWhoseWorkflowIsNotSeenYet_IsLeftAlone()
    {
        await TrainingAsync();
        var (before, instance) = (await bench.Runs.GetAsync(Bench.RunId, default), bench.Workflows.Instances[Bench.RunId]);
        bench.Workflows.Instances.Remove(Bench.RunId);

        await TickAsync();
        bench.Time.Advance(EndedWorkflows.Grace - TimeSpan.FromSeconds(1));
        await TickAsync();
        bench.Workflows.Instances[Bench.RunId] = instance;
        await TickAsync();
        bench.Workflows.Instances.Remove(Bench.RunId); // Missing anew: its time begins again.
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        await TickAsync();

        Assert.Equal(before, await bench.Runs.GetAsync(Bench.RunId, default));
        Assert.Empty(bench.Compute.Stopped);
    }

    [Fact]
    public async Task Sweep_JobThatEndedWellUnseen_KeepsItsResult()
    {
        await TrainingAsync();
        await bench.Blobs.WriteJsonAsync(JobPaths.End(Job(1)), await bench.Success(1), WriteMode.IfAbsent, default);
        await RemoveAsync();

        await TickAsync();

        Assert.Equal([RunStatus.Completed, RunStatus.Completed, RunStatus.Cancelled], (await bench.Runs.TrialsAsync(Bench.RunId, default))
            .Select(t => t.Status));
        Assert.Equal(5, (await bench.Runs.GetAsync(Bench.RunId, default)).DeviceSeconds);
    }

    [Fact]
    public async Task Sweep_RunThatEndedInOrder_IsNotOpen()
    {
        await TrainingAsync();
        await bench.Step<EndRun>().Run(new(Bench.RunId, RunStatus.Completed, 1, null), default);
        Assert.Empty(await OpenAsync());
    }

    [Fact]
    public async Task Terminate_OfOneJob_StopsItsTrainer()
    {
        await TrainingAsync();
        await Terminator().TerminateAsync(Job(1), "hangs", default);
        Assert.Equal([(Job(1), 2)], bench.Compute.Stopped);
        Assert.Equal(RunStatus.Running, (await bench.Runs.GetAsync(Bench.RunId, default)).Status);
    }

    /// <summary>Trial 0 has completed, trial 1 runs in its second attempt, trial 2 is suggested and not started.</summary>
    private async Task TrainingAsync()
    {
        var run = await bench.Plan();
        Instance(Bench.RunId, TrainSteps.Workflow.Value);
        await bench.Suggest(run, 0, 3);
        await bench.Complete(0, 0.9);
        Instance(Job(1), JobSteps.Workflow.Value, Bench.RunId);
        bench.Workflows.Steps[Bench.RunId] = [Child(Job(1))];
        foreach (var attempt in (int[])[1, 2]) await bench.Step<StartJob>().Run(new(Job(1), attempt, bench.Time.GetUtcNow()), default);
        await bench.Blobs.WriteJsonAsync(JobPaths.Heartbeat(Job(1)), new JobHeartbeat(2, bench.Time.GetUtcNow(), "fitting", 0.5),
            WriteMode.Replace, default);
    }

    /// <summary>Somebody removed the run's workflow from the engine, long enough ago.</summary>
    private async Task RemoveAsync()
    {
        bench.Workflows.Instances.Remove(Bench.RunId);
        await TickAsync();
        bench.Time.Advance(EndedWorkflows.Grace);
    }

    private void Instance(string id, string workflow, string? parent = null) =>
        bench.Workflows.Instances[id] = new(id, workflow, WorkflowStatus.Running, bench.Time.GetUtcNow(), bench.Time.GetUtcNow(), parent);

    /// <summary>An ingestion that has started the run.</summary>
    private void Above(WorkflowStatus status)
    {
        Instance("ingest-1", "IngestDataset");
        bench.Workflows.Instances["ingest-1"] = bench.Workflows.Instances["ingest-1"] with { Status = status };
        bench.Workflows.Steps["ingest-1"] = [Child(Bench.RunId)];
        bench.Workflows.Instances[Bench.RunId] = bench.Workflows.Instances[Bench.RunId] with { ParentId = "ingest-1" };
    }

    private static WorkflowStep Child(string id) => new(0, "child", "workflow", default, ChildId: id);

    private static string Job(int trial) => $"{Bench.RunId}-t{trial:D2}";

    private Terminator Terminator() => new(bench.Workflows, bench.Get<Leftovers>(), bench.Time);

    private Task TickAsync() => bench.Step<MonitorTimer>().HandleAsync(bench.Time.GetUtcNow(), default);

    private async Task<List<string>> OpenAsync()
    {
        var open = new List<string>();
        await foreach (var id in bench.Runs.OpenAsync(default)) open.Add(id);
        return open;
    }
}
