using System.Globalization;
using TriOps.Core.Workflows;

namespace TriOps.LocalHost.Journal;

/// <summary>What happens to an instance between two commits: triggers are fed to the run one at a time, and what must be written is gathered.
/// Pure: no I/O.</summary>
internal sealed class Turn(OrchestrationRun run, JournalInstance before, DateTimeOffset now)
{
    private readonly List<JournalEvent> events = [];
    private readonly List<ScheduledAction> actions = [];
    private readonly List<string> consumed = [];
    private bool begun;
    private JournalEvent? forced;

    /// <summary>Inbox messages that are accounted for.</summary>
    public IReadOnlyList<string> Consumed => consumed;
    /// <summary>What the code asked for.</summary>
    public IReadOnlyList<ScheduledAction> Actions => actions;
    /// <summary>How the execution ended, or null.</summary>
    public JournalEvent? NextEnd => forced ?? run.End;
    /// <summary>True: there is nothing to write.</summary>
    public bool IsEmpty => !begun && events.Count == 0 && consumed.Count == 0;
    /// <summary>Every payload that the commit would write.</summary>
    public IEnumerable<Payload?> Payloads => Events.Select(e => e.Data).Concat(Events.OfType<ExecutionStarted>().SelectMany(s => s.Carried).Select(c => c.Payload)).Concat(Outbox.Select(o => o.Message.Data));

    /// <summary>The entries to append: of this execution, or the first one of the next.</summary>
    public IReadOnlyList<JournalEvent> Events => field ??= NextEnd is ExecutionContinued ? [run.Next(now)] : events;

    /// <summary>The messages to send.</summary>
    public IReadOnlyList<OutMessage> Outbox => field ??= [.. Messages()];

    /// <summary>The row as it shall be.</summary>
    public JournalInstance Instance
    {
        get
        {
            var next = before with { Status = WorkflowStatus.Running, Begun = true, UpdatedAt = now, CustomStatus = run.CustomStatus, Batches = before.Batches + (events.Count > 0 ? 1 : 0) };
            return NextEnd switch
            {
                ExecutionContinued => next with { Execution = before.Execution + 1, Batches = 1, Begun = false, CustomStatus = null },
                ExecutionCompleted e => next with { Status = WorkflowStatus.Completed, Output = e.Data },
                ExecutionFailed e => next with { Status = WorkflowStatus.Failed, Failure = e.Failure },
                ExecutionTerminated e => next with { Status = WorkflowStatus.Terminated, Output = Payload.Of(e.Reason) },
                _ => next,
            };
        }
    }

    /// <summary>Runs the execution's first entry, which is written already.</summary>
    public void Begin(ExecutionStarted start)
    {
        begun = true;
        Add(run.Apply(start, replaying: false));
    }

    /// <summary>Ends the execution with an entry that no trigger led to.</summary>
    public void End(ExecutionFailed end)
    {
        events.Add(end);
        forced = end;
    }

    /// <summary>Activities that ended, children that could not be started. What is settled already is passed over.</summary>
    public void Take(IEnumerable<Outcome> outcomes)
    {
        foreach (var o in outcomes)
        {
            if (NextEnd is not null || o.Execution != before.Execution) continue;
            Trigger? trigger = run.Find(o.Seq) switch
            {
                StepScheduled => o.Failure is null ? new StepCompleted(now, o.Seq) { Data = o.Result } : new StepFailed(now, o.Seq, o.Failure),
                ChildScheduled => o.Failure is null ? new ChildCompleted(now, o.Seq) { Data = o.Result } : new ChildFailed(now, o.Seq, o.Failure),
                _ => null,
            };
            if (trigger is not null) Feed(trigger);
        }
    }

    /// <summary>Timers that are due and messages, in the order in which they fell due and were sent: a deadline that passed while no host ran
    /// does not beat an approval that came before it.</summary>
    public void TakeDueAndReceived(IEnumerable<JournalMessage> messages)
    {
        var due = run.Open.OfType<TimerCreated>().Where(t => t.FireAt <= now).Select(t => (At: t.FireAt, Do: (Action)(() => Fire(t.Seq))));
        var received = messages.Select(m => (At: SentAt(m), Do: (Action)(() => Receive(m))));
        foreach (var item in due.Concat(received).OrderBy(i => i.At).ToList())
            if (NextEnd is null) item.Do();
    }

    /// <summary>What a waiter is told of an instance's end.</summary>
    public static ChildEndedMessage EndMessage(JournalInstance ended, Waiter waiter, DateTimeOffset at) =>
        new(Id(at, $"end-{ended.Id}-{waiter.Execution}-{waiter.Seq}"), waiter.Execution, waiter.Seq, ended.Status switch
        {
            WorkflowStatus.Failed => ended.Failure,
            WorkflowStatus.Terminated => new StepFailure(typeof(OperationCanceledException).FullName!, $"Workflow '{ended.Id}' was terminated: {ended.Output?.Read<string>()}"),
            _ => null,
        }) { Data = ended.Status == WorkflowStatus.Completed ? ended.Output : null };

    private static string Id(DateTimeOffset at, string what) => string.Create(CultureInfo.InvariantCulture, $"{at.UtcTicks:D19}-{what}");

    private static DateTimeOffset SentAt(JournalMessage m) => new(long.Parse(m.Id.AsSpan(0, 19), CultureInfo.InvariantCulture), TimeSpan.Zero);

    private void Fire(int seq)
    {
        if (run.IsOpen(seq)) Feed(new TimerFired(now, seq));
    }

    private void Receive(JournalMessage message)
    {
        consumed.Add(message.Id);
        switch (message)
        {
            case RaiseMessage m when !run.HasSeen(m.Id): Feed(new EventRaised(now, m.Name, m.Sent ? m.Id : null) { Data = m.Data }); break;
            case JoinMessage m when !run.Waiters.Contains(m.Waiter): Feed(new WaiterJoined(now, m.Waiter)); break;
            case TerminateMessage m when m.OnlyIfStartedBy is null || m.OnlyIfStartedBy == before.StartedBy: Feed(new ExecutionTerminated(now, m.Reason)); break;
            case ChildEndedMessage m: Take([new(m.Execution, m.Seq, m.Data, m.Failure)]); break;
        }
    }

    private void Feed(Trigger trigger)
    {
        events.Add(trigger);
        Add(run.Apply(trigger, replaying: false));
    }

    private void Add(IReadOnlyList<ScheduledAction> asked)
    {
        events.AddRange(asked);
        actions.AddRange(asked);
    }

    private IEnumerable<OutMessage> Messages()
    {
        foreach (var e in actions.OfType<EventSent>())
            yield return new(e.InstanceId, new RaiseMessage(Id(now, $"{before.Id}-{before.Execution:D6}-{e.Seq:D8}"), e.Name, Sent: true) { Data = e.Data });
        if (!Instance.IsEnded) yield break;
        foreach (var waiter in run.Waiters) yield return new(waiter.InstanceId, EndMessage(Instance, waiter, now));
        if (NextEnd is not ExecutionTerminated end) yield break;
        foreach (var child in run.Open.OfType<ChildScheduled>())
            yield return new(child.InstanceId, new TerminateMessage(Id(now, $"terminate-{before.Id}-{child.Seq}"), end.Reason, new(before.Id, before.Execution, child.Seq)));
    }
}
