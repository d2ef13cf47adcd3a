using System.Text.Json;
using Microsoft.DurableTask;
using TriOps.Core;
using TriOps.Core.Workflows;

namespace TriOps.Functions.Durable;

/// <summary>One execution of an orchestration on Durable: what it waits for, who waits for it, and how it ends. All of it runs on the orchestrator's thread.</summary>
internal sealed class WorkflowRun
{
    /// <summary>Tells an instance who joined it.</summary>
    public const string JoinEvent = "triops.join";

    /// <summary>Tells who joined an instance how it ended.</summary>
    public static string EndEvent(string instanceId) => $"triops.ended.{instanceId}";

    private readonly HashSet<CancellationTokenSource> timers = [];
    private readonly TaskOrchestrationContext context;
    private readonly string? parent;
    private readonly List<string> waiters;
    private Action? continueAsNew;
    private int open;

    private WorkflowRun(TaskOrchestrationContext context, string? parent, IReadOnlyList<string> waiters, IReadOnlyList<KeptEvent> kept)
    {
        (this.context, this.parent, this.waiters) = (context, parent, [.. waiters]);
        Events = new EventWaits(context, kept, Settled);
    }

    /// <summary>External events.</summary>
    public EventWaits Events { get; }

    private bool WaitsForAnything => open > 0 || Events.HasWaits;

    /// <summary>The body of every orchestration function.</summary>
    public static Task<TOut> RunAsync<T, TIn, TOut>(TaskOrchestrationContext context) where T : IOrchestration<TIn, TOut>, new() =>
        RunAsync<TIn, TOut>(context, (workflow, input) => new T().Run(workflow, input));

    /// <summary>The same for an orchestration without a class.</summary>
    public static async Task<TOut> RunAsync<TIn, TOut>(TaskOrchestrationContext context, Func<IWorkflow, TIn, Task<TOut>> code)
    {
        var start = context.GetInput<WorkflowStart<TIn>>() ?? throw new InvalidOperationException($"Instance '{context.InstanceId}' was started without an input. Start workflows through the API.");
        if (start.V != WorkflowStart<TIn>.Version) throw new InvalidOperationException($"Instance '{context.InstanceId}' was started in version {start.V} of the format; this app knows {WorkflowStart<TIn>.Version}. Deploy a version of TriOps that knows it.");
        var run = new WorkflowRun(context, start.Parent, start.Waiters, start.Kept);
        try
        {
            _ = run.ListenForJoins();
            var running = Begin(code, new DurableWorkflow(context, run), start.Input);
            if (!running.IsCompleted && !run.WaitsForAnything)
                throw new NonDeterministicException("The orchestration awaited a task that the workflow did not give it (Task.Run, Task.Delay, I/O): nothing would ever wake it. Do such work in an activity.");
            var output = await running;
            run.Tell(new(JsonSerializer.SerializeToElement(output, TriOpsJson.Options), null));
            return output;
        }
        catch (Exception e)
        {
            var failure = StepFailure.Of(e);
            run.Tell(new(null, failure));
            throw new StepFaultException(failure);
        }
    }

    /// <summary>Refuses what comes after continue-as-new.</summary>
    public void Guard()
    {
        if (continueAsNew is not null) throw new InvalidOperationException("ContinueAsNew must be the last thing an orchestration does: nothing may be asked for after it.");
    }

    /// <summary>Waits for something of Durable's.</summary>
    public async Task<T> Await<T>(Task<T> durable)
    {
        open++;
        try { return await durable; }
        finally { open--; }
    }

    /// <summary>A timer that the code can cancel, and that continue-as-new cancels.</summary>
    public async Task Timer(DateTime at, CancellationToken ct)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timers.Add(cancel);
        open++;
        try { await context.CreateTimer(at, cancel.Token); }
        finally
        {
            open--;
            timers.Remove(cancel);
        }
    }

    /// <summary>Continues with what nobody took of events and waiters; once more when another one comes before the turn is over.</summary>
    /// <param name="go">Makes Durable continue; it is given what turns the input into the next start.</param>
    public void ContinueWith(Action<Next> go)
    {
        Guard();
        continueAsNew = () => go(new Next(this));
        continueAsNew();
        foreach (var timer in timers.ToList()) timer.Cancel(); // Open ones would hold the execution up.
    }

    /// <summary>What the next execution starts with.</summary>
    public sealed class Next(WorkflowRun run)
    {
        /// <summary>The start for an input.</summary>
        public WorkflowStart<T> With<T>(T input) => new(input, run.parent) { Waiters = [.. run.waiters], Kept = run.Events.Kept };
    }

    // So that what the code throws before its first await ends up in the task too.
    private static async Task<TOut> Begin<TIn, TOut>(Func<IWorkflow, TIn, Task<TOut>> code, IWorkflow workflow, TIn input) => await code(workflow, input);

    private async Task ListenForJoins()
    {
        for (var n = 0; n < int.MaxValue; n++)
        {
            waiters.Add(await context.WaitForExternalEvent<string>(JoinEvent));
            Settled();
        }
    }

    /// <summary>What comes after continue-as-new in the same turn goes along.</summary>
    private void Settled() => continueAsNew?.Invoke();

    private void Tell(WorkflowEnd end)
    {
        if (continueAsNew is not null) return;
        if (!context.IsReplaying) WorkflowMetrics.Ended(context.Name.Name, end.Failure is null ? WorkflowStatus.Completed : WorkflowStatus.Failed);
        foreach (var waiter in waiters) context.SendEvent(waiter, EndEvent(context.InstanceId), end);
    }
}
