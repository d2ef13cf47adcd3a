using DurableTask.Core.Exceptions;
using Microsoft.Extensions.Options;
using TriOps.Durable;

namespace TriOps.LocalHost.Engine;

/// <summary>Runs activities in a DI scope each, while there is room and the host is not asked to end.</summary>
internal sealed class EngineActivities(IServiceScopeFactory scopes, IOptions<EngineOptions> options) : IActivityHost, IDisposable
{
    private readonly CancellationTokenSource stopping = new();

    /// <inheritdoc/>
    public async Task<TOut> RunAsync<TOut>(string name, Func<IServiceProvider, CancellationToken, Task<TOut>> activity)
    {
        try
        {
            await options.Value.Gate(stopping.Token);
            options.Value.Reached($"{name}:before");
            await using var scope = scopes.CreateAsyncScope();
            var result = await activity(scope.ServiceProvider, stopping.Token);
            options.Value.Reached($"{name}:after");
            return result;
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            throw new SessionAbortedException("The host ends; the next one runs the activity again.");
        }
    }

    /// <summary>Asks the running activities to end. What they come to is not recorded.</summary>
    public void Stop() => stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose() => stopping.Dispose();
}
