using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.LocalHost.Workflows;

namespace TriOps.LocalHost.Journal;

/// <summary>What runs in this process: the runners of the instances that this host owns, and how they are woken. Shared by the engine, which
/// feeds it from the journal, and by the client, which wakes an instance at once instead of at the next poll.</summary>
public sealed class JournalHub(IJournalStore store, IBlobs blobs, WorkflowRegistry registry, IServiceScopeFactory scopes, TimeProvider time, IOptions<WorkflowOptions> options, ILoggerFactory logs)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, Task> runs = [];
    private readonly ConcurrentDictionary<string, InstanceRunner> runners = [];
    private readonly ConcurrentDictionary<string, (int Faults, DateTimeOffset Until)> pauses = [];
    private readonly ConcurrentDictionary<string, string> owners = [];
    private readonly ILogger log = logs.CreateLogger("TriOps.Workflows");
    private readonly Lock gate = new();
    private bool open;

    internal IJournalStore Store => store;
    internal WorkflowRegistry Registry => registry;
    internal IServiceScopeFactory Scopes => scopes;
    internal TimeProvider Time => time;
    internal WorkflowOptions Options => options.Value;
    internal ILogger Log => log;
    internal JournalPayloads Payloads { get; } = new(blobs, Math.Min(options.Value.MaxInlineBytes, new WorkflowOptions().MaxInlineBytes));
    internal SemaphoreSlim ActivitySlots { get; } = new(options.Value.MaxActivities);
    internal CancellationTokenSource Stopping { get; } = new();

    /// <summary>This host.</summary>
    public HostIdentity Identity { get; } = new();

    /// <summary>What is being worked on.</summary>
    public BusyCount Busy { get; } = new();

    /// <summary>From now on, instances are run.</summary>
    internal void Open() { lock (gate) open = true; }

    /// <summary>No more turns; completes when the runners have ended theirs.</summary>
    internal async Task CloseAsync(CancellationToken ct)
    {
        lock (gate) open = false;
        await Stopping.CancelAsync();
        await Task.WhenAll(runs.Values).WaitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Starts an instance, run by this host if it runs any. False if one of that id exists.</summary>
    internal async Task<bool> CreateAsync(string instanceId, string workflow, Payload input, Waiter? startedBy, string? trace, CancellationToken ct)
    {
        using var span = JournalSpans.Start(workflow, instanceId, trace);
        var now = time.GetUtcNow();
        var stored = await Payloads.StoreAsync(instanceId, input, Options.MaxInlineBytes, ct);
        var first = First(now, workflow, 0, stored!, startedBy, span?.Id ?? trace ?? Activity.Current?.Id);
        var instance = new JournalInstance
        {
            Id = instanceId, Workflow = workflow, CreatedAt = now, UpdatedAt = now, Batches = 1, StartedBy = startedBy, Owner = open ? Identity.Id : null,
        };
        if (await store.CreateAsync(instance, stored, first, ct) is not { } created) return false;
        Run(instanceId, new JournalSnapshot(created, [first], [], []));
        return true;
    }

    /// <summary>The first entry of an execution that somebody starts.</summary>
    internal ExecutionStarted First(DateTimeOffset at, string workflow, int execution, Payload input, Waiter? startedBy, string? trace) =>
        new(at, workflow, Options.Version, execution, trace) { Data = input, Waiters = startedBy is null ? [] : [startedBy] };

    /// <summary>Puts a message into an instance's inbox and has it looked at. What an instance cannot use any more is dropped.</summary>
    internal async Task SendAsync(string target, JournalMessage message, CancellationToken ct)
    {
        if (await store.FindAsync(target, ct) is not { } instance || (instance.IsEnded && message is not JoinMessage)) return;
        var stored = await Payloads.StoreAsync(target, message.Data, Options.MaxInlineBytes, ct);
        await store.AppendAsync(target, ReferenceEquals(stored, message.Data) ? message : message with { Data = stored }, ct);
        if (runners.TryGetValue(target, out var runner) && runner.SignalInbox()) return;
        await store.PokeAsync(target, ct);
        Look(target);
    }

    /// <summary>Looks at an active instance: tells its runner, or tries to take it.</summary>
    internal void Look(string instanceId)
    {
        if (runners.TryGetValue(instanceId, out var runner) && runner.SignalInbox()) return;
        Run(instanceId);
    }

    /// <summary>Remembers that another host owns an instance.</summary>
    internal void NoteOwner(string instanceId, string hostId) => owners[instanceId] = hostId;

    /// <summary>True if, as far as is known, one of the living hosts owns the instance, and it is not this one.</summary>
    internal bool BelongsToOther(string instanceId, IReadOnlySet<string> alive)
    {
        if (!owners.TryGetValue(instanceId, out var owner)) return false;
        if (alive.Contains(owner)) return true;
        owners.TryRemove(instanceId, out _);
        return false;
    }

    /// <summary>True while this process has a runner for the instance.</summary>
    internal bool Runs(string instanceId) => runners.ContainsKey(instanceId);

    // Called only when no runner listens: there is none, or it is about to go and another must follow.
    private void Run(string instanceId, JournalSnapshot? known = null)
    {
        lock (gate)
        {
            if (runners.TryGetValue(instanceId, out var ending)) { ending.Again = true; return; }
            if (!open || (pauses.TryGetValue(instanceId, out var pause) && pause.Until > time.GetUtcNow())) return;
            var runner = new InstanceRunner(this, instanceId, known);
            runners[instanceId] = runner;
            using (ExecutionContext.SuppressFlow()) runs[instanceId] = Task.Run(() => RunAsync(runner));
        }
    }

    private async Task RunAsync(InstanceRunner runner)
    {
        try
        {
            await runner.RunAsync(Stopping.Token);
            pauses.TryRemove(runner.InstanceId, out _);
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested) { }
        catch (Exception e)
        {
            // Crash-only: the journal holds all that counts, so the instance starts over from there after a pause.
            var faults = pauses.TryGetValue(runner.InstanceId, out var before) ? before.Faults + 1 : 1;
            var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, 0.25 * Math.Pow(2, faults)));
            pauses[runner.InstanceId] = (faults, time.GetUtcNow() + pause);
            log.LogWarning(e, "Workflow {InstanceId} was set down after a fault ({Faults} in a row); it goes on from its journal in {Pause}.", runner.InstanceId, faults, pause);
        }
        finally
        {
            lock (gate)
            {
                runners.TryRemove(runner.InstanceId, out _);
                runs.TryRemove(runner.InstanceId, out _);
                if (runner.Again) Run(runner.InstanceId);
            }
            runner.Close();
        }
    }
}
