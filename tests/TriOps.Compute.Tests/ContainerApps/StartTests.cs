using System.Text.Json.Nodes;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Storage;

namespace TriOps.Compute.Tests;

public sealed class StartTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = CancellationToken.None;
    private readonly SkippingTime time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private ArmBench bench = null!;

    private FakeArm Arm => bench.Arm;

    public async ValueTask InitializeAsync() => bench = await ArmBench.StartAsync(time);

    public async ValueTask DisposeAsync() => await bench.DisposeAsync();

    [Fact]
    public async Task Start_NewAttempt_SendsTheWholeContainerWithTheAttemptInItsEnvironment()
    {
        await bench.Process().StartAsync(ArmBench.Id, 2, Ct);

        var request = Arm.Requests.Single(r => r.Method == "POST");
        Assert.Equal(($"{FakeArm.Job}/start", "2025-07-01", "Bearer token-1"), (request.Path, request.Version, request.Authorization));
        var expected = $$"""
            { "containers": [ { "name": "trainer", "image": "cr.azurecr.io/trainer:7", "command": ["dotnet"], "args": ["TriOps.Trainer.dll"],
              "env": [ { "name": "TRIOPS_STORAGE", "value": "sttriops" }, { "name": "APPLICATIONINSIGHTS_CONNECTION_STRING", "secretRef": "appi" },
                       { "name": "TRIOPS_JOB", "value": "{{ArmBench.Id}}" }, { "name": "TRIOPS_ATTEMPT", "value": "2" } ],
              "resources": { "cpu": 2, "memory": "4Gi" } } ] }
            """;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(request.Body)), request.Body);
        Assert.Equal(["https://management.azure.com/.default"], bench.Credential.Scopes);
        Assert.Empty(time.Waits);
    }

    [Fact]
    public async Task Start_Again_AsksNobody()
    {
        await bench.Process().StartAsync(ArmBench.Id, 1, Ct);
        var asked = Arm.Requests.Count;

        await bench.Process().StartAsync(ArmBench.Id, 1, Ct);

        Assert.Equal(asked, Arm.Requests.Count);
        Assert.Single(Arm.Executions);
    }

    [Fact]
    public async Task Start_NextAttempt_IsAnotherExecution()
    {
        await bench.Process().StartAsync(ArmBench.Id, 1, Ct);
        await bench.Process().StartAsync(ArmBench.Id, 2, Ct);

        Assert.Equal(["1", "2"], Arm.Executions.Select(e => e.Variable("TRIOPS_ATTEMPT")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)] // lists late, but within the looks that follow a lost answer
    public async Task Start_AnswerLost_IsFoundAndNotStartedAgain(int lag)
    {
        Arm.Lag = lag;
        Arm.Next("POST", "/start", Fault.AnswerLost);

        await bench.Process().StartAsync(ArmBench.Id, 1, Ct);

        Assert.Equal(1, Arm.Count("POST", "/start"));
        Assert.Equal(("caj-cpu-001", false), ((await Record()).Execution, (await Record()).InDoubt));
    }

    [Fact]
    public async Task Start_AnswerLostAndListedFarTooLate_TheDuplicateIsStoppedWhenItShows()
    {
        Arm.Lag = 6;
        Arm.Next("POST", "/start", Fault.AnswerLost);
        var target = bench.Process();

        await target.StartAsync(ArmBench.Id, 1, Ct);
        await bench.Beat(1, time.GetUtcNow()); // Whose heartbeat it is, nobody can tell.
        for (var i = 0; i < 4; i++) Assert.Equal(AttemptState.Running, await target.StateAsync(ArmBench.Id, 1, Ct));

        Assert.Equal(["Stopped", "Processing"], Arm.Executions.Select(e => e.Status));
        Assert.Equal("caj-cpu-002", (await Record()).Execution);
    }

    [Fact]
    public async Task Start_ProcessDiesWhileItWaitsForTheAnswer_TheNextFindsTheExecution()
    {
        Arm.Lag = 2;
        using var death = new CancellationTokenSource();
        Arm.Started = _ => death.Cancel();
        Arm.Next("POST", "/start", new Fault(null, CarriedOut: true, Hangs: true));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Process().StartAsync(ArmBench.Id, 1, death.Token));

        await bench.Process().StartAsync(ArmBench.Id, 1, Ct);

        Assert.Equal(("caj-cpu-001", true), ((await Record()).Execution, (await Record()).InDoubt));
        Assert.Single(Arm.Executions);
    }

    [Fact]
    public async Task Start_ProcessDiedAndNobodyStartsAgain_ALookFindsTheExecution()
    {
        using var death = new CancellationTokenSource();
        Arm.Started = _ => death.Cancel();
        Arm.Next("POST", "/start", new Fault(null, CarriedOut: true, Hangs: true));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Process().StartAsync(ArmBench.Id, 1, death.Token));

        Assert.Equal(AttemptState.Queued, await bench.Process().StateAsync(ArmBench.Id, 1, Ct));
        Assert.Equal("caj-cpu-001", (await Record()).Execution);
    }

    [Fact]
    public async Task Start_NoAnswerInTime_IsLookedForAgain()
    {
        Arm.Next("POST", "/start", new Fault(null, CarriedOut: true, Hangs: true));

        await bench.Process(timeout: TimeSpan.FromMilliseconds(300)).StartAsync(ArmBench.Id, 1, Ct);

        Assert.Equal(1, Arm.Count("POST", "/start"));
        Assert.Single(Arm.Executions);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(409)]
    [InlineData(503)]
    public async Task Start_AskedToWait_WaitsAsLongAndThenStartsOnce(int status)
    {
        Arm.Next("POST", "/start", new Fault(status, RetryAfter: "7"));

        await bench.Process().StartAsync(ArmBench.Id, 1, Ct);

        Assert.InRange(time.Waits[0], TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7.5));
        Assert.Single(Arm.Executions);
        Assert.Equal(2, Arm.Count("POST", "/start"));
    }

    [Fact]
    public async Task Start_RetryAfterAsADate_IsWaitedFor()
    {
        Arm.Next("GET", "/executions", new Fault(429, RetryAfter: time.GetUtcNow().AddSeconds(9).ToString("R")));

        await bench.Process().StartAsync(ArmBench.Id, 1, Ct);

        Assert.InRange(Assert.Single(time.Waits), TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(9.5));
    }

    [Fact]
    public async Task Start_ServerErrors_WaitsGrowWithJitter()
    {
        Arm.Next("GET", "/caj-cpu", new Fault(500), new Fault(502), new Fault(504), new Fault(408), Fault.Cut);

        await bench.Process(seed: 3).StartAsync(ArmBench.Id, 1, Ct);

        double[] full = [1, 2, 4, 8, 15];
        Assert.Equal(5, time.Waits.Count);
        Assert.All(full.Zip(time.Waits), p => Assert.InRange(p.Second.TotalSeconds, p.First / 2, p.First));
        Assert.Single(Arm.Executions);
    }

    [Fact]
    public async Task Start_AskedNotToWaitAtAll_WaitsAllTheSame()
    {
        Arm.Next("GET", "/caj-cpu", [.. Enumerable.Repeat(new Fault(429, RetryAfter: "0"), 3)]);

        await bench.Process().StartAsync(ArmBench.Id, 1, Ct);

        Assert.All(new double[] { 1, 2, 4 }.Zip(time.Waits), p => Assert.InRange(p.Second.TotalSeconds, p.First / 2, p.First));
        Assert.Equal(3, time.Waits.Count);
    }

    [Fact]
    public async Task Start_AskedToWaitTooLong_GivesUpAtOnceAndTheNextTryStarts()
    {
        Arm.Next("POST", "/start",
            new Fault(429, RetryAfter: "600", Body: """{"error":{"code":"TooManyRequests","message":"Slow down."}}"""));

        var e = await Assert.ThrowsAsync<ComputeUnavailableException>(() => bench.Process().StartAsync(ArmBench.Id, 1, Ct));
        Assert.Contains("TooManyRequests: Slow down.", e.Message, StringComparison.Ordinal);
        Assert.Empty(time.Waits);

        await bench.Process().StartAsync(ArmBench.Id, 1, Ct);
        Assert.Single(Arm.Executions);
    }

    [Fact]
    public async Task Start_NeverAnswered_EndsWithinItsPatience()
    {
        Arm.Next("GET", "/executions", [.. Enumerable.Repeat(Fault.Cut, 100)]);
        var begun = time.GetUtcNow();

        await Assert.ThrowsAsync<ComputeUnavailableException>(() => bench.Process().StartAsync(ArmBench.Id, 1, Ct));

        Assert.InRange(time.GetUtcNow() - begun, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
        Assert.Empty(Arm.Executions);
    }

    [Fact]
    public async Task Start_ByTwoProcessesAtOnce_OneExecutionCountsAndTheOtherIsStopped()
    {
        Arm.Lag = int.MaxValue; // No listing tells one of the other.

        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => bench.Process(seed: i).StartAsync(ArmBench.Id, 1, Ct)));

        var counts = (await Record()).Execution;
        Assert.Equal([counts], Arm.Executions.Where(e => !e.IsOver).Select(e => e.Name));
    }

    [Fact]
    public async Task Start_DuplicateThatCannotBeStoppedAtOnce_IsStoppedByALaterLook()
    {
        Arm.Lag = int.MaxValue;
        await bench.Process().StartAsync(ArmBench.Id, 1, Ct);
        // Another process was before it with its note, and learns only from the record that it was not with its execution.
        var record = await bench.Blobs.ReadBytesAsync(JobPaths.Execution(ArmBench.Id, 1), Ct);
        await bench.Blobs.DeleteAsync(JobPaths.Execution(ArmBench.Id, 1), Ct);
        Arm.Started = _ => bench.Blobs.WriteAsync(JobPaths.Execution(ArmBench.Id, 1), record, WriteMode.IfAbsent, Ct).Wait();
        Arm.Next("POST", "/stop", [.. Enumerable.Repeat(new Fault(503), 50)]);
        var other = bench.Process();
        await Assert.ThrowsAsync<ComputeUnavailableException>(() => other.StartAsync(ArmBench.Id, 1, Ct));

        Arm.Recover();
        foreach (var execution in Arm.Executions) execution.HiddenFor = 0;
        await other.StartAsync(ArmBench.Id, 1, Ct);
        await other.ReportAsync(ArmBench.Id, 1, Ct);

        Assert.Equal(["Processing", "Stopped"], Arm.Executions.Select(e => e.Status));
    }

    [Fact]
    public async Task Start_SeveralExecutionsAreThere_TheOldestCounts()
    {
        var young = Arm.Add(ArmBench.Id, 1);
        var old = Arm.Add(ArmBench.Id, 1);
        var foreign = Arm.Add(ArmBench.Id, 2);
        old.Started -= TimeSpan.FromSeconds(5);

        await bench.Process().StartAsync(ArmBench.Id, 1, Ct);

        Assert.Equal(old.Name, (await Record()).Execution);
        Assert.Equal(["Stopped", "Running", "Running"], new[] { young, old, foreign }.Select(e => e.Status));
        Assert.Equal(0, Arm.Count("POST", "/start"));
    }

    [Fact]
    public async Task Start_ExecutionOnTheLastPage_IsFound()
    {
        Arm.PageSize = 2;
        for (var i = 0; i < 6; i++) Arm.Add("another", i + 1);
        var mine = Arm.Add(ArmBench.Id, 1);

        await bench.Process().StartAsync(ArmBench.Id, 1, Ct);

        Assert.Equal(mine.Name, (await Record()).Execution);
        Assert.Equal(4, Arm.Count("GET", "/executions"));
    }

    [Theory]
    [InlineData("https://evil.example/steal?api-version=2025-07-01")]
    [InlineData("//evil.example/steal")]
    [InlineData("https://evil.example" + FakeArm.Job + "/executions?page=1")]
    [InlineData("https://user@127.0.0.1" + FakeArm.Job + "/executions?page=1")]
    [InlineData("/subscriptions/other")]
    [InlineData("http://127.0.0.1:1/x")]
    [InlineData("file:///etc/passwd")]
    public async Task Start_NextPageElsewhere_IsNotFollowed(string link)
    {
        Arm.NextLink = link;

        var e = await Assert.ThrowsAsync<TriOpsException>(() => bench.Process().StartAsync(ArmBench.Id, 1, Ct));

        Assert.Equal("arm-link", e.Code);
        Assert.Equal(0, Arm.Count("POST", "/start"));
        Assert.All(Arm.Requests, r => Assert.StartsWith(FakeArm.Job, r.Path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_PagesWithoutEnd_GivesUp()
    {
        Arm.NextLink = $"{Arm.Endpoint.AbsoluteUri.TrimEnd('/')}{FakeArm.Job}/executions?api-version=2025-07-01&page=0";

        Assert.Equal("arm-pages", (await Assert.ThrowsAsync<TriOpsException>(() => bench.Process().StartAsync(ArmBench.Id, 1, Ct))).Code);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"value\": 3}")]
    [InlineData("{\"value\": [null, 3, {}, {\"name\": 7}, {\"name\": \"../../jobs/other\", \"properties\": []}, {\"name\": \"ok\", "
        + "\"properties\": {\"status\": {}, \"startTime\": \"never\", \"template\": {\"containers\": [{\"env\": [3, {\"name\": "
        + "null}]}]}}}]}")]
    public async Task Start_ListingThatMakesNoSense_HoldsNoExecution(string body)
    {
        Arm.Next("GET", "/executions", new Fault(200, Body: body));

        await bench.Process().StartAsync(ArmBench.Id, 1, Ct);

        Assert.Single(Arm.Executions);
    }

    [Theory]
    [InlineData("<html>a proxy speaks</html>")]
    [InlineData("{\"value\": [")]
    [InlineData("DEEP")]
    public async Task Start_AnswerThatIsNoJson_IsAskedForAgain(string body)
    {
        Arm.Add(ArmBench.Id, 1);
        Arm.Next("GET", "/executions", new Fault(200, Body: body == "DEEP" ? new string('[', 100_000) : body));

        await bench.Process().StartAsync(ArmBench.Id, 1, Ct);

        Assert.Equal(2, Arm.Count("GET", "/executions"));
        Assert.Single(Arm.Executions);
    }

    [Theory]
    [InlineData("{\"name\": \"../../other\"}")]
    [InlineData("{\"name\": 5}")]
    [InlineData("")]
    public async Task Start_AnswerWithoutAUsableName_TheExecutionIsFoundByItsEnvironment(string body)
    {
        Arm.Next("POST", "/start", new Fault(202, CarriedOut: true, Body: body));

        await bench.Process().StartAsync(ArmBench.Id, 1, Ct);

        Assert.Equal("caj-cpu-001", (await Record()).Execution);
        Assert.Single(Arm.Executions);
    }

    [Theory]
    [InlineData("POST", "/start", 403, "compute-forbidden")]
    [InlineData("GET", "/caj-cpu", 403, "compute-forbidden")]
    [InlineData("GET", "/caj-cpu", 404, "compute-job-missing")]
    [InlineData("POST", "/start", 400, "compute-refused")]
    [InlineData("GET", "/executions", 302, "compute-refused")]
    public async Task Start_Refused_IsFinalAndSaysWhatToDo(string method, string pathEnd, int status, string code)
    {
        Arm.Next(method, pathEnd,
            new Fault(status, Body: """{"error":{"code":"Odd","message":"line\nbreak"}}""", Location: "https://evil.example/"));

        var e = await Assert.ThrowsAsync<InvalidInputException>(() => bench.Process().StartAsync(ArmBench.Id, 1, Ct));

        Assert.Equal(code, e.Code);
        Assert.Contains("Odd: line break", e.Message, StringComparison.Ordinal);
        Assert.Empty(time.Waits);
        Assert.Empty(Arm.Executions);
    }

    [Fact]
    public async Task Start_JobWithoutAContainer_IsRefused()
    {
        Arm.Resource["properties"]!["template"]!["containers"] = new JsonArray();

        Assert.Equal("compute-job-template",
            (await Assert.ThrowsAsync<InvalidInputException>(() => bench.Process().StartAsync(ArmBench.Id, 1, Ct))).Code);
    }

    [Fact]
    public async Task Start_ProfileThatIsNotThere_SaysWhichAre()
    {
        await using var other = await ArmBench.StartAsync(time, profile: "t4");

        var e = await Assert.ThrowsAsync<InvalidInputException>(() => other.Process().StartAsync(ArmBench.Id, 1, Ct));

        Assert.Equal("compute-profile-unknown", e.Code);
        Assert.Contains("one of: cpu", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_TokenRefused_AsksForANewOne()
    {
        Arm.Token = "token-2";

        await bench.Process().StartAsync(ArmBench.Id, 1, Ct);

        Assert.Equal(2, bench.Credential.Given);
        Assert.Empty(time.Waits);
    }

    [Fact]
    public async Task Token_IsKeptUntilShortlyBeforeItEnds()
    {
        var target = bench.Process();
        await target.StartAsync(ArmBench.Id, 1, Ct);
        time.Advance(TimeSpan.FromMinutes(54));
        await target.ReportAsync(ArmBench.Id, 1, Ct);
        Assert.Equal(1, bench.Credential.Given);

        time.Advance(TimeSpan.FromMinutes(2));
        await target.ReportAsync(ArmBench.Id, 1, Ct);

        Assert.Equal("Bearer token-2", Arm.Requests[^1].Authorization);
    }

    private Task<ExecutionRecord> Record() => bench.Blobs.ReadJsonAsync<ExecutionRecord>(JobPaths.Execution(ArmBench.Id, 1), Ct);
}
