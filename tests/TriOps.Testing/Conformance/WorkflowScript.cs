using TriOps.Core.Workflows;

namespace TriOps.Testing.Conformance;

/// <summary>The names that a host under the suite registers, once; what stands behind them is the current test's.</summary>
public sealed class WorkflowScript
{
    public static readonly WorkflowName<string, string> Main = new("Main"), Child = new("Child");
    public static readonly ActivityName<string, string> Step = new("Step"), Other = new("Other");
    public static readonly ActivityName<WorkflowStep, WorkflowStep> Records = new("Records");
    public static readonly EventName<string> Go = new("go"), Stop = new("stop");

    private readonly List<string> calls = [];

    public Func<IWorkflow, string, Task<string>> MainCode { get; set; } = (_, input) => Task.FromResult(input);
    public Func<IWorkflow, string, Task<string>> ChildCode { get; set; } = (_, input) => Task.FromResult("child of " + input);
    public Func<string, Task<string>> StepCode { get; set; } = text => Task.FromResult(text + "!");

    /// <summary>Inputs of <see cref="Step"/>, one for each time it ran.</summary>
    public IReadOnlyList<string> Calls { get { lock (calls) return [.. calls]; } }

    public Task<string> RunMain(IWorkflow workflow, string input) => MainCode(workflow, input);
    public Task<string> RunChild(IWorkflow workflow, string input) => ChildCode(workflow, input);

    public Task<string> RunStep(string text)
    {
        lock (calls) calls.Add(text);
        return StepCode(text);
    }

    public static Task<string> RunOther(string text) => Task.FromResult(text + "?");
    public static Task<WorkflowStep> RunRecords(WorkflowStep step) => Task.FromResult(step with { Sequence = step.Sequence + 1 });

    /// <summary>Back to what stands behind the names at first.</summary>
    public void Reset()
    {
        var fresh = new WorkflowScript();
        (MainCode, ChildCode, StepCode) = (fresh.MainCode, fresh.ChildCode, fresh.StepCode);
        lock (calls) calls.Clear();
    }
}
