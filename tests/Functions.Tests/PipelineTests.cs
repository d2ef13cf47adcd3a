using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Experiments;
using TriOps.Core.Projects;
using TriOps.Core.Settings;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.Functions.Triggers;
using TriOps.Testing.Fakes;
using QueueMessage = Azure.Storage.Queues.Models.QueueMessage;

namespace TriOps.Functions.Tests;

/// <summary>An upload on its way through the functions: trigger, orchestrations, activities, children, job events. The trials are played by the test; what a trained one leads to is
/// the business of the rooms' own tests.</summary>
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

    private readonly FakeCompute compute = new();
    private readonly FunctionsApp app;

    public PipelineTests() => app = new(new() { [SettingNames.Auth] = "none" }, services => services.AddSingleton<IComputeTarget>(compute));

    public async Task InitializeAsync()
    {
        await app.InitializeAsync();
        await app.Get<ProjectStore>().ApplyAsync(Yaml, "test", default);
        var csv = "size,weight,kind\n" + string.Join('\n', Enumerable.Range(0, 200).Select(i => $"{i * 1.5},{i % 7},{(i % 2 == 0 ? "a" : "b")}")) + "\n";
        await app.Get<IBlobs>().WriteAsync(new(Containers.Inbox, "demo/tumours/first.csv"), Encoding.UTF8.GetBytes(csv), WriteMode.Replace, default);
        const string Event = """{"eventType":"Microsoft.Storage.BlobCreated","subject":"/blobServices/default/containers/inbox/blobs/demo/tumours/first.csv","data":{"api":"PutBlob"}}""";
        await app.Function<InboxEventFunction>().RunAsync(Message(Event), app.Client, app.Invocation());
        await app.SettleAsync();
    }

    public Task DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Upload_WhosePipelinesTrialsAllFail_EndsWithAFailedRunAndACommittedVersion()
    {
        Assert.Equal(2, compute.Started.Count); // as many as the plan allows at once
        for (var told = 0; told < 3; told++)
        {
            var (job, attempt) = compute.Started[told];
            await TellAsync(new JobEnd(job, attempt, JobOutcome.Failed, Error: "no luck"));
            await app.SettleAsync();
        }
        Assert.Equal(3, compute.Started.Count);
        var all = (await app.Workflows.ListAsync("", 100, null, default)).Items;
        Assert.All(all, i => Assert.Equal(WorkflowStatus.Completed, i.Status));
        Assert.Equal(["IngestDataset", "RunJob", "RunJob", "RunJob", "TrainModel"], all.Select(i => i.Workflow).Order());
        var train = all.Single(i => i.Workflow == "TrainModel");
        Assert.Equal(all.Single(i => i.Workflow == "IngestDataset").InstanceId, train.ParentId);
        Assert.All(all.Where(i => i.Workflow == "RunJob"), i => Assert.Equal(train.InstanceId, i.ParentId));
        var result = train.Output!.Value.Deserialize<TrainResult>(TriOpsJson.Options)!;
        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.NotEmpty(result.Error!);
    }

    [Fact]
    public async Task Upload_WhoseTrainersFallSilent_GoesOnByLooking()
    {
        foreach (var started in compute.Started.ToList()) compute.States[started] = AttemptState.Ended; // They ended and told nobody.
        await app.AdvanceAsync(TimeSpan.FromSeconds(11));
        Assert.True(compute.Started.Count > 2, "A lost attempt is started again.");
        Assert.Contains(compute.Started, s => s.Attempt == 2);
    }

    [Fact]
    public async Task Upload_EndedFromThePages_LeavesNothingRunning()
    {
        var ingest = (await app.Workflows.ListAsync("", 100, null, default)).Items.Single(i => i.Workflow == "IngestDataset");
        using var answer = await app.Http.PostAsJsonAsync($"/api/workflows/{ingest.InstanceId}/terminate", new { reason = "not needed" });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var all = (await app.Workflows.ListAsync("", 100, null, default)).Items;
        Assert.All(all, i => Assert.Equal(WorkflowStatus.Terminated, i.Status));
        Assert.Equal(compute.Started.Order(), compute.Stopped.Distinct().Order());
    }

    private Task TellAsync(JobEnd end) => app.Function<JobEventsFunction>().RunAsync(Message(JsonSerializer.Serialize(end, TriOpsJson.Options)), app.Client, app.Invocation());

    private static QueueMessage Message(string body) => QueuesModelFactory.QueueMessage("id", "receipt", BinaryData.FromString(body), 1);
}
