using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using TriOps.Activities.Triggers;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Deployments;
using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.Testing.Fakes;
using TriOps.Testing;

namespace TriOps.Activities.Tests.Triggers;

public sealed class TriggerTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;
    private readonly FakeWorkflows workflows = new();

    [Fact]
    public async Task Inbox_SameUploadTwice_StartsOneIngestionAndANewUploadAnother()
    {
        var trigger = new InboxTrigger(workflows);
        var (id, isNew) = await trigger.HandleAsync(Blob("shop/orders/2026/may.csv", "e1"), Ct);
        Assert.True(isNew);
        Assert.Equal(new(id, false), await trigger.HandleAsync(Blob("shop/orders/2026/may.csv", "e1"), Ct));
        Assert.NotEqual(id, (await trigger.HandleAsync(Blob("shop/orders/2026/may.csv", "e2"), Ct)).WorkflowId);
        Assert.Equal(2, workflows.Instances.Count);
        Assert.Equal((IngestSteps.Workflow.Value, "2026/may.csv"),
            (workflows.Instances[id].Workflow, ((IngestRequest)workflows.Inputs[id]!).Source.File));
    }

    [Theory]
    [InlineData("readme.txt")]
    [InlineData("shop/orders.csv")]
    [InlineData("Shop/orders/may.csv")]
    [InlineData("shop/my orders/may.csv")]
    public async Task Inbox_PathThatNamesNoDataset_IsRefused(string name)
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => new InboxTrigger(workflows).HandleAsync(Blob(name, "e"), Ct));
        Assert.Equal("inbox-path", error.Code);
        Assert.Empty(workflows.Instances);
    }

    [Fact]
    public async Task JobEvent_OfAJobsEnd_IsRaisedOnItsInstance()
    {
        await new JobEventsTrigger(workflows)
            .HandleAsync("""{"jobId":"train-shop-v1-t3","attempt":2,"outcome":"succeeded","objective":0.93}""", Ct);
        var (id, name, payload) = Assert.Single(workflows.Raised);
        Assert.Equal(("train-shop-v1-t3", JobSteps.Ended.Value), (id, name));
        Assert.Equal((2, JobOutcome.Succeeded, 0.93),
            (((JobEnd)payload!).Attempt, ((JobEnd)payload).Outcome, ((JobEnd)payload).Trial().Objective));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"jobId":"a/b","attempt":1,"outcome":"failed"}""")]
    [InlineData("""{"jobId":"a","attempt":1,"outcome":"exploded"}""")]
    public async Task JobEvent_ThatIsNone_IsRefused(string message)
    {
        Assert.Equal("job-event-invalid",
            (await Assert.ThrowsAsync<InvalidInputException>(() => new JobEventsTrigger(workflows).HandleAsync(message, Ct))).Code);
        Assert.Empty(workflows.Raised);
    }

    [Fact]
    public async Task Monitor_TicksOfOneWindow_StartOneCheckOfTheTimeBetweenTheLastTwoDueTimes()
    {
        var timer = await TimerAsync("*/15 * * * *", deployedAt: "2026-05-01T09:50:00Z");
        await timer.HandleAsync(At("2026-05-01T10:15:00Z"), Ct);
        await timer.HandleAsync(At("2026-05-01T10:16:00Z"), Ct);
        await timer.HandleAsync(At("2026-05-01T10:29:59Z"), Ct);
        var request = (CheckRequest)Assert.Single(workflows.Inputs).Value!;
        Assert.Equal((At("2026-05-01T10:00:00Z"), At("2026-05-01T10:15:00Z"), "shop/churn"),
            (request.From, request.To, request.Deployment.ToString()));
    }

    [Fact]
    public async Task Monitor_AfterHoursWithoutTicks_ChecksTheLastWindowOnly()
    {
        var timer = await TimerAsync("0 * * * *", deployedAt: "2026-05-01T01:00:00Z");
        await timer.HandleAsync(At("2026-05-01T09:30:00Z"), Ct);
        Assert.Equal(At("2026-05-01T08:00:00Z"), ((CheckRequest)Assert.Single(workflows.Inputs).Value!).From);
    }

    [Fact]
    public async Task Monitor_WindowThatEndedBeforeTheDeployment_IsNotChecked()
    {
        var timer = await TimerAsync("0 * * * *", deployedAt: "2026-05-01T09:10:00Z");
        await timer.HandleAsync(At("2026-05-01T09:30:00Z"), Ct);
        Assert.Empty(workflows.Instances);
    }

    [Fact]
    public async Task Monitor_ScheduleThatIsNone_DoesNotStopTheOthers()
    {
        var timer = await TimerAsync("every now and then", deployedAt: "2026-05-01T01:00:00Z", also: "0 * * * *");
        await timer.HandleAsync(At("2026-05-01T09:30:00Z"), Ct);
        Assert.Equal("shop/other", ((CheckRequest)Assert.Single(workflows.Inputs).Value!).Deployment.ToString());
    }

    private async Task<MonitorTimer> TimerAsync(string schedule, string deployedAt, string? also = null)
    {
        var (projects, deployments) = (new MemoryDocuments<Project>(), new MemoryDocuments<Deployment>());
        var shop = ProjectName.Parse("shop");
        var file = new ProjectFile(1, shop, new Dictionary<DatasetName, DatasetSpec>(), new Dictionary<PipelineName, PipelineSpec>());
        await projects.PutAsync(new("projects", "shop"), new Project(shop, file, "", 1, At(deployedAt), At(deployedAt)), Ct);
        await PutAsync("churn", schedule);
        if (also is not null) await PutAsync("other", also);
        var services = new ServiceCollection().AddMemoryStores().AddTriOpsActivities().AddSingleton<IComputeTarget>(new FakeCompute())
            .AddSingleton<IWorkflows>(workflows)
            .AddSingleton<IDocuments<Project>>(projects).AddSingleton<IDocuments<Deployment>>(deployments).BuildServiceProvider();
        return ActivatorUtilities.CreateInstance<MonitorTimer>(services, NullLogger<MonitorTimer>.Instance);

        Task PutAsync(string name, string cron)
        {
            var model = ModelName.Parse("churn");
            var revision = new Revision(1, new ModelVersionRef(shop, model, 1), RevisionState.Active, 100, "deploy-1", At(deployedAt));
            return deployments.PutAsync(new("shop", name),
                new Deployment(shop, DeploymentName.Parse(name), model, [revision], new HealthSpec(),
                new MonitorSpec(cron, 100, 0.2, 0.01, 0, new RetrainSpec(false, TimeSpan.Zero, 0)), At(deployedAt)), Ct);
        }
    }

    private static BlobInfo Blob(string name, string etag) => new(new(Containers.Inbox, name), etag, 10, DateTimeOffset.UnixEpoch);

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
}
