using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TriOps.Core.Deployments;
using TriOps.Serving.Logging;

namespace TriOps.Serving.Tests;

public sealed class InferenceLogWriterTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider time = new(Noon);
    private readonly FailingBlobs blobs = new();

    private InferenceLogWriter Writer(ServingOptions? options = null) =>
        new(blobs, options ?? new(), time, NullLogger<InferenceLogWriter>.Instance);

    private static InferenceRecord Record(int i, DateTimeOffset? at = null) =>
        new($"id-{i}", at ?? Noon, 1, 3, [i, float.NaN], ["left"], [0.25f, 0.75f], 42);

    private async Task<List<InferenceRecord>> ReadAsync()
    {
        var found = new List<InferenceRecord>();
        await foreach (var record in new InferenceLog(blobs)
            .ReadRequestsAsync(TinyModels.Deployment, Noon.AddDays(-1), Noon.AddDays(1), default)) found.Add(record);
        return found;
    }

    [Fact]
    public async Task Flush_Records_AreReadBackWhole()
    {
        using var writer = Writer();
        for (var i = 0; i < 2500; i++) writer.Write(TinyModels.Deployment, Record(i, Noon.AddMinutes(i % 120)));
        await writer.FlushAsync(default);
        var read = await ReadAsync();
        Assert.Equal(Enumerable.Range(0, 2500).Select(i => $"id-{i}").Order(), read.Select(r => r.Id).Order());
        var one = read.Single(r => r.Id == "id-7");
        Assert.Equal((1, 3, 42L, 7f, "left"), (one.Revision, one.Version, one.Microseconds, one.Numbers[0], one.Categories[0]));
        Assert.True(float.IsNaN(one.Numbers[1]));
        Assert.Equal(0, writer.Dropped);
    }

    [Fact]
    public async Task Write_ChannelFull_DropsAndCounts()
    {
        using var writer = Writer(new() { LogCapacity = 10 });
        for (var i = 0; i < 25; i++) writer.Write(TinyModels.Deployment, Record(i));
        Assert.Equal(15, writer.Dropped);
        await writer.FlushAsync(default);
        Assert.Equal(10, (await ReadAsync()).Count);
    }

    [Fact]
    public async Task Flush_StorageAway_KeepsRecordsAndSendsThemLater()
    {
        using var writer = Writer();
        writer.Write(TinyModels.Deployment, Record(1));
        blobs.Away = true;
        await writer.FlushAsync(default);
        writer.Write(TinyModels.Deployment, Record(2));
        await writer.FlushAsync(default);
        blobs.Away = false;
        Assert.Empty(await ReadAsync());
        time.Advance(TimeSpan.FromSeconds(31));
        await writer.FlushAsync(default);
        Assert.Equal(["id-1", "id-2"], (await ReadAsync()).Select(r => r.Id).Order());
        Assert.Equal(0, writer.Dropped);
    }

    [Fact]
    public async Task Flush_StorageAwayForLong_DropsTheOldestWithinTheLimit()
    {
        using var writer = Writer(new() { LogBacklogBytes = 1000 });
        blobs.Away = true;
        for (var i = 0; i < 50; i++)
        {
            writer.Write(TinyModels.Deployment, Record(i));
            await writer.FlushAsync(default);
        }
        blobs.Away = false;
        time.Advance(TimeSpan.FromSeconds(31));
        await writer.FlushAsync(default);
        var kept = await ReadAsync();
        Assert.Equal(50, kept.Count + writer.Dropped);
        Assert.InRange(kept.Count, 1, 10);
        Assert.Contains(kept, r => r.Id == "id-49");
    }

    [Fact]
    public async Task Run_ASecondPasses_Flushes()
    {
        using var writer = Writer();
        await writer.StartAsync(default);
        writer.Write(TinyModels.Deployment, Record(1));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await ReadAsync()).Count == 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        await writer.StopAsync(default);
    }

    [Fact]
    public async Task Run_ABatchIsThere_FlushesBeforeTheSecondIsOver()
    {
        using var writer = Writer(new() { LogBatch = 10 });
        await writer.StartAsync(default);
        for (var i = 0; i < 10; i++) writer.Write(TinyModels.Deployment, Record(i));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await ReadAsync()).Count < 10)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
        await writer.StopAsync(default);
    }

    [Fact]
    public async Task Stop_RecordsWait_AreWritten()
    {
        using var writer = Writer();
        await writer.StartAsync(default);
        writer.Write(TinyModels.Deployment, Record(1));
        await writer.StopAsync(default);
        Assert.Single(await ReadAsync());
    }
}
