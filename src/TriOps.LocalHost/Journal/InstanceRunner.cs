using TriOps.Core;
using TriOps.Core.Workflows;
using TriOps.LocalHost.Workflows;

namespace TriOps.LocalHost.Journal;

/// <summary>
/// Runs one instance while this host owns it: takes what has happened, lets the code react, writes both in one transaction, then does what
/// the code asked for. The execution stays alive in memory between turns; everything it knows can be had again from the journal, and any
/// fault simply throws the runner away.
/// </summary>
/// <remarks>Crash windows: before the commit, nothing has happened (an activity that ran runs again). After it, what was asked for and has no
/// outcome in the history is done again on recovery: starting a child and delivering a message are idempotent, activities are at-least-once.</remarks>
internal sealed class InstanceRunner(JournalHub hub, string instanceId, JournalSnapshot? known)
{
    private const int MessagesPerTurn = 40;

    private readonly RunnerSignal signal = new(hub.Busy);
    private readonly List<Task> activities = [];
    private JournalInstance instance = null!;
    private OrchestrationRun run = null!;
    private ExecutionStarted? first;
    private ExecutionFailed? broken;
    private ITimer? timer;
    private bool restarted;

    public string InstanceId => instanceId;

    /// <summary>True when another runner must follow this one.</summary>
    public bool Again { get; set; }

    /// <summary>Something may be in the inbox. False: this runner has ended, and will not look.</summary>
    public bool SignalInbox() => signal.Inbox();

    public void Close()
    {
        signal.Close();
        timer?.Dispose();
    }

    public async Task RunAsync(CancellationToken ct)
    {
        var snapshot = known ?? await TakeAsync(ct);
        if (snapshot is null) return;
        instance = snapshot.Instance;
        if (instance.Execution > 0) await hub.Store.TidyAsync(instanceId, instance.Execution, ct);
        await RecoverAsync(snapshot, ct);
        while (!instance.IsEnded)
        {
            ct.ThrowIfCancellationRequested();
            if (!await TurnAsync(ct)) await signal.WaitAsync(ct);
        }
        await FinishAsync(ct);
    }

    /// <summary>Becomes the owner. Null: there is no such instance, or a living host owns it.</summary>
    private async Task<JournalSnapshot?> TakeAsync(CancellationToken ct)
    {
        if (await hub.Store.FindAsync(instanceId, ct) is not { } found) return null;
        if (found.Owner != hub.Identity.Id)
        {
            if (found.Owner is not null && (await hub.Store.ScanAsync(ct)).Hosts.Any(h => h.Id == found.Owner && HostIdentity.IsAlive(h, hub.Time.GetUtcNow())))
            {
                hub.NoteOwner(instanceId, found.Owner);
                return null;
            }
            try { await hub.Store.CommitAsync(new(found with { Owner = hub.Identity.Id }, [], [], []), ct); }
            catch (ConflictException) { return null; } // somebody else was faster
        }
        return await hub.Store.LoadAsync(instanceId, ct);
    }

    private async Task RecoverAsync(JournalSnapshot snapshot, CancellationToken ct)
    {
        var history = new List<JournalEvent>(snapshot.History.Count);
        foreach (var entry in snapshot.History) history.Add(await hub.Payloads.LoadAsync(entry, ct));
        var outbox = snapshot.Outbox.SelectMany(o => o.Messages).ToList();
        if (instance.IsEnded)
        {
            var settled = history.Select(Outcomes.SettledBy).ToHashSet();
            first = (ExecutionStarted)history[0];
            await ActAsync(instance.Status == WorkflowStatus.Terminated ? [] : [.. history.OfType<ScheduledAction>().Where(a => !settled.Contains(Outcomes.ActionOf(a)))], outbox, ct);
        }
        else
        {
            Begin((ExecutionStarted)history[0]);
            if (instance.Begun)
            {
                first = null;
                try { Replayer.Replay(run, history); }
                catch (NonDeterministicException e) { broken = new(hub.Time.GetUtcNow(), StepFailure.Of(e)); }
                if (broken is null && instance.CustomStatus is { } status) run.CustomStatus ??= status;
            }
            await ActAsync(broken is null ? [.. run.Open] : [], outbox, ct);
        }
        await hub.Store.ForgetAsync(instanceId, [], [.. snapshot.Outbox.Select(o => o.Id)], ct);
        if (snapshot.Inbox.Count > 0) signal.Inbox();
    }

    private void Begin(ExecutionStarted start)
    {
        first = start;
        OrchestrationCode code;
        try { code = hub.Registry.Orchestration(start.Workflow); }
        catch (NotFoundException e) { code = (_, _) => throw e; }
        run = new OrchestrationRun(instanceId, start, code, hub.Log);
        run.Thread.OnForeign = signal.Set;
    }

