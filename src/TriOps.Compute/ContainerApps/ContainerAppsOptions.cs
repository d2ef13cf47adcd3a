namespace TriOps.Compute;

/// <summary>How Container Apps jobs are started and followed.</summary>
/// <param name="Profiles">Which job each profile is.</param>
public sealed record ContainerAppsOptions(ComputeProfiles Profiles)
{
    /// <summary>Azure Resource Manager; the public cloud's by default.</summary>
    public Uri Endpoint { get; init; } = new("https://management.azure.com");

    /// <summary>How long a start may take, tries and waits together; 60 s by default. Then the workflow tries again, and finds what was
    /// started.</summary>
    public TimeSpan StartPatience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a stop may take; 60 s by default.</summary>
    public TimeSpan StopPatience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a look may take; 8 s by default, for the workflow looks again soon.</summary>
    public TimeSpan LookPatience { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long an execution may wait for a machine before it is given up; 2 h by default.</summary>
    public TimeSpan QueueLimit { get; init; } = TimeSpan.FromHours(2);

    /// <summary>From the machine to the trainer's first heartbeat, the fetching of the image among it; 15 min by default.</summary>
    public TimeSpan StartUp { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a failing image pull is watched before it counts as final, for a registry may be busy; 3 min by default.</summary>
    public TimeSpan PullPatience { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How far listings may lag behind a start; 2 min by default.</summary>
    public TimeSpan Lag { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long duplicates of an execution whose start was in doubt are looked for; 15 min by default.</summary>
    public TimeSpan Doubt { get; init; } = TimeSpan.FromMinutes(15);
}
