namespace TriOps.Serving;

/// <summary>How much serving may hold and how long it trusts what it read.</summary>
public sealed record ServingOptions
{
    /// <value>Loaded models kept at most, 1 or more; 32 by default. The least recently opened goes first.</value>
    public int MaxModels { get; init; } = 32;

    /// <value>Largest model in bytes, all its files together; 512 MiB by default.</value>
    public long MaxModelBytes { get; init; } = 512L << 20;

    /// <value>Where models' files are kept on disk; null: a folder of the process's own among the system's temporary files, removed at its
    /// end.</value>
    public string? ModelFolder { get; init; }

    /// <value>Bytes that these files may take, the one that is being opened aside; 4 GiB by default. What was not opened for longest goes
    /// first.</value>
    public long MaxDiskBytes { get; init; } = 4L << 30;

    /// <value>Threads inside one model call, 1 or more; 1 by default: requests are what runs in parallel.</value>
    public int IntraOpThreads { get; init; } = 1;

    /// <value>Age up to which a deployment is used as it was read; 1 s by default.</value>
    public TimeSpan FreshFor { get; init; } = TimeSpan.FromSeconds(1);

    /// <value>Age above which a request waits for a new reading, as long as storage answers; 5 s by default. Below it the old reading
    /// serves while the new one is fetched in the background.</value>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <value>Longest a request waits for such a reading before the old one serves; 500 ms by default.</value>
    public TimeSpan StaleWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <value>Records the inference log holds in memory before it drops; 100,000 by default.</value>
    public int LogCapacity { get; init; } = 100_000;

    /// <value>Records of one log blob at most, and the number that triggers a flush; 1,000 by default.</value>
    public int LogBatch { get; init; } = 1_000;

    /// <value>Longest a record waits for its flush; 1 s by default.</value>
    public TimeSpan LogInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <value>Bytes of serialised log kept while storage is away; 64 MiB by default. The oldest go first.</value>
    public long LogBacklogBytes { get; init; } = 64L << 20;
}
