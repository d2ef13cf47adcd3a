using System.Text.RegularExpressions;

namespace TriOps.Cli.Host;

/// <summary>Keeps a process's lines in a file, and the last ones at hand.</summary>
/// <param name="file">The file, or null for none.</param>
/// <param name="onLine">Told every line until <see cref="BeQuiet"/>.</param>
/// <param name="onTrouble">Told errors after that.</param>
internal sealed partial class LogTail(string? file, Action<string>? onLine = null, Action<string>? onTrouble = null) : IDisposable
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
            try { writer?.WriteLine(line); }
            catch (IOException) { /* The disk is full: the host says so, and its last lines are kept here. */ }
            last.Enqueue(line);
            if (last.Count > Kept) last.Dequeue();
        }
        if (!quiet && !string.IsNullOrWhiteSpace(line)) onLine?.Invoke(line.Trim());
        else if (Trouble().IsMatch(line)) onTrouble?.Invoke(line.Trim());
    }

    /// <summary>A line that the host's console logger marks as an error or worse.</summary>
    [GeneratedRegex(@"^\d\d:\d\d:\d\d (fail|crit): ")]
    private static partial Regex Trouble();

    /// <summary>From now on lines are kept, and only errors are told.</summary>
    public void BeQuiet() => quiet = true;

    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            try { writer?.Dispose(); }
            catch (IOException) { /* See Add. */ }
        }
    }
}
