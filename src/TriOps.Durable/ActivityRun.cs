using Microsoft.Extensions.DependencyInjection;
using TriOps.Core.Workflows;

namespace TriOps.Durable;

/// <summary>The body of every activity that a host registers: one call.</summary>
public static class ActivityRun
{
    /// <summary>Makes the activity from the call's services and runs it.</summary>
    /// <exception cref="StepFaultException">It failed.</exception>
    public static Task<TOut> RunAsync<T, TIn, TOut>(IServiceProvider services, TIn input, CancellationToken ct)
        where T : class, IActivity<TIn, TOut> =>
        RunAsync(() => ActivatorUtilities.GetServiceOrCreateInstance<T>(services).Run(input, ct));

    /// <summary>The same for an activity without a class.</summary>
    public static async Task<TOut> RunAsync<TOut>(Func<Task<TOut>> activity)
    {
        try { return await activity(); }
        catch (Exception e) { throw new StepFaultException(StepFailure.Of(e)); }
    }
}