    /// <summary>One turn. False: nothing had happened.</summary>
    private async Task<bool> TurnAsync(CancellationToken ct)
    {
        var inbox = signal.TakeInbox() ? await hub.Store.InboxAsync(instanceId, ct) : [];
        if (inbox.Count > MessagesPerTurn) signal.Inbox();
        var now = hub.Time.GetUtcNow();
        if (now < run.Now) now = run.Now;
        var turn = new Turn(run, instance, now);
        if (broken is not null) turn.End(broken);
        else
        {
            if (first is not null) turn.Begin((ExecutionStarted)await hub.Payloads.LoadAsync(first, ct));
            turn.Take(signal.TakeOutcomes());
            var messages = new List<JournalMessage>();
            foreach (var m in inbox.Take(MessagesPerTurn)) messages.Add(m.Data is { Blob: not null } ? m with { Data = await hub.Payloads.LoadAsync(m.Data, ct) } : m);
            turn.TakeDueAndReceived(messages);
            if (turn.NextEnd is null && run.Thread.SawForeign) turn.End(run.EndForeign(now));
        }
        if (turn.IsEmpty) { Arm(); return false; }

        first = null;
        var (limit, events, outbox) = (hub.Payloads.LimitFor(turn.Payloads), new List<JournalEvent>(), new List<OutMessage>());
        foreach (var entry in turn.Events) events.Add(await hub.Payloads.StoreAsync(instanceId, entry, limit, CancellationToken.None));
        foreach (var m in turn.Outbox) outbox.Add(m with { Message = m.Message with { Data = await hub.Payloads.StoreAsync(instanceId, m.Message.Data, limit, CancellationToken.None) } });
        var next = turn.Instance with { Output = await hub.Payloads.StoreAsync(instanceId, turn.Instance.Output, hub.Options.MaxInlineBytes, CancellationToken.None) };
        if (turn.NextEnd is ExecutionContinued) next = next with { Input = events[0].Data };
        // Once begun, a write is not called off: its outcome would be unknown.
        (instance, var sent) = await hub.Store.CommitAsync(new(next, events, turn.Consumed, outbox), CancellationToken.None);
        if (instance.IsEnded)
        {
            WorkflowMetrics.Ended(instance.Workflow, instance.Status);
            JournalSpans.End(instance, run.Start.Trace);
        }

        await ActAsync(turn.NextEnd is ExecutionTerminated or ExecutionContinued ? [] : turn.Actions, outbox, ct);
        if (sent.Count > 0) await hub.Store.ForgetAsync(instanceId, [], sent, ct);
        if (turn.NextEnd is ExecutionContinued)
        {
            Begin((ExecutionStarted)turn.Events[0]);
            await hub.Store.TidyAsync(instanceId, instance.Execution, ct);
        }
        Arm();
        return true;
    }

    /// <summary>Does what the code asked for, or makes sure that it was done.</summary>
    private async Task ActAsync(IReadOnlyList<ScheduledAction> actions, IReadOnlyList<OutMessage> outbox, CancellationToken ct)
    {
        var trace = first?.Trace ?? run?.Start.Trace;
        var children = new ChildStarter(hub, new(instanceId, instance.Execution, 0), trace);
        await Parallel.ForEachAsync(actions.OfType<ChildScheduled>(), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct }, async (child, token) =>
        {
            if (await children.EnsureAsync(child, token) is { } failure) signal.Outcome(new(instance.Execution, child.Seq, null, failure));
        });
        foreach (var step in actions.OfType<StepScheduled>())
            activities.Add(ActivityRunner.Start(hub, instanceId, instance.Execution, step, trace, o => signal.Outcome(o)));
        activities.RemoveAll(a => a.IsCompleted);
        foreach (var m in outbox) await hub.SendAsync(m.Target, m.Message, ct);
    }

    /// <summary>The instance has ended and its commit is written: waits for activities nobody waited for, answers those who joined late.</summary>
    private async Task FinishAsync(CancellationToken ct)
    {
        if (instance.Status != WorkflowStatus.Terminated) await Task.WhenAll(activities).WaitAsync(ct);
        do
        {
            while (await AnswerAsync(ct)) { }
            if (restarted) break;
            await hub.Store.DeactivateAsync(instanceId, ct);
            // A message or a restart that came in between has made the instance active again, or is seen now.
            await AnswerAsync(ct);
        }
        while (!restarted && !signal.TryClose());
        if (!restarted) return;
        Again = true;
        await hub.Store.PokeAsync(instanceId, ct);
    }

    /// <summary>Answers who joined late, drops what nobody can use any more. False: the inbox was empty, or the instance has been restarted.</summary>
    private async Task<bool> AnswerAsync(CancellationToken ct)
    {
        signal.TakeInbox();
        var late = await hub.Store.InboxAsync(instanceId, ct);
        restarted = await hub.Store.FindAsync(instanceId, ct) is { IsEnded: false };
        if (restarted || late.Count == 0) return false;
        foreach (var join in late.OfType<JoinMessage>())
            await hub.SendAsync(join.Waiter.InstanceId, await EndMessageAsync(join.Waiter, ct), ct);
        await hub.Store.ForgetAsync(instanceId, [.. late.Select(m => m.Id)], [], ct);
        return true;
    }

    private async Task<JournalMessage> EndMessageAsync(Waiter waiter, CancellationToken ct) =>
        Turn.EndMessage(instance with { Output = await hub.Payloads.LoadAsync(instance.Output, ct) }, waiter, hub.Time.GetUtcNow());

    private void Arm()
    {
        timer?.Dispose();
        timer = null;
        if (run.Open.OfType<TimerCreated>().Select(t => (DateTimeOffset?)t.FireAt).Min() is not { } due) return;
        var wait = due - hub.Time.GetUtcNow();
        // A system timer holds 49 days; a longer wait looks again every day.
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > TimeSpan.FromDays(1) ? TimeSpan.FromDays(1) : wait;
        timer = hub.Time.CreateTimer(_ => signal.Set(), null, wait, Timeout.InfiniteTimeSpan);
    }
}
