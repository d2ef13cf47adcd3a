namespace TriOps.Core.Workflows;

/// <summary>Ends workflows from outside. An engine ends an instance without running any more of its code, so what that code would have
/// closed is closed here.</summary>
public interface ITermination
{
    /// <summary>Ends a running instance and all below it, and closes what they leave open: runs are cancelled, their jobs stopped on the
    /// compute target, revisions on their way taken out. Idempotent. Waits half a minute for the instances to end; what takes longer is
    /// ended at the timer's next tick.</summary>
    /// <param name="instanceId">The topmost one.</param>
    /// <param name="reason">For people; becomes the instance's output, and the reason of what is closed.</param>
    /// <param name="ct">Ends the waiting; the timer goes on where it stood.</param>
    Task TerminateAsync(string instanceId, string reason, CancellationToken ct);
}
