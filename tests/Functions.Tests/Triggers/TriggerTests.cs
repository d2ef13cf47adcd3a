using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Triggers;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Durable;
using TriOps.Functions.Triggers;
using QueueMessage = Azure.Storage.Queues.Models.QueueMessage;

namespace TriOps.Functions.Tests.Triggers;

/// <summary>Every trigger with good, repeated and bad input.</summary>
public sealed class TriggerTests : IAsyncLifetime
{
    private const string File = "demo/tumours/first.csv";
    private readonly FunctionsApp app = new();

    public ValueTask InitializeAsync() => app.InitializeAsync();
    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task InboxEvent_OfAnUpload_StartsItsIngestion()
    {
        await UploadAsync();
        await DeliverAsync(Event());
        var instance = Assert.Single(app.Workflows.Instances.Values);
        var request = Assert.IsType<IngestRequest>(app.Workflows.Inputs[instance.InstanceId]);
        Assert.Equal(("IngestDataset", "demo", "tumours", "first.csv"),
            (instance.Workflow, request.Project.Value, request.Dataset.Value, request.Source.File));
        Assert.Same(app.Client, app.Get<DurableConnection>().Client);
        Assert.Contains(app.Log.Lines, l => l.Contains($"started {instance.InstanceId}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task InboxEvent_AndInboxBlob_OfOneUpload_StartOneWorkflow_AndSayWhichDid()
    {
        await UploadAsync();
        await DeliverAsync(Event());
        await DeliverAsync(Event());
        await PollAsync();
        var instance = Assert.Single(app.Workflows.Instances.Values);
        Assert.Single(app.Log.Lines, l => l.Contains("started", StringComparison.Ordinal));
        Assert.Equal(2, app.Log.Lines.Count(l => l.Contains($"was ingested already, by {instance.InstanceId}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task InboxEvent_OfAnotherUploadUnderTheName_StartsAnotherWorkflow()
    {
        await UploadAsync();
        await DeliverAsync(Event());
        await UploadAsync(rows: 41);
        await DeliverAsync(Event());
        Assert.Equal(2, app.Workflows.Instances.Count);
    }

    [Theory]
    [InlineData("demo/tumours/my file.csv", "demo/tumours/my%20file.csv")]
    [InlineData("demo/tumours/50%25.csv", "demo/tumours/50%25.csv")]
    public async Task InboxEvent_OfANameWithSpacesOrSigns_FindsTheBlob(string file, string told)
    {
        await UploadAsync(file: file);
        await DeliverAsync(Event(told));
        Assert.Single(app.Workflows.Instances);
    }

    [Fact]
    public async Task InboxEvent_OfABlobThatHasGone_DoesNothing()
    {
        await DeliverAsync(Event());
        await AssertNothingAsync(Queues.InboxEvents);
    }

    [Fact]
    public async Task InboxEvent_OfAnEmptyFileBeingCreated_DoesNothing()
    {
        await UploadAsync();
        await DeliverAsync(Event(api: "CreateFile"));
        await AssertNothingAsync(Queues.InboxEvents);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData(
        """{"eventType":"Microsoft.Storage.BlobDeleted","subject":"/blobServices/default/containers/inbox/blobs/demo/tumours/a.csv","data":{"api":"DeleteBlob"}}""")]
    [InlineData(
        """{"eventType":"Microsoft.Storage.BlobCreated","subject":"/blobServices/default/containers/models/blobs/demo/tumours/a.csv","data":{"api":"PutBlob"}}""")]
    [InlineData(
        """{"eventType":"Microsoft.Storage.BlobCreated","subject":"/blobServices/default/containers/inbox/blobs/../models/x","data":{"api":"PutBlob"}}""")]
    [InlineData(
        """{"eventType":"Microsoft.Storage.BlobCreated","subject":"/blobServices/default/containers/inbox/blobs/","data":{"api":"PutBlob"}}""")]
    [InlineData(
        """{"eventType":"Microsoft.Storage.BlobCreated","subject":"/blobServices/default/containers/inbox/blobs/demo/tumours/a.csv"}""")]
    public async Task InboxEvent_ThatIsNone_IsSetAsideAtOnceWithItsReason(string body)
    {
        await DeliverAsync(body);
        var poison = await PoisonAsync(Queues.InboxEvents);
        Assert.Equal((body, 1), (poison.Body, poison.Deliveries));
        Assert.Contains("no event of a blob in the inbox", poison.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InboxEvent_OfABlobThatBelongsToNothing_IsSetAsideAtOnceWithItsReason()
    {
        await app.Get<IBlobs>().WriteAsync(new(Containers.Inbox, "stray.csv"), "a,b\n1,2\n"u8.ToArray(), WriteMode.Replace, default);
        await DeliverAsync(Event("stray.csv"));
        Assert.Contains("inbox/stray.csv", (await PoisonAsync(Queues.InboxEvents)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InboxBlob_ThatBelongsToNothing_ThrowsSoThatTheHostSetsItAside()
    {
        await app.Get<IBlobs>().WriteAsync(new(Containers.Inbox, "stray.csv"), "a,b\n1,2\n"u8.ToArray(), WriteMode.Replace, default);
        Assert.Equal("inbox-path", (await Assert.ThrowsAsync<InvalidInputException>(() => PollAsync("stray.csv"))).Code);
    }

    [Fact]
    public async Task JobEvent_IsRaisedToItsWorkflow()
    {
        var end = new JobEnd("job-1", 1, JobOutcome.Succeeded);
        await JobEventAsync(JsonSerializer.Serialize(end, TriOpsJson.Options));
        Assert.Equal(("job-1", JobSteps.Ended.Value, (object?)end), Assert.Single(app.Workflows.Raised));
        await AssertNoPoisonAsync(Queues.JobEvents);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("""{"jobId":"a/b","attempt":1,"outcome":"succeeded"}""")]
    [InlineData("""{"jobId":"job-1","attempt":0,"outcome":"succeeded"}""")]
    public async Task JobEvent_ThatIsNone_IsSetAsideAtOnceWithItsReason(string body)
    {
        await JobEventAsync(body);
        Assert.Equal((body, 1), ((await PoisonAsync(Queues.JobEvents)).Body, 1));
    }

    [Fact]
    public async Task QueueMessage_WhoseHandlingFails_IsDeliveredAgainAndSetAsideTheFifthTime()
    {
        var run = app.Get<QueueRun>();
        Task Deliver(int count) =>
            run.RunAsync(Queues.JobEvents, Message("body", count), app.Client,
            (_, _) => throw new TimeoutException("storage is away"), default);
        for (var count = 1; count < PoisonMessages.Attempts; count++) await Assert.ThrowsAsync<TimeoutException>(() => Deliver(count));
        await AssertNoPoisonAsync(Queues.JobEvents);
        await Deliver(PoisonMessages.Attempts);
        var poison = await PoisonAsync(Queues.JobEvents);
        Assert.Equal(("body", "storage is away", PoisonMessages.Attempts), (poison.Body, poison.Reason, poison.Deliveries));
    }

    [Fact]
    public async Task QueueMessage_WhoseHandlingIsCancelled_IsNotGivenUp()
    {
        using var stopping = new CancellationTokenSource();
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => app.Get<QueueRun>()
            .RunAsync(Queues.JobEvents, Message("body", PoisonMessages.Attempts), app.Client, (_, ct) => Task.FromCanceled(ct),
            stopping.Token));
        await AssertNoPoisonAsync(Queues.JobEvents);
    }

    [Fact]
    public async Task Timer_WithNothingWatched_StartsNothing_AlsoPastItsTime()
    {
        await app.Function<MonitorTimerFunction>().RunAsync(new TimerInfo { IsPastDue = true }, app.Client, app.Invocation());
        Assert.Empty(app.Workflows.Instances);
    }

    private static QueueMessage Message(string body, int count = 1) =>
        QueuesModelFactory.QueueMessage("id", "receipt", BinaryData.FromString(body), count);

    private static string Event(string file = File, string api = "PutBlob") => $$"""
        {"topic":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a","subject":"/blobServices/default/containers/inbox/blobs/{{file}}","eventType":"Microsoft.Storage.BlobCreated",
         "id":"1","data":{"api":"{{api}}","requestId":"r","eTag":"0x8D","contentType":"text/csv","contentLength":10,"blobType":"BlockBlob","url":"https://elsewhere.example/inbox/other.csv","sequencer":"0"},
         "dataVersion":"","metadataVersion":"1","eventTime":"2026-01-02T12:00:00Z"}
        """;

    private Task DeliverAsync(string body) => app.Function<InboxEventFunction>().RunAsync(Message(body), app.Client, app.Invocation());

    private Task JobEventAsync(string body) => app.Function<JobEventsFunction>().RunAsync(Message(body), app.Client, app.Invocation());

    private Task PollAsync(string file = File) => app.Function<InboxBlobFunction>()
        .RunAsync(new BlobClient(new Uri($"https://account.blob.core.windows.net/inbox/{file}")), app.Client, app.Invocation());

    private async Task UploadAsync(int rows = 40, string file = File)
    {
        await app.Get<ProjectStore>().ApplyAsync("version: 1\nproject: demo\ndatasets:\n  tumours: {}\n", "test", default);
        var csv = "size,kind\n" + string.Join('\n', Enumerable.Range(0, rows).Select(i => $"{i * 1.5},{(i % 2 == 0 ? "a" : "b")}")) + "\n";
        await app.Get<IBlobs>()
            .WriteAsync(new(Containers.Inbox, file), System.Text.Encoding.UTF8.GetBytes(csv), WriteMode.Replace, default);
    }

    private async Task<PoisonMessage> PoisonAsync(string queue) =>
        JsonSerializer.Deserialize<PoisonMessage>(
            Assert.Single(await app.Get<IQueues>().ReceiveAsync(Queues.PoisonOf(queue), 5, TimeSpan.FromSeconds(1), default)).Body,
            TriOpsJson.Options)!;

    private async Task AssertNoPoisonAsync(string queue) =>
        Assert.Empty(await app.Get<IQueues>().ReceiveAsync(Queues.PoisonOf(queue), 5, TimeSpan.FromSeconds(1), default));

    private async Task AssertNothingAsync(string queue)
    {
        Assert.Empty(app.Workflows.Instances);
        await AssertNoPoisonAsync(queue);
    }
}
