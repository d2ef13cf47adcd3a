namespace TriOps.LocalHost.Journal;

/// <summary>Which action an entry is, or is the outcome of.</summary>
internal static class Outcomes
{
    /// <summary>The action's sequence number, or null for entries that belong to none.</summary>
    public static int? ActionOf(JournalEvent e) => e switch
    {
        StepScheduled x => x.Seq, TimerCreated x => x.Seq, ChildScheduled x => x.Seq, EventSent x => x.Seq, _ => null,
    };

    /// <summary>The sequence number of the action that the entry settles, or null.</summary>
    public static int? SettledBy(JournalEvent e) => e switch
    {
        StepCompleted x => x.Seq, StepFailed x => x.Seq, TimerFired x => x.Seq, TimerCancelled x => x.Seq, ChildCompleted x => x.Seq, ChildFailed x => x.Seq, _ => null,
    };

    /// <summary>Why the action failed, or null.</summary>
    public static TriOps.Core.Workflows.StepFailure? FailureOf(JournalEvent e) => e switch { StepFailed x => x.Failure, ChildFailed x => x.Failure, _ => null };
}
