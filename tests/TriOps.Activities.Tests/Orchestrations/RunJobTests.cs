using System.Text.Json;
using DurableTask.Core.History;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;
using TriOps.Orchestrations;
using TriOps.Testing.Durable;
using TriOps.Testing;

namespace TriOps.Activities.Tests.Orchestrations;

public sealed class RunJobTests
{
    private const string Id = "train-demo-diagnosis-v1-t00";
    private static readonly JobRequest Job = new(Id, 0, TimeSpan.FromMinutes(5));
    private static readonly DateTimeOffset Began = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly List<int> started = [], stopped = [];
    private readonly DurableBench bench;
    private int looks;
    private Func<JobAttempt, JobLook> look = _ => new(null, false, null);

    public RunJobTests() => bench = new DurableBench().Run<RunJob, JobRequest, JobEnd>()
        .On(JobSteps.Start, a => { started.Add(a.Attempt); return Done.Value; })
        .On(JobSteps.Stop, a => { stopped.Add(a.Attempt); return Done.Value; })
        .On(JobSteps.Look, a => { looks++; return look(a); });

    [Fact]
    public async Task Run_EventSaysSucceeded_ReturnsItWithoutLooking()
    {

        var end = await RunAsync(Job, End(1, JobOutcome.Succeeded));

        Assert.Equal(JobOutcome.Succeeded, end.Outcome);
        Assert.Equal([JobSteps.Start.Value], bench.Steps(Id));
    }

    [Fact]
    public async Task Run_EventNeverComes_FindsTheEndByLooking()
    {
        look = _ => new(looks == 3 ? End(1, JobOutcome.Succeeded) : null, false, null, Fitting(1) with { Progress = 0.1 * looks });

        var end = await RunAsync(Job);

        Assert.Equal(JobOutcome.Succeeded, end.Outcome);
        Assert.Equal([1], started);
        Assert.Contains(bench.Progress(Id), s => s is { Phase: "fitting", Progress: 0.2 });
    }

    [Fact]
    public async Task Run_JobFails_IsNotTriedAgain()
    {

        var end = await RunAsync(Job, End(1, JobOutcome.Failed) with { Error = "one class" });

        Assert.Equal((JobOutcome.Failed, "one class"), (end.Outcome, end.Error));
        Assert.Equal([1], started);
    }

    [Fact]
    public async Task Run_AttemptIsLost_IsStoppedAndStartedAgain()
    {
        look = a => a.Attempt == 1 ? new(null, true, "silent") : new(End(2, JobOutcome.Succeeded), false, null);

        var end = await RunAsync(Job);

        Assert.Equal((JobOutcome.Succeeded, 2), (end.Outcome, end.Attempt));
        Assert.Equal([1, 2], started);
        Assert.Equal([1], stopped);
    }

    [Fact]
    public async Task Run_EveryAttemptIsLost_EndsLostWithTheLastReason()
    {
        look = a => new(null, true, $"attempt {a.Attempt} was silent");

        var end = await RunAsync(Job);

        Assert.Equal(JobOutcome.Lost, end.Outcome);
        Assert.Equal("Lost in each of 3 attempts; in the last: attempt 3 was silent", end.Error);
        Assert.Equal([1, 2, 3], started);
        Assert.Equal([1, 2, 3], stopped);
    }

    [Fact]
    public async Task Run_HostSaysTheProcessDied_StartsTheNextAttemptAtOnce()
    {

        var end = await RunAsync(Job, End(1, JobOutcome.Lost), End(2, JobOutcome.Succeeded));

        Assert.Equal((JobOutcome.Succeeded, 2), (end.Outcome, end.Attempt));
        Assert.Equal([JobSteps.Start.Value, JobSteps.Start.Value], bench.Steps(Id)); // no look between them
        Assert.Equal(Began, bench.Time.GetUtcNow());
    }

    [Theory]
    [InlineData(JobOutcome.Cancelled)]
    [InlineData(JobOutcome.Lost)]
    public async Task Run_EarlierAttemptSaysLateThatItWasLost_IsIgnored(JobOutcome stale)
    {

        var end = await RunAsync(Job, End(1, JobOutcome.Lost), End(1, stale), End(2, JobOutcome.Succeeded));

        Assert.Equal((JobOutcome.Succeeded, 2), (end.Outcome, end.Attempt));
        Assert.Equal([1, 2], started);
    }

    [Theory]
    [InlineData(JobOutcome.Succeeded)]
    [InlineData(JobOutcome.Failed)]
    public async Task Run_EarlierAttemptEndsLate_IsTheJobsEnd(JobOutcome late)
    {

        var end = await RunAsync(Job, End(1, JobOutcome.Lost), End(1, late));

        Assert.Equal((late, 1), (end.Outcome, end.Attempt));
        Assert.Equal([1, 2], started);
        Assert.Equal([2], stopped); // nobody waits for it any more
    }

    [Fact]
    public async Task Run_AttemptSaysItWasStoppedOnRequest_IsNotTriedAgain()
    {

        Assert.Equal(JobOutcome.Cancelled, (await RunAsync(Job, End(1, JobOutcome.Cancelled))).Outcome);
        Assert.Equal([1], started);
    }

    [Fact]
    public async Task Run_CalledOff_StopsTheAttemptAndEndsAsCancelled()
    {
        look = a => new(null, false, null, Fitting(1), stopped.Count == 0 ? 30 : 31);

        var end = await RunAsync(Job, JobSteps.Cancel(Id, "the run failed"));

        Assert.Equal((JobOutcome.Cancelled, "the run failed", 31), (end.Outcome, end.Error, end.DeviceSeconds));
        Assert.Equal([1], started);
        Assert.Equal([1], stopped);
    }

