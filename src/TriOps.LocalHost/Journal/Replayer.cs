using TriOps.Core.Workflows;

namespace TriOps.LocalHost.Journal;

/// <summary>Brings an execution back from its history.</summary>
public static class Replayer
{
    /// <summary>Feeds the recorded triggers, one at a time and in recorded order; after each, what the code asks for must be what the history
    /// holds there, by kind and name.</summary>
    /// <exception cref="NonDeterministicException">The code asks for something else than it did when the history was recorded.</exception>
    public static void Replay(OrchestrationRun run, IReadOnlyList<JournalEvent> history)
    {
        for (var i = 0; i < history.Count;)
        {
            if (history[i] is not Trigger trigger) throw new NonDeterministicException($"History entry {i} is {Describe(history[i])}; the code asked for less at this point.");
            var asked = run.Apply(trigger, replaying: true);
            i++;
            foreach (var action in asked)
            {
                if (i < history.Count && history[i] is ScheduledAction recorded && recorded.What == action.What) { i++; continue; }
                throw new NonDeterministicException($"After {Describe(trigger)}, history entry {i} is {(i < history.Count ? Describe(history[i]) : "absent")}, but the code now asks for {action.What}. The orchestration has changed in a way that its running instances cannot follow; ask IWorkflow.Version.");
            }
        }
    }

    private static string Describe(JournalEvent e) => e is ScheduledAction action ? action.What : e.GetType().Name;
}
