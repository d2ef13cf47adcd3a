using Microsoft.DurableTask;
using TriOps.Core.Workflows;

namespace TriOps.Durable;

/// <summary>The body of every orchestration that a host registers: one replay.</summary>
public static class WorkflowRun
{
    /// <summary>Runs an orchestration's class.</summary>
    public static Task<TOut> RunAsync<T, TIn, TOut>(TaskOrchestrationContext context) where T : IOrchestration<TIn, TOut>, new() =>
        RunAsync(context, T.Name, (workflow, input) => new T().Run(workflow, input));

    /// <summary>The same for an orchestration without a class.</summary>
    /// <exception cref="StepFaultException">It failed.</exception>
    public static async Task<TOut> RunAsync<TIn, TOut>(TaskOrchestrationContext context, WorkflowName<TIn, TOut> name,
        Func<IWorkflow, TIn, Task<TOut>> code)
    {
        DurableWorkflow? workflow = null;
        try
        {
            var start = WorkflowStart<TIn>.Read(context);
            workflow = new DurableWorkflow(context, start.Parent, start.Code, name.Version);
            var output = await code(workflow, start.Input);
            Ended(WorkflowStatus.Completed);
            return output;
        }
        catch (Exception e)
        {
            Ended(WorkflowStatus.Failed);
            throw new StepFaultException(StepFailure.Of(e));
        }

        void Ended(WorkflowStatus status)
        {
            if (workflow is not { Continues: true } && !context.IsReplaying) WorkflowMetrics.Ended(context.Name.Name, status);
        }
    }
}