    [Fact]
    public async Task Run_CalledOffWhileItEndsWell_KeepsTheResult()
    {
        look = _ => new(End(1, JobOutcome.Succeeded) with { Result = new TrialResult(0.9) }, false, null);

        var end = await RunAsync(Job, JobSteps.Cancel(Id, "the run failed"));

        Assert.Equal((JobOutcome.Succeeded, 0.9), (end.Outcome, end.Trial().Objective));
    }

    [Fact]
    public async Task Run_AttemptsAreLost_TheirDeviceTimeCounts()
    {
        look = a => a.Attempt switch
        {
            1 => new(null, true, "silent", DeviceSeconds: stopped.Count == 0 ? 100 : 90), // it hung until it was stopped
            2 => new(null, true, "gone", DeviceSeconds: 40),
            _ => new(End(3, JobOutcome.Succeeded) with { DeviceSeconds = 7 }, false, null),
        };

        Assert.Equal((7, 140), await RunAsync(Job) is var end ? (end.DeviceSeconds, end.LostSeconds) : default);
    }

    [Fact]
    public async Task Run_TrainerIsMissing_FailsAtOnceWithTheReason()
    {
        bench.On(JobSteps.Start, Done (_) => throw new NotFoundException("trainer-missing", "The trainer was not found at /x."));

        await bench.StartAsync(JobSteps.Workflow, Job, Id);

        var instance = await bench.EndAsync(Id);
        Assert.Equal((WorkflowStatus.Failed, "The trainer was not found at /x."), (instance.Status, instance.Failure!.Message));
        Assert.True(instance.Failure.IsPermanent); // so that no retry waits
        Assert.Equal([JobSteps.Start.Value], bench.Steps(Id));
        Assert.DoesNotContain(bench.Hub.History(Id), e => e is TimerCreatedEvent);
    }

    [Fact]
    public async Task Run_AnotherJobsEvent_IsIgnored()
    {

        var end = await RunAsync(Job, End(1, JobOutcome.Succeeded) with { JobId = "other" }, End(1, JobOutcome.Failed));

        Assert.Equal(JobOutcome.Failed, end.Outcome);
    }

    [Fact]
    public async Task Run_EndsWellWhileBeingStopped_Counts()
    {
        look = _ => looks == 1 ? new(null, true, "silent") : new(End(1, JobOutcome.Succeeded), false, null);

        var end = await RunAsync(Job);

        Assert.Equal(JobOutcome.Succeeded, end.Outcome);
        Assert.Equal([1], started);
    }

    [Fact]
    public async Task Run_TrainerDoesNotKeepToItsTimeLimit_IsStopped()
    {
        look = a => new(null, false, null, Fitting(a.Attempt)); // alive, and going nowhere

        var end = await RunAsync(Job with { TimeLimit = TimeSpan.FromMinutes(1) });

        Assert.Equal(JobOutcome.Lost, end.Outcome);
        Assert.Contains("2 minutes after its time limit of 00:01:00", end.Error, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], stopped);
    }

    [Fact]
    public async Task Run_AttemptWaitsInLine_ItsTimeLimitBeginsAfterwards()
    {
        look = a => looks == 40 ? new(End(1, JobOutcome.Succeeded), false, null)
            : new(null, false, null, looks < 30 ? Fitting(a.Attempt) with { Phase = JobHeartbeat.Queued } : Fitting(a.Attempt));

        var end = await RunAsync(Job with { TimeLimit = TimeSpan.FromSeconds(30) }); // five minutes in line, under two of work

        Assert.Equal(JobOutcome.Succeeded, end.Outcome);
        Assert.Equal([1], started);
        Assert.Empty(stopped);
    }

    [Fact]
    public async Task Run_LongJob_ContinuesAsNewWithTheAttemptUnderWayAndLooksAtOnce()
    {
        look = a => new(null, false, null, Fitting(a.Attempt));

        await bench.StartAsync(JobSteps.Workflow, Job with { TimeLimit = TimeSpan.FromHours(8) }, Id);
        while (looks <= 60 && bench.Hub.Executions(Id) == 1) await bench.Hub.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(61, looks); // The last of them by the new execution: its status is not empty until the first timer.
        var now = (await bench.Workflows.FindAsync(Id, default))!;
        Assert.Equal("fitting", now.CustomStatus!.Value.Deserialize<WorkflowProgress>(TriOpsJson.Options)!.Phase);
        var next = now.Input!.Value.Deserialize<JobRequest>(TriOpsJson.Options)!;
        Assert.Equal(new(Id, 1, Began), next.Running);

        await bench.RaiseAsync(Id, JobSteps.Ended, End(1, JobOutcome.Succeeded));

        Assert.Equal(JobOutcome.Succeeded, bench.Result<JobEnd>(Id).Outcome);
        Assert.Equal(2, bench.Hub.Executions(Id));
        Assert.Equal([1], started);
    }

    /// <summary>The whole of a job that is told of ends before it first waits.</summary>
    private async Task<JobEnd> RunAsync(JobRequest job, params JobEnd[] told)
    {
        await bench.Workflows.StartAsync(JobSteps.Workflow, job, Id, default);
        foreach (var end in told) await bench.Workflows.RaiseAsync(Id, JobSteps.Ended, end, default);
        await bench.EndAsync(Id);
        return bench.Result<JobEnd>(Id);
    }

    private JobHeartbeat Fitting(int attempt) => new(attempt, bench.Time.GetUtcNow(), "fitting", 0.5);

    private static JobEnd End(int attempt, JobOutcome outcome) => new(Id, attempt, outcome);
}
