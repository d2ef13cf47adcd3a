using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Core.Workflows;

namespace TriOps.Functions.Durable;

/// <summary>The body of every activity function.</summary>
internal static class ActivityRun
{
    /// <summary>Makes the activity from the invocation's services and runs it.</summary>
    /// <exception cref="StepFaultException">It failed.</exception>
    public static Task<TOut> RunAsync<T, TIn, TOut>(FunctionContext context, TIn input) where T : class, IActivity<TIn, TOut> =>
        RunAsync(() => ActivatorUtilities.GetServiceOrCreateInstance<T>(context.InstanceServices).Run(input, context.CancellationToken));

    /// <summary>The same for an activity without a class.</summary>
    public static async Task<TOut> RunAsync<TOut>(Func<Task<TOut>> activity)
    {
        try { return await activity(); }
        catch (Exception e) { throw new StepFaultException(StepFailure.Of(e)); }
    }
}
