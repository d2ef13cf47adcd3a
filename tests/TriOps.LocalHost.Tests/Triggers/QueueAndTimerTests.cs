using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TriOps.Activities;
using TriOps.Activities.Triggers;
using TriOps.Compute;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Storage;
using TriOps.LocalHost.Triggers;
using TriOps.Testing.Fakes;

namespace TriOps.LocalHost.Tests.Triggers;

public sealed class QueueAndTimerTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("triops-queue-test-").FullName;
    private static readonly CancellationToken Ct = CancellationToken.None;
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 5, 1, 10, 0, 0, TimeSpan.Zero));
    private readonly FakeWorkflows workflows = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Queue_JobEnd_IsRaisedOnceAndRemoved()
    {
        var (queues, poller) = Create(_ => false);
        await queues.SendAsync(Queues.JobEvents,
            JsonSerializer.Serialize(new JobEnd("job-1", 1, JobOutcome.Succeeded), TriOpsJson.Options), Ct);
        Assert.Equal(1, await poller.PollOnceAsync(Ct));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, await poller.PollOnceAsync(Ct));
        Assert.Equal("job-1", Assert.Single(workflows.Raised).InstanceId);
    }

    [Fact]
    public async Task Queue_MessageThatFails_ComesFiveTimesThenIsPoisonWithItsReason()
    {
        var (queues, poller) = Create(_ => true);
        var body = JsonSerializer.Serialize(new JobEnd("job-1", 1, JobOutcome.Succeeded), TriOpsJson.Options);
        await queues.SendAsync(Queues.JobEvents, body, Ct);
        for (var i = 0; i < 5; i++)
        {
            Assert.Empty(await queues.ReceiveAsync(Queues.JobEventsPoison, 1, TimeSpan.FromSeconds(1), Ct));
            Assert.Equal(1, await poller.PollOnceAsync(Ct));
            time.Advance(TimeSpan.FromSeconds(10));
        }
        Assert.Equal(0, await poller.PollOnceAsync(Ct));
        var poison =
            JsonSerializer.Deserialize<PoisonMessage>(
            Assert.Single(await queues.ReceiveAsync(Queues.JobEventsPoison, 5, TimeSpan.FromSeconds(1), Ct)).Body, TriOpsJson.Options)!;
        Assert.Equal((body, "The engine is out of reach.", 5), (poison.Body, poison.Reason, poison.Deliveries));
    }

    [Fact]
    public async Task Queue_MessageThatIsNoJobEnd_IsPoisonAtOnceAndHoldsUpNobody()
    {
        var (queues, poller) = Create(_ => false);
        await queues.SendAsync(Queues.JobEvents, new string('x', 40_000), Ct);
        await queues.SendAsync(Queues.JobEvents,
            JsonSerializer.Serialize(new JobEnd("job-2", 1, JobOutcome.Failed), TriOpsJson.Options), Ct);
        await poller.PollOnceAsync(Ct);
        Assert.Single(await queues.ReceiveAsync(Queues.JobEventsPoison, 5, TimeSpan.FromSeconds(1), Ct));
        Assert.Equal("job-2", Assert.Single(workflows.Raised).InstanceId);
    }

    [Fact]
    public async Task Timer_TwoHosts_OneTicksAtATime()
    {
        var leases = new MemoryLeases(time);
        var (first, second) = (Timer(leases), Timer(leases));
        await using (await leases.TryAcquireAsync("monitor-timer", TimeSpan.FromSeconds(60), Ct)) Assert.False(await first.TickAsync(Ct));
        Assert.True(await first.TickAsync(Ct));
        Assert.True(await second.TickAsync(Ct));
    }

    private (MemoryQueues, QueuePoller) Create(Func<string, bool> fails)
    {
        var queues = new MemoryQueues(time);
        var trainers = new ProcessCompute(new(() => ["/bin/false"], folder, new Dictionary<string, string>(), 1), new(folder, time),
            new MemoryBlobs(time), time, NullLogger<ProcessCompute>.Instance);
        var poison = new PoisonMessages(queues, time, NullLogger<PoisonMessages>.Instance);
        return (queues, new(queues, new(new FlakyWorkflows(workflows, fails)), poison, trainers, time, NullLogger<QueuePoller>.Instance));
    }

    private CronTimer Timer(ILeases leases)
    {
        var services = new ServiceCollection().AddMemoryStores(time).AddTriOpsActivities().AddSingleton<IComputeTarget>(new FakeCompute())
            .BuildServiceProvider();
        return new(leases, ActivatorUtilities.CreateInstance<MonitorTimer>(services, NullLogger<MonitorTimer>.Instance), time,
            NullLogger<CronTimer>.Instance);
    }
}
