using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Workflows;
using TriOps.Orchestrations;

namespace TriOps.Activities.Tests.Orchestrations;

public sealed class RunJobTests
{
    private const string Id = "train-demo-diagnosis-v1-t00";
    private static readonly JobRequest Job = new(Id, 0, TimeSpan.FromMinutes(5));
    private readonly List<int> started = [], stopped = [];
    private readonly ScriptedWorkflow workflow;
    private Func<JobAttempt, JobLook> look = _ => new(null, false, null);

    public RunJobTests() => workflow = new ScriptedWorkflow(Id)
        .On(JobSteps.Start, a => { started.Add(a.Attempt); return Done.Value; })
        .On(JobSteps.Stop, a => { stopped.Add(a.Attempt); return Done.Value; })
        .On(JobSteps.Look, a => look(a));

    [Fact]
    public async Task Run_EventSaysSucceeded_ReturnsItWithoutLooking()
    {
        workflow.Raise(JobSteps.Ended, End(1, JobOutcome.Succeeded));

        var end = await new RunJob().Run(workflow, Job);

        Assert.Equal(JobOutcome.Succeeded, end.Outcome);
        Assert.Equal([JobSteps.Start.Value], workflow.Calls);
    }

    [Fact]
    public async Task Run_EventNeverComes_FindsTheEndByLooking()
    {
        var looks = 0;
        look = _ => new(++looks == 3 ? End(1, JobOutcome.Succeeded) : null, false, null, new(1, workflow.Now, "fitting", 0.1 * looks));

        var end = await new RunJob().Run(workflow, Job);

        Assert.Equal(JobOutcome.Succeeded, end.Outcome);
        Assert.Equal([1], started);
        Assert.Contains(workflow.Statuses, s => s is { Phase: "fitting", Progress: 0.2 });
    }

    [Fact]
    public async Task Run_JobFails_IsNotTriedAgain()
    {
        workflow.Raise(JobSteps.Ended, End(1, JobOutcome.Failed) with { Error = "one class" });

        var end = await new RunJob().Run(workflow, Job);

        Assert.Equal((JobOutcome.Failed, "one class"), (end.Outcome, end.Error));
        Assert.Equal([1], started);
    }

    [Fact]
    public async Task Run_AttemptIsLost_IsStoppedAndStartedAgain()
    {
        look = a => a.Attempt == 1 ? new(null, true, "silent") : new(End(2, JobOutcome.Succeeded), false, null);

        var end = await new RunJob().Run(workflow, Job);

        Assert.Equal((JobOutcome.Succeeded, 2), (end.Outcome, end.Attempt));
        Assert.Equal([1, 2], started);
        Assert.Equal([1], stopped);
    }

    [Fact]
    public async Task Run_EveryAttemptIsLost_EndsLostWithTheLastReason()
    {
        look = a => new(null, true, $"attempt {a.Attempt} was silent");

        var end = await new RunJob().Run(workflow, Job);

        Assert.Equal(JobOutcome.Lost, end.Outcome);
        Assert.Equal("Lost in each of 3 attempts; in the last: attempt 3 was silent", end.Error);
        Assert.Equal([1, 2, 3], started);
        Assert.Equal([1, 2, 3], stopped);
    }

    [Fact]
    public async Task Run_HostSaysTheProcessDied_StartsTheNextAttemptAtOnce()
    {
        workflow.Raise(JobSteps.Ended, End(1, JobOutcome.Lost)).Raise(JobSteps.Ended, End(2, JobOutcome.Succeeded));

        var end = await new RunJob().Run(workflow, Job);

        Assert.Equal((JobOutcome.Succeeded, 2), (end.Outcome, end.Attempt));
        Assert.DoesNotContain(JobSteps.Look.Value, workflow.Calls);
    }

    [Theory]
    [InlineData(JobOutcome.Cancelled)]
    [InlineData(JobOutcome.Lost)]
    public async Task Run_EarlierAttemptSaysLateThatItWasLost_IsIgnored(JobOutcome stale)
    {
        workflow.Raise(JobSteps.Ended, End(1, JobOutcome.Lost)).Raise(JobSteps.Ended, End(1, stale)).Raise(JobSteps.Ended, End(2, JobOutcome.Succeeded));

        var end = await new RunJob().Run(workflow, Job);

        Assert.Equal((JobOutcome.Succeeded, 2), (end.Outcome, end.Attempt));
        Assert.Equal([1, 2], started);
    }

    [Theory]
    [InlineData(JobOutcome.Succeeded)]
    [InlineData(JobOutcome.Failed)]
    public async Task Run_EarlierAttemptEndsLate_IsTheJobsEnd(JobOutcome late)
    {
        workflow.Raise(JobSteps.Ended, End(1, JobOutcome.Lost)).Raise(JobSteps.Ended, End(1, late));

        var end = await new RunJob().Run(workflow, Job);

        Assert.Equal((late, 1), (end.Outcome, end.Attempt));
        Assert.Equal([1, 2], started);
        Assert.Equal([2], stopped); // nobody waits for it any more
    }

