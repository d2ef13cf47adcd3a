using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TriOps.Core;
using TriOps.Core.Steps;
using TriOps.LocalHost.Hosting;

namespace TriOps.LocalHost.Tests.Hosting;

public sealed class DiskWatchTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new();
    private readonly Told told = new();
    private readonly DiskWatch watch;
    private long free = DiskWatch.Reserve;

    public DiskWatchTests() => watch = new DiskWatch("/state", () => Interlocked.Read(ref free), time, told);

    public async ValueTask InitializeAsync() => await watch.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await watch.StopAsync(CancellationToken.None);
        watch.Dispose();
    }

    [Fact]
    public async Task Work_NoRoomLeft_WaitsUntilThereIsRoomAgain()
    {
        Assert.True(watch.WaitAsync(CancellationToken.None).IsCompletedSuccessfully);

        await FreeAsync(3 << 20, LogLevel.Error);
        var work = watch.WaitAsync(CancellationToken.None);
        Assert.False(work.IsCompleted);
        await FreeAsync(DiskWatch.Reserve, LogLevel.Warning);

        await work;
        Assert.Contains("/state has 3 MiB left; 64 MiB must stay free", told.Lines[0], StringComparison.Ordinal);
        Assert.Contains("room again", told.Lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", 507)]
    [InlineData("PUT", 507)]
    [InlineData("DELETE", 507)]
    [InlineData("GET", 200)]
    [InlineData("HEAD", 200)]
    public async Task Requests_NoRoomLeft_MayReadAndNotChange(string method, int expected)
    {
        await FreeAsync(0, LogLevel.Error);
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging()
            .BuildServiceProvider(), Request = { Method = method }, Response = { Body = new MemoryStream() } };

        await watch.InvokeAsync(context, _ => Task.CompletedTask);

        Assert.Equal(expected, context.Response.StatusCode);
        if (expected == 200) return;
        context.Response.Body.Position = 0;
        using var problem = await JsonDocument.ParseAsync(context.Response.Body);
        Assert.Equal("disk-full", problem.RootElement.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Requests_WithRoom_MayChange()
    {
        var passed = false;
        await watch.InvokeAsync(new DefaultHttpContext { Request = { Method = "POST" } }, _ =>
        {
            passed = true;
            return Task.CompletedTask;
        });
        Assert.True(passed);
    }

    [Fact]
    public void Start_OnAFullDisk_IsRefusedWithTheValues()
    {
        var error = Assert.Throws<TriOpsException>(() => DiskWatch.Demand("/state", 5 << 20));
        Assert.Equal("disk-full", error.Code);
        Assert.Contains("5 MiB left", error.Message, StringComparison.Ordinal);
        DiskWatch.Demand("/state", DiskWatch.Reserve);
    }

    /// <summary>Changes what is free and lets the watch see it.</summary>
    private async Task FreeAsync(long bytes, LogLevel said)
    {
        var next = told.NextAsync(said);
        Interlocked.Exchange(ref free, bytes);
        while (!next.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    private sealed class Told : ILogger<DiskWatch>
    {
        private TaskCompletionSource next = new();
        private LogLevel awaited;

        public List<string> Lines { get; } = [];

        public Task NextAsync(LogLevel level)
        {
            (next, awaited) = (new(TaskCreationOptions.RunContinuationsAsynchronously), level);
            return next.Task;
        }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
            string> formatter)
        {
            Lines.Add(formatter(state, exception));
            if (logLevel == awaited) next.TrySetResult();
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    }
}
