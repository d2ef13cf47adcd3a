using Azure.Core.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.Options;
using TriOps.Core;
using TriOps.Core.Workflows;
using TriOps.Durable;

namespace TriOps.Functions.Tests.Durable;

/// <summary>What Durable does otherwise than the port says, and the adapter makes up for.</summary>
public sealed class AdapterTests : IDisposable
{
    private static readonly WorkflowName<string, string> Main = new("Main"), Child = new("Child");
    private static readonly ActivityName<string, string> Step = new("Step");
    private static readonly EventName<string> Go = new("go"), Stop = new("stop");

    private readonly DurableHarness engine = new();

    public void Dispose() => engine.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Fact]
    public async Task Child_ThatAnotherStartsInTheSameMoment_IsFoundByLooking()
    {
        engine.Hub.BeforeChild = id => engine.Hub.Create(id, "Child", engine.Hub.Write(new WorkflowStart<string>("theirs")));
        await BeginAsync((w, input) => w.CallWorkflow(Child, input, "kid"));
        Assert.Equal(WorkflowStatus.Running, (await FindAsync()).Status); // Durable has dropped our start, and tells us nothing.
        await engine.AdvanceAsync(TimeSpan.FromMinutes(11));
        Assert.Equal("theirs!", (await FindAsync()).Output!.Value.GetString());
        Assert.Equal(["Child"], (await engine.Workflows.StepsAsync("a", default)).Select(s => s.Name)); // The looks are nobody's business.
    }

    [Fact]
    public async Task Child_ThatRunsForDays_IsLookedAtLessAndLess()
    {
        await BeginAsync((w, input) => w.CallWorkflow(Child, input, "kid"), child: async (w, input) => { await w.Delay(TimeSpan.FromDays(2)); return input; });
        for (var hour = 0; hour < 48; hour++) await engine.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal(WorkflowStatus.Completed, (await FindAsync()).Status);
        Assert.InRange(engine.Hub.Instances["a"].History.Count, 2, 120);
    }

    [Fact]
    public async Task Joined_ThatIsTerminated_IsFoundByLooking()
    {
        await engine.Workflows.StartAsync(Child, "x", "kid", default);
        await BeginAsync(async (w, input) =>
        {
            try { return await w.CallWorkflow(Child, input, "kid"); }
            catch (StepFailedException e) { return e.Failure.Message; }
        }, child: (w, _) => w.WaitForEvent(Go));
        await engine.Workflows.TerminateAsync("kid", "why not", default);
        await engine.SettleAsync();
        Assert.Equal(WorkflowStatus.Running, (await FindAsync()).Status);
        await engine.AdvanceAsync(TimeSpan.FromSeconds(11));
        Assert.Contains("why not", (await FindAsync()).Output!.Value.GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Joined_ThatFails_TellsItsFailure()
    {
        await engine.Workflows.StartAsync(Child, "x", "kid", default);
        await BeginAsync((w, input) => w.CallWorkflow(Child, input, "kid"), child: async (w, _) => { await w.WaitForEvent(Go); throw new TimeoutException("too slow"); });
        await engine.Workflows.RaiseAsync("kid", Go, "", default);
        await engine.SettleAsync();
        Assert.Equal(("System.TimeoutException", "too slow"), ((await FindAsync()).Failure!.ErrorType, (await FindAsync()).Failure!.Message));
    }

    [Fact]
    public async Task Joined_ThatContinuesAsNew_StillTellsWhoJoined()
    {
        await engine.Workflows.StartAsync(Child, "x", "kid", default);
        await BeginAsync((w, input) => w.CallWorkflow(Child, input, "kid"), child: async (w, input) =>
        {
            await w.WaitForEvent(Go);
            if (input.Length < 3) w.ContinueAsNew(input + "+");
            return input;
        });
        for (var i = 0; i < 3; i++)
        {
            await engine.Workflows.RaiseAsync("kid", Go, "", default);
            await engine.SettleAsync();
        }
        Assert.Equal("x++", (await FindAsync()).Output!.Value.GetString());
    }

    [Fact]
    public async Task Child_OfAnIdThatRunsSomethingElse_IsRefused()
    {
        await engine.Workflows.StartAsync(Child, "x", "kid", default);
        await BeginAsync((w, input) => w.CallWorkflow(new WorkflowName<string, string>("Other"), input, "kid"), child: (w, _) => w.WaitForEvent(Go));
        Assert.Equal(typeof(ConflictException).FullName, (await FindAsync()).Failure!.ErrorType);
    }

    /// <summary>Durable gives the event to the wait that gave up; the adapter hands it on, before the ones that came later.</summary>
    [Fact]
    public async Task ContinueAsNew_AfterAWaitTookAnEventThatNobodyWanted_HandsItOnFirst()
    {
        await BeginAsync(async (w, input) =>
        {
            if (input != "in") return await w.WaitForEvent(Go) + await w.WaitForEvent(Go) + await w.WaitForEvent(Go);
            await w.WaitForEvent(Go, TimeSpan.FromMinutes(1));
            await w.WaitForEvent(Stop);
            w.ContinueAsNew("again");
            return "";
        });
        await engine.AdvanceAsync(TimeSpan.FromMinutes(1));
        foreach (var text in new[] { "1", "2", "3" }) await engine.Workflows.RaiseAsync("a", Go, text, default);
        await engine.Workflows.RaiseAsync("a", Stop, "", default);
        await engine.SettleAsync();
        Assert.Equal("123", (await FindAsync()).Output!.Value.GetString());
    }

    [Fact]
    public void Failure_InWhateverWords_IsReadWhole()
    {
        var failure = new StepFailure("TriOps.Core.InvalidInputException", "Column \"a\\b\" [failure] is ü.", "at Somewhere");
        var text = new StepFaultException(failure).Message;
        Assert.StartsWith("TriOps.Core.InvalidInputException: Column", text, StringComparison.Ordinal);
        Assert.Equal(failure, StepFaultException.Read(new TaskFailureDetails("(unknown)", $"Exception while executing function: Functions.X ---> {text}\n at Host", null, null, null)));
        Assert.Equal(failure, StepFaultException.Read(new TaskFailureDetails("Microsoft.DurableTask.TaskFailedException", "outer", null, new("x", text, null, null, null), null)));
        Assert.Equal(failure, StepFaultException.Read((TaskFailureDetails?)null, System.Text.Json.JsonSerializer.Serialize(text)));
    }

    [Fact]
    public void Failure_OfTheHostsOwn_IsKeptAsItCame()
    {
        Assert.Equal(new StepFailure("System.TimeoutException", "The function took too long.", "trace"), StepFaultException.Read(new TaskFailureDetails("System.TimeoutException", "The function took too long.", "trace", null, null)));
        Assert.Equal("cut [failure e30", StepFaultException.ReadText(null, "cut [failure e30").Message);
    }

    [Fact]
    public void Failure_WithALongTrace_IsCut() => Assert.InRange(new StepFaultException(new("T", new string('m', 50_000), new string('d', 500_000))).Message.Length, 1, 20_000);

    [Fact]
    public async Task List_OfInstancesOfYears_FindsThemAllNewestFirst()
    {
        engine.Hub.Orchestrations["Main"] = async context => await WorkflowRun.RunAsync<string, string>(context, (_, input) => Task.FromResult(input));
        for (var i = 0; i < 12; i++)
        {
            await engine.Workflows.StartAsync(Main, "x", $"{(char)('m' - i)}", default);
            await engine.AdvanceAsync(TimeSpan.FromDays(60 - 5 * i));
        }
        var (ids, continuation) = (new List<string>(), (string?)null);
        do
        {
            var page = await engine.Workflows.ListAsync("", 5, continuation, default);
            ids.AddRange(page.Items.Select(i => i.InstanceId));
            continuation = page.Continuation;
        }
        while (continuation is not null);
        Assert.Equal("bcdefghijklm", string.Concat(ids));
        await Assert.ThrowsAsync<InvalidInputException>(() => engine.Workflows.ListAsync("", 5, "nonsense", default));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"v":2,"input":"in"}""")]
    public async Task Start_InAnUnknownFormat_FailsTheInstance(string start)
    {
        engine.Orchestration(Main, (_, input) => Task.FromResult(input));
        engine.Hub.Create("a", "Main", start == "null" ? null : start);
        await engine.SettleAsync();
        Assert.Equal(WorkflowStatus.Failed, (await FindAsync()).Status);
        Assert.Contains("'a' was started", (await FindAsync()).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AtTheSameTimeTwice_HappensOnce()
    {
        var started = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => engine.Workflows.StartAsync(Main, "x", "a", default)));
        Assert.Single(started, s => s);
    }

    [Fact]
    public async Task Worker_ReadsAndWritesInTheDialect_AndKeepsTheTypesOfFailures()
    {
        var app = new FunctionsApp();
        await app.InitializeAsync();
        var options = app.Get<IOptions<WorkerOptions>>().Value;
        var json = Assert.IsType<JsonObjectSerializer>(options.Serializer).Serialize(new WorkflowProgress("search", "ü", double.NaN)).ToString();
        Assert.Equal("""{"phase":"search","message":"\u00FC","progress":"NaN"}""", json);
        Assert.Equal(json, System.Text.Json.JsonSerializer.Serialize(new WorkflowProgress("search", "ü", double.NaN), app.Get<IOptions<System.Text.Json.JsonSerializerOptions>>().Value));
#pragma warning disable CS0618 // It is what is asked.
        Assert.False(options.EnableUserCodeException);
#pragma warning restore CS0618
        await app.DisposeAsync();
    }

    private async Task BeginAsync(Func<IWorkflow, string, Task<string>> main, Func<IWorkflow, string, Task<string>>? child = null)
    {
        engine.Orchestration(Main, main);
        engine.Orchestration(Child, child ?? ((_, text) => Task.FromResult(text + "!")));
        engine.Activity(Step, text => Task.FromResult(text + "!"));
        await engine.Workflows.StartAsync(Main, "in", "a", default);
        await engine.SettleAsync();
    }

    private async Task<WorkflowInstance> FindAsync() => (await engine.Workflows.FindAsync("a", default))!;
}
