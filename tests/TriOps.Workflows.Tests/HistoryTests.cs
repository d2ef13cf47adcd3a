using TriOps.Core.Compute;
using TriOps.Core.Workflows;
using TriOps.LocalHost.Journal;
using TriOps.LocalHost.Workflows;
using TriOps.Orchestrations;

namespace TriOps.Workflows.Tests;

/// <summary>Recorded histories are replayed against today's orchestrations. To record again after a change that running instances need not
/// survive: <c>TRIOPS_RECORD=1 dotnet test tests/TriOps.Workflows.Tests</c>.</summary>
public sealed class HistoryTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(RecordedHistory.Folder, "*.json").Select(f => Path.GetFileName(f)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void History_Recorded_IsFollowedByTodaysCode(string file) => RecordedHistory.Read(file).Replay(Registry());

    [Theory]
    [MemberData(nameof(Files))]
    public void History_ThatBeginsWithAnotherStep_IsNotFollowed(string file)
    {
        var recorded = RecordedHistory.Read(file);
        var first = recorded.Events.OfType<ScheduledAction>().First();
        var changed = recorded with { Events = [.. recorded.Events.Select(e => ReferenceEquals(e, first) ? new StepScheduled(e.At, 0, "Renamed") : e)] };
        Assert.Throws<NonDeterministicException>(() => changed.Replay(Registry()));
    }

    [Fact]
    public Task RunJob_ToldOfItsEnd_IsRecorded() => RecordRunJobAsync("run-job.told.v1.json", async engine =>
    {
        await engine.AdvanceAsync(TimeSpan.FromSeconds(10)); // one look that shows a running job
        await engine.Workflows.RaiseAsync("job", JobSteps.Ended, new JobEnd("job", 1, JobOutcome.Succeeded, 0.9), default);
        await engine.SettleAsync();
    }, _ => new(null, Lost: false, null), JobOutcome.Succeeded);

    [Fact]
    public Task RunJob_LostOnce_IsRecorded() => RecordRunJobAsync("run-job.lost-once.v1.json", async engine =>
    {
        for (var i = 0; i < 3; i++) await engine.AdvanceAsync(TimeSpan.FromSeconds(10));
    }, attempt => attempt.Attempt == 1 ? new(null, Lost: true, "its process is gone") : new(new("job", 2, JobOutcome.Succeeded), Lost: false, null), JobOutcome.Succeeded);

    [Fact]
    public Task RunJob_CalledOff_IsRecorded() => RecordRunJobAsync("run-job.called-off.v1.json", async engine =>
    {
        await engine.AdvanceAsync(TimeSpan.FromSeconds(10));
        await engine.Workflows.RaiseAsync("job", JobSteps.Ended, JobSteps.Cancel("job", "the run failed"), default);
        await engine.SettleAsync();
    }, _ => new(null, Lost: false, null, DeviceSeconds: 10), JobOutcome.Cancelled);

    private static async Task RecordRunJobAsync(string file, Func<JournalHarness, Task> drive, Func<JobAttempt, JobLook> look, JobOutcome outcome)
    {
        await using var engine = new JournalHarness();
        engine.Orchestration(RunJob.Name, (w, input) => new RunJob().Run(w, input));
        engine.Activity(JobSteps.Start, _ => Task.FromResult(Done.Value));
        engine.Activity(JobSteps.Stop, _ => Task.FromResult(Done.Value));
        engine.Activity(JobSteps.Look, attempt => Task.FromResult(look(attempt)));
        await engine.StartAsync();
        await engine.Workflows.StartAsync(JobSteps.Workflow, new JobRequest("job", 1, TimeSpan.FromMinutes(10)), "job", default);
        await engine.SettleAsync();
        await drive(engine);
        Assert.Equal(outcome, (await Recording.ResultAsync<JobEnd>(engine, "job", file)).Outcome);
    }

    private static WorkflowRegistry Registry()
    {
        var registry = new WorkflowRegistry();
        Registrations.AddAll(registry);
        return registry;
    }
}
