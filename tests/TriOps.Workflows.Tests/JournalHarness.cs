using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.LocalHost.Journal;
using TriOps.LocalHost.Workflows;
using TriOps.Testing.Conformance;
using TriOps.Testing.Fakes;

namespace TriOps.Workflows.Tests;

/// <summary>The journal under test. A crash takes the store away from the host, in the middle of whatever it does, and gives it to the next.</summary>
public sealed class JournalHarness(IJournalStore store, IBlobs blobs, FakeTimeProvider time, Action<WorkflowOptions>? configure = null) : WorkflowHarness
{
    private readonly List<Action<WorkflowRegistry>> registrations = [];
    private ServiceProvider? services;
    private SeverableStore? severable;
    private IWorkflows? client;
    private JournalEngine? engine;

    public JournalHarness() : this(new MemoryJournalStore(), new MemoryBlobs(), new FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))) { }

    public IJournalStore Store => store;
    public IBlobs Blobs => blobs;
    public JournalHub Hub => services!.GetRequiredService<JournalHub>();
    public List<string> LogLines { get; } = [];

    /// <summary>The host's store is cut off at the write that this names; see <see cref="SeverableStore"/>.</summary>
    public Func<string, bool>? CutAt { get; set; }

    /// <summary>Completes when the host's store was cut off.</summary>
    public Task Cut => severable!.Cut;

    public override IWorkflows Workflows => client!;
    public override DateTimeOffset Now => time.GetUtcNow();

    public override void Orchestration<TIn, TOut>(WorkflowName<TIn, TOut> name, Func<IWorkflow, TIn, Task<TOut>> run) => registrations.Add(r => r.AddOrchestration(name, run));
    public override void Activity<TIn, TOut>(ActivityName<TIn, TOut> name, Func<TIn, Task<TOut>> run) => registrations.Add(r => r.AddActivity(name, (_, input, _) => run(input)));

    public override async Task StartAsync()
    {
        severable = new SeverableStore(store, what => CutAt?.Invoke(what) == true);
        var collection = new ServiceCollection();
        collection.AddLogging(l => l.AddProvider(new LineLogger(LogLines)).SetMinimumLevel(LogLevel.Information));
        collection.AddSingleton<TimeProvider>(time).AddSingleton<IJournalStore>(severable).AddSingleton(blobs);
        collection.AddTriOpsJournal(r => registrations.ForEach(add => add(r)), configure);
        services = collection.BuildServiceProvider();
        client = services.GetRequiredService<IWorkflows>();
        engine = services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<JournalEngine>().Single();
        await engine.StartAsync(default);
        await Hub.Busy.IdleAsync();
    }

    /// <summary>Completes when the engine has looked at the journal once more.</summary>
    public async Task LookedAsync()
    {
        var looks = severable!.Scans;
        while (severable.Scans < looks + 2) { time.Advance(TimeSpan.FromSeconds(1)); await Task.Yield(); }
        await SettleAsync();
    }

    public override Task SettleAsync() => Hub.Busy.IdleAsync().WaitAsync(TimeSpan.FromSeconds(30)); // a test that hangs says so

    public override async Task AdvanceAsync(TimeSpan by)
    {
        await SettleAsync();
        time.Advance(by);
        await SettleAsync();
    }

    public override async Task CrashAndRestartAsync()
    {
        severable!.Sever();
        await EndAsync();
        // Its process would be gone, which a test's is not: the row goes instead.
        foreach (var host in (await store.ScanAsync(default)).Hosts) await store.LeaveAsync(host.Id, default);
        await StartAsync();
    }

    public override async Task RestartAsync()
    {
        await EndAsync();
        await StartAsync();
    }

    public override async ValueTask DisposeAsync() => await EndAsync();

    private async Task EndAsync()
    {
        if (services is null) return;
        await engine!.StopAsync(default);
        await services.DisposeAsync();
        services = null;
    }

    private sealed class LineLogger(List<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;
        public void Dispose() { }
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines) lines.Add(formatter(state, exception));
        }
    }
}
