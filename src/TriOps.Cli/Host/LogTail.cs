namespace TriOps.Cli.Host;

/// <summary>Keeps a process's lines in a file, and the last ones at hand.</summary>
internal sealed class LogTail(string? file, Action<string>? onLine = null) : IDisposable
{
    private const int Kept = 25;

    private readonly Lock gate = new();
    private readonly Queue<string> last = new();
    private readonly StreamWriter? writer = file is null ? null : new StreamWriter(file, append: false) { AutoFlush = true };
    private bool closed;
    private volatile bool quiet;

    /// <summary>The last lines, oldest first.</summary>
    public IReadOnlyList<string> Lines
    {
        get { lock (gate) return [.. last]; }
    }

    /// <summary>Adds a line; null, the end of a stream, is left out.</summary>
    public void Add(string? line)
    {
        if (line is null) return;
        lock (gate)
        {
            if (closed) return;
            writer?.WriteLine(line);
            last.Enqueue(line);
            if (last.Count > Kept) last.Dequeue();
        }
        if (!quiet && !string.IsNullOrWhiteSpace(line)) onLine?.Invoke(line.Trim());
    }

    /// <summary>From now on lines are kept, but told to nobody.</summary>
    public void BeQuiet() => quiet = true;

    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            writer?.Dispose();
        }
    }
}
