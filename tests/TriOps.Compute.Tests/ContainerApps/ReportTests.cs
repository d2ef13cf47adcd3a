using TriOps.Core;
using TriOps.Core.Compute;

namespace TriOps.Compute.Tests;

public sealed class ReportTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = CancellationToken.None;
    private readonly SkippingTime time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private ArmBench bench = null!;
    private IComputeTarget target = null!;
    private FakeExecution execution = null!;

    public async ValueTask InitializeAsync()
    {
        bench = await ArmBench.StartAsync(time);
        target = bench.Process();
        await target.StartAsync(ArmBench.Id, 1, Ct);
        execution = bench.Arm.Executions[0];
    }

    public async ValueTask DisposeAsync() => await bench.DisposeAsync();

    [Theory]
    [InlineData("Processing", AttemptState.Queued)]
    [InlineData("Running", AttemptState.Running)]
    [InlineData("Unknown", AttemptState.Running)]
    [InlineData("Degraded", AttemptState.Running)]
    [InlineData("SomethingNew", AttemptState.Running)]
    public async Task Report_ExecutionUnderWay_HasNoFate(string status, AttemptState state)
    {
        execution.Status = status;

        Assert.Equal(new AttemptReport(state), await Report());
    }

    [Theory]
    [InlineData(null, "ImagePullBackOff", "Back-off pulling image", AttemptFate.ImagePull)]
    [InlineData(null, "Waiting", "failed to pull and unpack image: manifest unknown", AttemptFate.ImagePull)]
    [InlineData(137, "OOMKilled", null, AttemptFate.OutOfMemory)]
    [InlineData(137, "Terminated", "Evicted: the node was low on memory", AttemptFate.Evicted)]
    [InlineData(143, "Terminated", null, AttemptFate.Evicted)]
    [InlineData(3, "Terminated", null, AttemptFate.Evicted)]
    [InlineData(137, "Terminated", null, AttemptFate.Unexplained)]
    [InlineData(139, "Terminated", null, AttemptFate.Unexplained)]
    [InlineData(2, "Terminated", null, AttemptFate.UserError)]
    [InlineData(127, "Terminated", null, AttemptFate.StartUp)]
    [InlineData(null, "CreateContainerConfigError", "secret not found", AttemptFate.StartUp)]
    [InlineData(null, "DeadlineExceeded", null, AttemptFate.TimeLimit)]
    public async Task Report_FailedExecution_ItsContainersSayWhy(int? code, string status, string? information, AttemptFate fate)
    {
        await bench.Beat(1, time.GetUtcNow());
        time.Advance(TimeSpan.FromMinutes(1));
        execution.End("Failed", time.GetUtcNow(), code, status, information);

        var report = await Report();

        Assert.Equal((AttemptState.Ended, fate), (report.State, report.Fate));
        Assert.Contains("caj-cpu-001", report.Reason, StringComparison.Ordinal);
        Assert.Equal(fate is AttemptFate.ImagePull or AttemptFate.OutOfMemory or AttemptFate.UserError, report.IsFinal);
    }

    [Fact]
    public async Task Report_ExecutionSaysItsReasonItself_IsUnderstood()
    {
        execution.End("Failed", time.GetUtcNow());
        var json = execution.Json(detailed: true);
        json["properties"]!["reason"] = "DeadlineExceeded";
        bench.Arm.Next("GET", "/caj-cpu-001", new Fault(200, Body: json.ToJsonString()));

        Assert.Equal(AttemptFate.TimeLimit, (await Report()).Fate);
    }

    [Fact]
    public async Task Report_FailedWithoutWordsAfterTheReplicaTimeout_IsATimeLimit()
    {
        await bench.Beat(1, time.GetUtcNow());
        time.Advance(TimeSpan.FromHours(1));
        execution.End("Failed", time.GetUtcNow());

        Assert.Equal(AttemptFate.TimeLimit, (await Report()).Fate);
    }

    [Theory]
    [InlineData(true, AttemptFate.Unexplained)]
    [InlineData(false, AttemptFate.StartUp)]
    public async Task Report_FailedWithoutWords_ASignOfLifeTellsAStartUpFailureApart(bool hasBeaten, AttemptFate fate)
    {
        if (hasBeaten) await bench.Beat(1, time.GetUtcNow());
        time.Advance(TimeSpan.FromMinutes(1));
        execution.End("Failed", time.GetUtcNow());

        Assert.Equal(fate, (await Report()).Fate);
    }

    [Fact]
    public async Task Report_StoppedBySomebody_SaysSo()
    {
        execution.End("Stopped", time.GetUtcNow());

        Assert.Equal((AttemptState.Ended, AttemptFate.Stopped), ((await Report()).State, (await Report()).Fate));
    }

    [Fact]
    public async Task Report_DetailsRefused_GoesOnWithTheStableVersion()
    {
        bench.Arm.KnowsPreviews = false;
        execution.Status = "Running";

        Assert.Equal(AttemptState.Running, (await Report()).State);
        Assert.Equal(AttemptState.Running, (await Report()).State);

        Assert.Equal(["2025-02-02-preview", "2025-07-01", "2025-07-01"],
            bench.Arm.Requests.Where(r => r.Path.EndsWith(execution.Name, StringComparison.Ordinal)).Select(r => r.Version));
    }

    [Fact]
    public async Task Report_FreshHeartbeat_AsksNobody()
    {
        execution.Status = "Running";
        await bench.Beat(1, time.GetUtcNow());
        var asked = bench.Arm.Requests.Count;

        Assert.Equal(AttemptState.Running, (await Report()).State);

        Assert.Equal(asked, bench.Arm.Requests.Count);
    }

    [Fact]
    public async Task Report_HeartbeatOfAnEarlierAttempt_IsNone()
    {
        await target.StartAsync(ArmBench.Id, 2, Ct);
        await bench.Beat(1, time.GetUtcNow());

        Assert.Equal(AttemptState.Queued, await target.StateAsync(ArmBench.Id, 2, Ct));
    }

    [Fact]
    public async Task Report_ImagePullThatGoesOnFailing_IsFinalBeforeTheExecutionEnds()
    {
        execution.Says(null, "ImagePullBackOff");
        Assert.Equal(new AttemptReport(AttemptState.Queued), await Report()); // A registry may be busy.

        time.Advance(TimeSpan.FromMinutes(4));
        var report = await Report();

        Assert.Equal((AttemptState.Queued, AttemptFate.ImagePull, true), (report.State, report.Fate, report.IsFinal));
    }

    [Fact]
    public async Task Report_NoMachineForTwoHours_IsGivenUp()
    {
        time.Advance(TimeSpan.FromMinutes(119));
        Assert.Null((await Report()).Fate);

        time.Advance(TimeSpan.FromMinutes(2));

        Assert.Contains("waited 2 h for a machine of profile 'cpu'", (await Report()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_ExecutionVanished_IsLostUnlessListingsMayLag()
    {
        execution.IsGone = true;
        Assert.Equal(new AttemptReport(AttemptState.Queued), await Report());

        time.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal((AttemptState.Unknown, AttemptFate.Vanished), ((await Report()).State, (await Report()).Fate));
    }

    [Fact]
    public async Task Report_NeverStarted_IsUnknown()
    {
        Assert.Equal(new AttemptReport(AttemptState.Unknown), await target.ReportAsync(ArmBench.Id, 7, Ct));
    }

    [Theory]
    [InlineData(false, AttemptState.Queued)]
    [InlineData(true, AttemptState.Running)]
    public async Task Report_ManagerIsAway_IsNoReasonToGiveUp(bool hasBeaten, AttemptState state)
    {
        if (hasBeaten) await bench.Beat(1, time.GetUtcNow());
        time.Advance(TimeSpan.FromMinutes(5));
        bench.Arm.Next("GET", "/caj-cpu-001", [.. Enumerable.Repeat(new Fault(503), 20)]);

        Assert.Equal(new AttemptReport(state), await Report());
    }

    [Fact]
    public async Task Report_RecordOfALaterVersion_IsRefused()
    {
        await bench.Blobs.WriteAsync(JobPaths.Execution(ArmBench.Id, 1),
            """{"version":2,"execution":"x","job":"j","profile":"cpu","at":"2026-01-01T00:00:00Z","inDoubt":false}"""u8.ToArray(),
            Core.Storage.WriteMode.Replace, Ct);

        await Assert.ThrowsAsync<InvalidDataException>(Report);
    }

    [Fact]
    public async Task Stop_RunningExecution_IsStopped()
    {
        execution.Status = "Running";

        await target.StopAsync(ArmBench.Id, 1, Ct);
        await target.StopAsync(ArmBench.Id, 1, Ct); // ARM says 409: it is over.

        Assert.Equal("Stopped", execution.Status);
        Assert.Empty(time.Waits);
    }

    [Fact]
    public async Task Stop_AnotherOperationUnderWay_IsAskedForAgain()
    {
        execution.Status = "Running";
        bench.Arm.Next("POST", "/stop", new Fault(409), new Fault(429, RetryAfter: "3"));

        await target.StopAsync(ArmBench.Id, 1, Ct);

        Assert.Equal("Stopped", execution.Status);
        Assert.Equal(2, time.Waits.Count);
    }

    [Fact]
    public async Task Stop_OfWhatIsGoneOrNeverWas_DoesNothing()
    {
        execution.IsGone = true;
        await target.StopAsync(ArmBench.Id, 1, Ct);
        await target.StopAsync(ArmBench.Id, 9, Ct);

        Assert.Equal(1, bench.Arm.Count("POST", "/stop"));
    }

    [Fact]
    public async Task Stop_StartInDoubt_StopsWhateverRunsForTheAttempt()
    {
        using var death = new CancellationTokenSource();
        bench.Arm.Started = _ => death.Cancel();
        bench.Arm.Next("POST", "/start", new Fault(null, CarriedOut: true, Hangs: true));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => target.StartAsync(ArmBench.Id, 2, death.Token));

        await target.StopAsync(ArmBench.Id, 2, Ct);

        Assert.Equal(["Processing", "Stopped"], bench.Arm.Executions.Select(e => e.Status));
    }

    [Theory]
    [InlineData(100, 10_000)]
    [InlineData(0.5, 50)]
    public async Task Bill_EndedExecution_IsPricedFromStartToEnd(double seconds, long micros)
    {
        time.Advance(TimeSpan.FromSeconds(seconds));
        execution.End("Failed", time.GetUtcNow());
        time.Advance(TimeSpan.FromHours(3));

        Assert.Equal(new AttemptBill(seconds, new Money(micros, "USD")), await target.BillAsync(ArmBench.Id, 1, 0, Ct)); // 0.36 USD an hour
    }

    [Fact]
    public async Task Bill_TrainerMeasured_IsPricedByItsTime()
    {
        time.Advance(TimeSpan.FromHours(1)); // In line, most of it.

        Assert.Equal(new AttemptBill(10, new Money(1_000, "USD")), await target.BillAsync(ArmBench.Id, 1, 10, Ct));
    }

    [Fact]
    public async Task Bill_NothingIsKnownOfTheTime_CostsNothing()
    {
        bench.Arm.Next("GET", "/caj-cpu-001", [.. Enumerable.Repeat(Fault.Cut, 20)]);

        Assert.Equal(new AttemptBill(0, new Money(0, "USD")), await target.BillAsync(ArmBench.Id, 1, 0, Ct));
    }

    [Fact]
    public async Task Bill_NeverStarted_IsNone() => Assert.Null(await target.BillAsync(ArmBench.Id, 5, 10, Ct));

    private Task<AttemptReport> Report() => target.ReportAsync(ArmBench.Id, 1, Ct);
}
