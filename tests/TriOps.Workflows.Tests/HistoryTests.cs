using DurableTask.Core.History;
using TriOps.Core.Compute;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;
using TriOps.Durable;
using TriOps.LocalHost.Workflows;
using TriOps.Orchestrations;
using TriOps.Testing.Durable;

namespace TriOps.Workflows.Tests;

/// <summary>Recorded histories are replayed against today's orchestrations. To record again after a change that running instances need not
/// survive: <c>TRIOPS_RECORD=1 dotnet test tests/TriOps.Workflows.Tests</c>.</summary>
public sealed class HistoryTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Recording.Folder, "*.json").Select(f => Path.GetFileName(f)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void History_Recorded_IsFollowedByTodaysCode(string file)
    {
        var history = Read(file);
        var ended = history.OfType<ExecutionCompletedEvent>().Single();
        var again = RecordedHistory.Replay(history, Code(history));
        Assert.Equal((ended.OrchestrationStatus, AsToday(history, ended)), (again?.OrchestrationStatus, again?.Result));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void History_ThatBeginsWithAnotherStep_IsNotFollowed(string file)
    {
        var history = Read(file);
        if (history.OfType<TaskScheduledEvent>().FirstOrDefault() is { } first) first.Name = "Renamed";
        else history = [.. history.Select(e => e is TimerCreatedEvent t ? new TaskScheduledEvent(t.EventId) { Name = "Renamed" } : e)];
        var again = RecordedHistory.Replay(history, Code(history));
        Assert.Contains("Non-Deterministic", again?.FailureDetails?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryOrchestration_HasARecordedHistory() =>
        Assert.Equal(All().Orchestrations.Order(), Directory.GetFiles(Recording.Folder, "*.json")
            .Select(f => Read(f).OfType<ExecutionStartedEvent>().Single().Name).Distinct().Order());

    [Fact]
    public Task RunJob_ToldOfItsEnd_IsRecorded() => RecordRunJobAsync("run-job.told.v1.json", async bench =>
    {
        await bench.Hub.AdvanceAsync(TimeSpan.FromSeconds(13)); // one look that shows a running job
        await bench.RaiseAsync("job", JobSteps.Ended, new JobEnd("job", 1, JobOutcome.Succeeded, new TrialResult(0.9)));
    }, _ => new(null, Lost: false, null), JobOutcome.Succeeded);

    [Fact]
    public Task RunJob_LostOnce_IsRecorded() =>
        RecordRunJobAsync("run-job.lost-once.v1.json", bench => bench.Hub.AdvanceAsync(TimeSpan.FromSeconds(40)),
        attempt => attempt.Attempt == 1 ? new(null, Lost: true, "its process is gone")
        : new(new("job", 2, JobOutcome.Succeeded), Lost: false, null), JobOutcome.Succeeded);

    [Fact]
    public Task RunJob_CalledOff_IsRecorded() => RecordRunJobAsync("run-job.called-off.v1.json", async bench =>
    {
        await bench.Hub.AdvanceAsync(TimeSpan.FromSeconds(13));
        await bench.RaiseAsync("job", JobSteps.Ended, JobSteps.Cancel("job", "the run failed"));
    }, _ => new(null, Lost: false, null, DeviceSeconds: 10), JobOutcome.Cancelled);

    /// <summary>A day's worth of looks: the history begins anew every sixty, and a word that comes in between is heard.</summary>
    [Fact]
    public async Task RunJob_OfManyHours_ContinuesAsNewAndHearsItsEnd()
    {
        var bench = Job(_ => new(null, Lost: false, null));
        await bench.StartAsync(JobSteps.Workflow, new JobRequest("job", 1, TimeSpan.FromDays(2)), "job");
        await bench.Hub.AdvanceAsync(TimeSpan.FromHours(5));
        Assert.InRange(bench.Hub.History("job").Count, 1, 600);
        await bench.RaiseAsync("job", JobSteps.Ended, new JobEnd("job", 1, JobOutcome.Succeeded, new TrialResult(0.9)));
        Assert.Equal(JobOutcome.Succeeded, bench.Result<JobEnd>("job").Outcome);
    }

    private static async Task RecordRunJobAsync(string file, Func<DurableBench, Task> drive, Func<JobAttempt, JobLook> look,
        JobOutcome outcome)
    {
        var bench = Job(look);
        await bench.StartAsync(JobSteps.Workflow, new JobRequest("job", 1, TimeSpan.FromMinutes(10)), "job");
        await drive(bench);
        Assert.Equal(outcome, Recording.Result<JobEnd>(bench, "job", file).Outcome);
    }

    private static DurableBench Job(Func<JobAttempt, JobLook> look) => new DurableBench().Run<RunJob, JobRequest, JobEnd>()
        .Answer(JobSteps.Start, Done.Value).Answer(JobSteps.Stop, Done.Value).On(JobSteps.Look, look);

    private static IReadOnlyList<HistoryEvent> Read(string file) =>
        DurableHistory.Read(File.ReadAllText(Path.Combine(Recording.Folder, file)));

    private static DurableTask.Core.TaskOrchestration Code(IReadOnlyList<HistoryEvent> history) => All().Orchestration(NameOf(history));

    /// <summary>A result as it is written today: records have had other shapes in JSON, all of which are read.</summary>
    private static string? AsToday(IReadOnlyList<HistoryEvent> history, ExecutionCompletedEvent ended)
    {
        if (ended.OrchestrationStatus != DurableTask.Core.OrchestrationStatus.Completed) return ended.Result;
        var contract = typeof(TrainModel).Assembly.GetType($"TriOps.Orchestrations.{NameOf(history)}")!.GetInterfaces()
            .Single(i => i.IsGenericType);
        var type = contract.GetGenericArguments()[1];
        return DurableServices.Json.Serialize(DurableServices.Json.Deserialize(ended.Result, type));
    }

    private static string NameOf(IReadOnlyList<HistoryEvent> history) => history.OfType<ExecutionStartedEvent>().Single().Name;

    private static WorkflowRegistry All()
    {
        var registry = new WorkflowRegistry();
        Registrations.AddAll(registry);
        return registry;
    }
}
