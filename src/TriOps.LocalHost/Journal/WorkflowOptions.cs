namespace TriOps.LocalHost.Journal;

/// <summary>How this host runs workflows.</summary>
public sealed class WorkflowOptions
{
    /// <summary>Recorded with every instance that starts; an orchestration that changed asks for it.</summary>
    /// <value>"" (before versions were introduced).</value>
    public string Version { get; set; } = "";

    /// <summary>How long a host that stopped answering keeps its instances. A host found dead on the same machine loses them at once.</summary>
    /// <value>10 s; 1 s to 10 min.</value>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often this host looks for work of other processes. Its own is noticed at once.</summary>
    /// <value>1 s.</value>
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Activities that run at once in this host.</summary>
    /// <value>8.</value>
    public int MaxActivities { get; set; } = 8;

    /// <summary>Awaited before each activity, so that work can be held up: for as long as a disk is full, say.</summary>
    /// <value>Completes at once.</value>
    public Func<CancellationToken, Task> Gate { get; set; } = _ => Task.CompletedTask;

    /// <summary>Payloads of more UTF-8 bytes go to a blob.</summary>
    /// <value>32 KiB; at most 32 KiB.</value>
    public int MaxInlineBytes { get; set; } = 32 * 1024;
}
