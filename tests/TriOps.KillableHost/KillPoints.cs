using System.Diagnostics;

namespace TriOps.KillableHost;

/// <summary>Where the process ends by SIGKILL: "{activity}:before" (the step is recorded as scheduled, nothing is done) and
/// "{activity}:after" (all of it is done, nothing is recorded). The first point reached is written to a file, so that the test knows which
/// one it was.</summary>
/// <param name="points">Comma-separated.</param>
/// <param name="file">Gets the point's name, a line.</param>
internal sealed class KillPoints(string? points, string file)
{
    private readonly HashSet<string> points = [.. (points ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)];

    public void Reach(string point)
    {
        if (!points.Contains(point)) return;
        lock (points)
        {
            File.AppendAllText(file, point + "\n");
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
