namespace TriOps.LocalHost.Engine;

/// <summary>How this host runs Durable Task's engine.</summary>
public sealed class EngineOptions
{
    /// <summary>The task hub: a prefix of the engine's queues, tables and containers.</summary>
    /// <value>"TriOps", as host.json says; letters and digits, 3 to 45, a letter first.</value>
    public string Hub { get; set; } = "TriOps";

    /// <summary>This host among those that share a hub; the same after a restart, so that it finds its own partition again.</summary>
    /// <value>"host".</value>
    public string Worker { get; set; } = "host";

    /// <summary>How long a message of a host that was killed stays hidden, and so how long its work stands still. Renewed at half of
    /// it.</summary>
    /// <value>10 s. The engine renews what it holds every 5 s: below that, whatever takes longer is delivered again and again. At least 2
    /// s, for tests with short steps.</value>
    public TimeSpan Visibility { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest pause between two looks at an empty queue: timers and what other processes send are late by at most this. A
    /// host's own messages are noticed at once.</summary>
    /// <value>1 s.</value>
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Activities that run at once in this host.</summary>
    /// <value>8.</value>
    public int MaxActivities { get; set; } = 8;

    /// <summary>Awaited before each activity, so that work can be held up: for as long as a disk is full, say.</summary>
    /// <value>Completes at once.</value>
    public Func<CancellationToken, Task> Gate { get; set; } = _ => Task.CompletedTask;

    /// <summary>Told of each activity before and after it: for measurements and planted faults.</summary>
    /// <value>Does nothing.</value>
    public Action<string> Reached { get; set; } = _ => { };
}