    [Fact]
    public async Task Run_AttemptSaysItWasStoppedOnRequest_IsNotTriedAgain()
    {
        workflow.Raise(JobSteps.Ended, End(1, JobOutcome.Cancelled));

        Assert.Equal(JobOutcome.Cancelled, (await new RunJob().Run(workflow, Job)).Outcome);
        Assert.Equal([1], started);
    }

    [Fact]
    public async Task Run_CalledOff_StopsTheAttemptAndEndsAsCancelled()
    {
        look = a => new(null, false, null, new(1, workflow.Now, "fitting", 0.5), stopped.Count == 0 ? 30 : 31);
        workflow.Raise(JobSteps.Ended, JobSteps.Cancel(Id, "the run failed"));

        var end = await new RunJob().Run(workflow, Job);

        Assert.Equal((JobOutcome.Cancelled, "the run failed", 31), (end.Outcome, end.Error, end.DeviceSeconds));
        Assert.Equal([1], started);
        Assert.Equal([1], stopped);
    }

    [Fact]
    public async Task Run_CalledOffWhileItEndsWell_KeepsTheResult()
    {
        look = _ => new(End(1, JobOutcome.Succeeded) with { Objective = 0.9 }, false, null);
        workflow.Raise(JobSteps.Ended, JobSteps.Cancel(Id, "the run failed"));

        Assert.Equal((JobOutcome.Succeeded, 0.9), await new RunJob().Run(workflow, Job) is var end ? (end.Outcome, end.Objective) : default);
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

        Assert.Equal((7, 140), await new RunJob().Run(workflow, Job) is var end ? (end.DeviceSeconds, end.LostSeconds) : default);
    }

    [Fact]
    public async Task Run_TrainerIsMissing_FailsAtOnceWithTheReason()
    {
        workflow.On(JobSteps.Start, Done (_) => throw new NotFoundException("trainer-missing", "The trainer was not found at /x."));

        var error = await Assert.ThrowsAsync<StepFailedException>(() => new RunJob().Run(workflow, Job));

        Assert.Equal("The trainer was not found at /x.", error.Failure.Message);
        Assert.True(error.Failure.IsPermanent); // so that no retry waits
        Assert.Equal([JobSteps.Start.Value], workflow.Calls);
    }

    [Fact]
    public async Task Run_AnotherJobsEvent_IsIgnored()
    {
        workflow.Raise(JobSteps.Ended, End(1, JobOutcome.Succeeded) with { JobId = "other" }).Raise(JobSteps.Ended, End(1, JobOutcome.Failed));

        Assert.Equal(JobOutcome.Failed, (await new RunJob().Run(workflow, Job)).Outcome);
    }

    [Fact]
    public async Task Run_EndsWellWhileBeingStopped_Counts()
    {
        var looks = 0;
        look = _ => ++looks == 1 ? new(null, true, "silent") : new(End(1, JobOutcome.Succeeded), false, null);

        var end = await new RunJob().Run(workflow, Job);

        Assert.Equal(JobOutcome.Succeeded, end.Outcome);
        Assert.Equal([1], started);
    }

    [Fact]
    public async Task Run_TrainerDoesNotKeepToItsTimeLimit_IsStopped()
    {
        look = a => new(null, false, null, new(a.Attempt, workflow.Now, "fitting", 0.5)); // alive, and going nowhere

        var end = await new RunJob().Run(workflow, Job with { TimeLimit = TimeSpan.FromMinutes(1) });

        Assert.Equal(JobOutcome.Lost, end.Outcome);
        Assert.Contains("2 minutes after its time limit of 00:01:00", end.Error, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], stopped);
    }

    [Fact]
    public async Task Run_AttemptWaitsInLine_ItsTimeLimitBeginsAfterwards()
    {
        var looks = 0;
        look = a => ++looks < 40 ? new(null, false, null, new(a.Attempt, workflow.Now, looks < 30 ? JobHeartbeat.Queued : "fitting", 0)) : new(End(1, JobOutcome.Succeeded), false, null);

        var end = await new RunJob().Run(workflow, Job with { TimeLimit = TimeSpan.FromSeconds(30) }); // five minutes in line, under two of work

        Assert.Equal(JobOutcome.Succeeded, end.Outcome);
        Assert.Equal([1], started);
        Assert.Empty(stopped);
    }

    [Fact]
    public async Task Run_LongJob_ContinuesAsNewWithTheAttemptUnderWay()
    {
        look = a => new(null, false, null, new(a.Attempt, workflow.Now, "fitting", 0.5));

        await new RunJob().Run(workflow, Job with { TimeLimit = TimeSpan.FromHours(8) });
        var next = Assert.IsType<JobRequest>(workflow.ContinuedWith);
        workflow.Raise(JobSteps.Ended, End(1, JobOutcome.Succeeded));
        var end = await new RunJob().Run(workflow, next);

        Assert.Equal(JobOutcome.Succeeded, end.Outcome);
        Assert.Equal([1], started);
        Assert.True(workflow.Count(JobSteps.Look.Value) <= 60);
    }

    private static JobEnd End(int attempt, JobOutcome outcome) => new(Id, attempt, outcome);
}
