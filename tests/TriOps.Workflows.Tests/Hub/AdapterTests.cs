using Microsoft.DurableTask;
using TriOps.Core.Workflows;
using TriOps.Durable;
using TriOps.Testing.Conformance;
using TriOps.Testing.Durable;

namespace TriOps.Workflows.Tests;

/// <summary>Failures on their way through Durable, and starts that are none.</summary>
public sealed class AdapterTests
{
    [Fact]
    public void Failure_InWhateverWords_IsReadWhole()
    {
        var failure =
            new StepFailure("TriOps.Core.InvalidInputException", "Column \"a\\b\" [failure] is ü.", "at Somewhere", "column-unknown");
        var text = new StepFaultException(failure).Message;
        Assert.StartsWith("TriOps.Core.InvalidInputException: Column", text, StringComparison.Ordinal);
        Assert.Equal(failure,
            StepFaultException.Read(
            new TaskFailureDetails("(unknown)", $"Exception while executing function: Functions.X ---> {text}\n at Host",
            null, null, null)));
        Assert.Equal(failure,
            StepFaultException.Read(
            new TaskFailureDetails("Microsoft.DurableTask.TaskFailedException", "outer", null, new("x", text, null, null, null), null)));
        Assert.Equal(failure, StepFaultException.Read((TaskFailureDetails?)null, System.Text.Json.JsonSerializer.Serialize(text)));
    }

    [Fact]
    public void Failure_OfTheHostsOwn_IsKeptAsItCame()
    {
        Assert.Equal(new StepFailure("System.TimeoutException", "The function took too long.", "trace"),
            StepFaultException.Read(new TaskFailureDetails("System.TimeoutException", "The function took too long.", "trace", null, null)));
        Assert.Equal("cut [failure e30", StepFaultException.ReadText(null, "cut [failure e30").Message);
    }

    [Fact]
    public void Failure_WithALongTrace_IsCut() =>
        Assert.InRange(new StepFaultException(new("T", new string('m', 50_000), new string('d', 500_000))).Message.Length, 1, 20_000);

    [Fact]
    public void Termination_FromThePortal_IsReadAsWords() =>
        Assert.Equal(["x was terminated: by hand", "x was terminated: \"cut", "x was terminated; its output says why."],
            new[] { "\"by hand\"", "\"cut", null }.Select(r => StepFaultException.Terminated("x", r).Message));

    [Theory]
    [InlineData(null)]
    [InlineData("""{"v":2,"input":"in"}""")]
    public async Task Start_InAnUnknownFormat_FailsTheInstance(string? start)
    {
        var engine = new HubHarness();
        var client = new HubClient(engine.Hub);
        await client.ScheduleNewOrchestrationInstanceAsync("Main", start is null ? null
            : System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(start), new StartOrchestrationOptions("a"));
        await engine.Hub.SettleAsync();
        var found = await engine.Workflows.FindAsync("a", default);
        Assert.Equal(WorkflowStatus.Failed, found!.Status);
        Assert.Contains("'a' was started", found.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_ThatIsReadBeforeContinueAsNew_IsNotSentOn()
    {
        var engine = new HubHarness();
        engine.Script.MainCode = async (w, input) =>
        {
            var go = w.WaitForEvent(WorkflowScript.Go);
            if (input != "in") return await w.Within(go, TimeSpan.FromHours(1)) ? "twice" : "once";
            await go;
            w.ContinueAsNew("again");
            return "";
        };
        await engine.Workflows.StartAsync(WorkflowScript.Main, "in", "a", default);
        await engine.Workflows.RaiseAsync("a", WorkflowScript.Go, "x", default);
        await engine.Hub.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal("once", (await engine.Workflows.FindAsync("a", default))!.Output!.Value.GetString());
    }
}
