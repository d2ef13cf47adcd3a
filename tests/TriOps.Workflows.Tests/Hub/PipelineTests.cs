using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TriOps.Activities;
using TriOps.Activities.Triggers;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Experiments;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.Durable;
using TriOps.LocalHost.Workflows;
using TriOps.Serving;
using TriOps.Testing.Durable;
using TriOps.Testing.Fakes;

namespace TriOps.Workflows.Tests;

/// <summary>An upload on its way through every orchestration and activity as the hosts register them, over memory and the test's clock.
/// What trainers do is the test's.</summary>
public sealed class PipelineTests : IAsyncLifetime
{
    private const string Yaml = """
        version: 1
        project: demo
        datasets:
          tumours: {}
        pipelines:
          kinds:
            dataset: tumours
            task: binary
            label: kind
            positive: a
            search: { trials: 3, parallel: 2, families: [linear], objective: auc, trial_timeout: 5m }
        """;

    private readonly FakeTimeProvider time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly FakeCompute compute = new();
    private readonly ServiceProvider services;
    private readonly DurableHub hub;
    private readonly DurableWorkflows workflows;

    public PipelineTests()
    {
        var connection = new DurableConnection();
        workflows = new DurableWorkflows(connection, time);
        services = new ServiceCollection().AddMemoryStores(time).AddTriOpsActivities().AddTriOpsServing()
            .AddSingleton<IComputeTarget>(compute).AddSingleton<IWorkflows>(workflows).AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .BuildServiceProvider();
        var registry = new WorkflowRegistry();
        Registrations.AddAll(registry);
        hub = new(registry, time, services);
        connection.Use(new HubClient(hub));
    }

    public async ValueTask InitializeAsync()
    {
        await Get<ProjectStore>().ApplyAsync(Yaml, "test", default);
        var csv = "size,weight,kind\n"
            + string.Join('\n', Enumerable.Range(0, 200).Select(i => $"{i * 1.5},{i % 7},{(i % 2 == 0 ? "a" : "b")}")) + "\n";
        var path = new BlobPath(Containers.Inbox, "demo/tumours/first.csv");
        await Get<IBlobs>().WriteAsync(path, Encoding.UTF8.GetBytes(csv), WriteMode.Replace, default);
        await Get<InboxTrigger>().HandleAsync((await Get<IBlobs>().FindAsync(path, default))!, default);
        await hub.SettleAsync();
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    [Fact]
    public async Task Upload_WhosePipelinesTrialsAllFail_EndsWithAFailedRunAndACommittedVersion()
    {
        Assert.Equal(2, compute.Started.Count); // As many as the plan allows at once.
        for (var told = 0; told < 3; told++)
        {
            var (job, attempt) = compute.Started[told];
            var end = new JobEnd(job, attempt, JobOutcome.Failed, Error: "no luck");
            await Get<JobEventsTrigger>().HandleAsync(JsonSerializer.Serialize(end, TriOpsJson.Options), default);
            await hub.SettleAsync();
        }

        Assert.Equal(3, compute.Started.Count);
        var all = await AllAsync();
        // No trial left a model.
        Assert.All(all, i => Assert.Equal(i.Workflow == "ReleaseCandidate" ? WorkflowStatus.Failed : WorkflowStatus.Completed, i.Status));
        Assert.Equal(["IngestDataset", "ReleaseCandidate", "RunJob", "RunJob", "RunJob", "TrainModel"],
            all.Select(i => i.Workflow).Order());
        var train = all.Single(i => i.Workflow == "TrainModel");
        Assert.Equal(all.Single(i => i.Workflow == "IngestDataset").InstanceId, train.ParentId);
        Assert.All(all.Where(i => i.Workflow == "RunJob"), i => Assert.Equal(train.InstanceId, i.ParentId));
        var result = train.Output!.Value.Deserialize<TrainResult>(TriOpsJson.Options)!;
        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains("no luck", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_WhoseTrainersFallSilent_GoesOnByLooking()
    {
        foreach (var started in compute.Started.ToList()) compute.States[started] = AttemptState.Ended; // They ended and told nobody.
        await hub.AdvanceAsync(TimeSpan.FromSeconds(15));
        Assert.Equal([(1, 2), (2, 2)], compute.Started.GroupBy(s => s.Attempt).Select(g => (g.Key, g.Count())));
    }

    /// <summary>Real steps, real termination: each instance ends after the one above it, and their trainers are stopped.</summary>
    [Fact]
    public async Task Upload_Terminated_LeavesNothingRunning()
    {
        var ingest = (await AllAsync()).Single(i => i.Workflow == "IngestDataset");
        var termination = Get<ITermination>().TerminateAsync(ingest.InstanceId, "not needed", default);
        for (var turns = 0; !termination.IsCompleted && turns < 100; turns++) await hub.AdvanceAsync(TimeSpan.FromMilliseconds(100));
        await termination;

        Assert.All(await AllAsync(), i => Assert.Equal(WorkflowStatus.Terminated, i.Status));
        Assert.Equal(compute.Started.Order(), compute.Stopped.Distinct().Order());
    }

    private T Get<T>() where T : notnull => services.GetRequiredService<T>();

    private async Task<IReadOnlyList<WorkflowInstance>> AllAsync() => (await workflows.ListAsync("", 100, null, default)).Items;
}
