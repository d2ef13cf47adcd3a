using DurableTask.AzureStorage;
using DurableTask.Core;
using Microsoft.Extensions.Options;
using TriOps.Durable;

namespace TriOps.LocalHost.Engine;

/// <summary>Durable Task's Azure Storage engine in this process: what the Functions host runs in Azure, over the same tables and
/// queues.</summary>
public sealed class EngineHost : IHostedService, IDisposable
{
    private static readonly TimeSpan OrderlyEnd = TimeSpan.FromSeconds(2);

    private readonly AzureStorageOrchestrationService service;
    private readonly TaskHubWorker worker;
    private readonly EngineActivities activities;

    /// <summary>Puts engine, registered code and client together. Nothing runs yet.</summary>
    public EngineHost(AzureStorageOrchestrationService service, WorkflowRegistry registry, DurableConnection connection,
        IServiceScopeFactory scopes, IOptions<EngineOptions> options, ILoggerFactory logs)
    {
        this.service = service;
        activities = new(scopes, options);
        worker = new TaskHubWorker(service, logs) { ErrorPropagationMode = ErrorPropagationMode.UseFailureDetails };
        foreach (var name in registry.Orchestrations)
            worker.AddTaskOrchestrations(new Named<TaskOrchestration>(name, () => registry.Orchestration(name)));
        foreach (var name in registry.Activities)
            worker.AddTaskActivities(new Named<TaskActivity>(name, () => registry.Activity(name, activities)));
        connection.Use(new EngineClient(service));
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await service.CreateIfNotExistsAsync();
        await worker.StartAsync();
    }

    /// <summary>Ends in order if that is quick; what is cut off is done again by the next host.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        activities.Stop();
        var ended = worker.StopAsync(isForced: false);
        if (await Task.WhenAny(ended, Task.Delay(OrderlyEnd, cancellationToken)) != ended) await worker.StopAsync(isForced: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        worker.Dispose();
        activities.Dispose();
    }

    private sealed class Named<T> : ObjectCreator<T>
    {
        private readonly Func<T> make;

        public Named(string name, Func<T> make) => (Name, Version, this.make) = (name, "", make);

        public override T Create() => make();
    }
}
