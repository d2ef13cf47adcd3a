namespace TriOps.Core.Workflows;

/// <summary>A wait against the clock.</summary>
public static class Race
{
    /// <summary>True as soon as what is waited for is there; false when the time is over first: the wait stays open then, for the next race
    /// or for nobody.</summary>
    /// <param name="workflow">Whose clock.</param>
    /// <param name="wait">An event, or a step.</param>
    /// <param name="limit">At most so long.</param>
    public static async Task<bool> Within(this IWorkflow workflow, Task wait, TimeSpan limit)
    {
        if (wait.IsCompleted) return true;
        using var there = new CancellationTokenSource();
        await Task.WhenAny(wait, workflow.Delay(limit, there.Token));
        if (!wait.IsCompleted) return false;
        there.Cancel(); // An open timer would keep the instance running. (On this thread: CancelAsync would leave it.)
        return true;
    }
}
