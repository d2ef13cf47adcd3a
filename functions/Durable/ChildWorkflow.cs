using System.Text.Json;
using Microsoft.DurableTask;
using TriOps.Core;
using TriOps.Core.Workflows;

namespace TriOps.Functions.Durable;

/// <summary>A child, started or joined. Durable starts a sub-orchestration without asking whether its id is taken, and its parent may then wait for ever; so who
/// gives an id looks first, and looks again now and then, should another have taken it in that moment.</summary>
internal sealed class ChildWorkflow<TIn, TOut>(TaskOrchestrationContext context, WorkflowRun run, IWorkflow workflow, string name, string id, TIn input)
{
    private static readonly TimeSpan FirstLookAtChild = TimeSpan.FromMinutes(10), FirstLookAtJoined = TimeSpan.FromSeconds(10), LongestPause = TimeSpan.FromHours(2);

    /// <summary>True when the id was given, and not by us in an attempt before: it may be taken.</summary>
    public bool MayExist { get; set; }

    /// <summary>True when somebody else may know the id.</summary>
    public bool IsShared { get; init; }

    /// <summary>One attempt.</summary>
    public async Task<TOut> RunAsync()
    {
        var there = MayExist ? await Look() : null;
        MayExist = false; // What failed is not joined: a retry under the same id means another try.
        if (there is not null && there.Workflow != name)
            throw new StepFailedException(name, StepFailure.Of(new ConflictException("workflow-id-taken", $"Instance '{id}' runs '{there.Workflow}', not '{name}'. Choose another id.")));
        if (there is { Status: WorkflowStatus.Completed }) return Outcome(there);
        if (there is { IsEnded: false }) return await Join();

        var child = run.Await(context.CallSubOrchestratorAsync<TOut>(name, (object)new WorkflowStart<TIn>(input, context.InstanceId), new SubOrchestrationOptions(instanceId: id)));
        return IsShared && await LookUntil(child, FirstLookAtChild) is { } seen ? Outcome(seen) : await child;
    }

    private async Task<TOut> Join()
    {
        var ended = run.Events.Wait<WorkflowEnd>(WorkflowRun.EndEvent(id));
        context.SendEvent(id, WorkflowRun.JoinEvent, context.InstanceId);
        if (await LookUntil(ended.Task, FirstLookAtJoined) is not { } seen) return Outcome(await ended.Task);
        run.Events.Abandon(WorkflowRun.EndEvent(id), ended);
        return Outcome(seen);
    }

    /// <summary>Waits for the signal. Null when it came; the ended instance when a look found it first.</summary>
    private async Task<WorkflowInstance?> LookUntil(Task signal, TimeSpan pause)
    {
        for (; !signal.IsCompleted; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            using var came = new CancellationTokenSource();
            await Task.WhenAny(signal, run.Timer(OwnTimers.Ours(OwnTimers.After(workflow.Now, pause)), came.Token));
            if (signal.IsCompleted) came.Cancel();
            else if (await Look() is { IsEnded: true } ended) return ended;
        }
        return null;
    }

    private Task<WorkflowInstance?> Look() => workflow.Call(LookAtWorkflowFunction.Activity, new(id), Retry.Standard);

    private TOut Outcome(WorkflowInstance seen) => Outcome(new WorkflowEnd(seen.Output, seen.Status switch
    {
        WorkflowStatus.Failed => seen.Failure,
        WorkflowStatus.Terminated => new StepFailure(typeof(OperationCanceledException).FullName!, $"Workflow '{id}' was terminated: {seen.Output}"),
        _ => null,
    }));

    private TOut Outcome(WorkflowEnd end)
    {
        if (end.Failure is { } failure) throw new StepFailedException(name, failure);
        return end.Output is { } output ? output.Deserialize<TOut>(TriOpsJson.Options)! : default!;
    }
}
