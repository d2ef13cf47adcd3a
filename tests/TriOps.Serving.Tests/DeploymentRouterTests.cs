using Microsoft.Extensions.Time.Testing;
using TriOps.Core;
using TriOps.Core.Deployments;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Serving.Models;
using TriOps.Serving.Routing;
using TriOps.Serving.Store;
using TriOps.Testing.Fakes;

namespace TriOps.Serving.Tests;

public sealed class DeploymentRouterTests : IDisposable
{
    private sealed class Seeded : IRevisionChooser
    {
        private readonly Random random = new(7);
        public double Point(string? requestId) => random.NextDouble();
    }

    private readonly FakeTimeProvider time = new();
    private readonly FailingBlobs blobs = new();
    private readonly FailingDocuments<Deployment> documents = new();
    private readonly DeploymentTable table;
    private readonly ModelRegistry registry;
    private readonly OnnxScorers scorers;
    private readonly ModelFolder folder;
    private readonly DeploymentRouter router;

    public DeploymentRouterTests()
    {
        table = new(documents);
        registry = new(new MemoryDocuments<ModelVersion>(), new MemoryDocuments<ModelEntry>(), new MemoryDocuments<ModelAlias>(),
            new AuditLog(new MemoryDocuments<AuditEvent>(), time), time);
        var options = new ServingOptions();
        folder = new(blobs, options, time);
        scorers = new(folder, options);
        router = new(table, registry, scorers, new Seeded(), options, time);
    }

    public void Dispose()
    {
        scorers.Dispose();
        folder.Dispose();
    }

    private async Task<ServedRevision> ChooseAsync() => await router.ChooseAsync(TinyModels.Deployment, null, default);

    private async Task DeployAsync(params (int, int)[] shares)
    {
        while ((await registry.ListAsync(TinyModels.Project, TinyModels.Model, new(), default)).Items.Count < 2)
            await registry.RegisterAsync(blobs, TinyModels.Classifier(), TinyModels.Binary);
        await table.ServeAsync(TinyModels.Deployment, shares);
    }

    [Fact]
    public async Task Choose_NoSuchDeployment_IsNotFoundAndAskedAgainNextTime()
    {
        await Assert.ThrowsAsync<NotFoundException>(ChooseAsync);
        await DeployAsync((1, 100));
        Assert.Equal(1, (await ChooseAsync()).Number);
    }

    [Fact]
    public async Task Choose_NoRevisionWithTraffic_IsAConflict()
    {
        await DeployAsync((1, 0));
        Assert.Equal("deployment-not-serving", (await Assert.ThrowsAsync<ConflictException>(ChooseAsync)).Code);
    }

    [Fact]
    public async Task Choose_Canary_SplitsByWeight()
    {
        await DeployAsync((1, 80), (2, 20));
        var canary = 0;
        for (var i = 0; i < 5000; i++) canary += (await ChooseAsync()).Number == 2 ? 1 : 0;
        // Binomial(5000, 0.2): mean 1000, standard deviation 28; the seed is fixed.
        Assert.InRange(canary, 1000 - 85, 1000 + 85);
    }

    [Fact]
    public void Point_SameRequestId_IsTheSamePointAndEvenOverall()
    {
        var chooser = new RevisionChooser();
        Assert.Equal(chooser.Point("abc"), chooser.Point("abc"));
        var points = Enumerable.Range(0, 10_000).Select(i => chooser.Point($"request-{i}")).ToList();
        Assert.All(points, p => Assert.InRange(p, 0, 0.9999999999));
        Assert.InRange(points.Count(p => p < 0.1), 1000 - 90, 1000 + 90);
    }

    [Fact]
    public async Task Choose_BurstWithinASecond_ReadsTheTableOnce()
    {
        await DeployAsync((1, 100));
        var gate = new TaskCompletionSource();
        var before = documents.Reads;
        documents.Gate = gate.Task;
        var burst = Enumerable.Range(0, 50).Select(_ => ChooseAsync()).ToList();
        gate.SetResult();
        await Task.WhenAll(burst);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ChooseAsync()));
        Assert.Equal(before + 1, documents.Reads);
    }

    [Fact]
    public async Task Choose_ReadingIsTwoSecondsOld_ServesItAndReadsInTheBackground()
    {
        await DeployAsync((1, 100));
        Assert.Equal(1, (await ChooseAsync()).Version.Number);
        await DeployAsync((2, 100));
        time.Advance(TimeSpan.FromSeconds(2));
        var gate = new TaskCompletionSource();
        documents.Gate = gate.Task;
        Assert.Equal(1, (await ChooseAsync()).Version.Number);
        gate.SetResult();
        await Until(async () => (await ChooseAsync()).Version.Number == 2);
    }

    [Fact]
    public async Task Choose_ReadingIsOld_WaitsForANewOne()
    {
        await DeployAsync((1, 100));
        await ChooseAsync();
        await DeployAsync((2, 100));
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(2, (await ChooseAsync()).Version.Number);
    }

    [Fact]
    public async Task Choose_StorageAway_ServesWhatWasReadLastAndRecovers()
    {
        await DeployAsync((1, 100));
        await ChooseAsync();
        documents.Away = blobs.Away = true;
        for (var i = 0; i < 20; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(1, (await ChooseAsync()).Version.Number);
        }
        documents.Away = blobs.Away = false;
        await DeployAsync((2, 100));
        await Until(async () =>
        {
            time.Advance(TimeSpan.FromSeconds(2));
            return (await ChooseAsync()).Version.Number == 2;
        });
    }

    [Fact]
    public async Task Choose_ModelCannotBeLoaded_IsUnavailableUntilItCan()
    {
        await DeployAsync((1, 100));
        blobs.Away = true;
        var error = await Assert.ThrowsAsync<RevisionUnavailableException>(ChooseAsync);
        Assert.Equal((1, 1), (error.Revision.Number, error.Revision.Version.Number));
        blobs.Away = false;
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, (await ChooseAsync()).Number);
    }

    [Fact]
    public async Task Find_VersionWithoutTraffic_IsNotFound()
    {
        await DeployAsync((1, 100), (2, 0));
        Assert.Equal(1, (await router.FindAsync(TinyModels.Deployment, 1, default)).Version.Number);
        Assert.Equal("version-not-served",
            (await Assert.ThrowsAsync<NotFoundException>(async () => await router.FindAsync(TinyModels.Deployment, 2, default))).Code);
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
