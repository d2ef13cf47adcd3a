namespace TriOps.Dashboard.Charts;

/// <summary>A point of a chart.</summary>
public readonly record struct ChartPoint(double X, double Y);

/// <summary>A named curve, in order of x.</summary>
public sealed record ChartSeries(string Name, IReadOnlyList<ChartPoint> Points);

/// <summary>A labelled bar.</summary>
/// <param name="Name">Its label.</param>
/// <param name="Value">Its length, ≥ 0.</param>
/// <param name="Text">Beside it.</param>
/// <param name="Marked">Drawn in the warning colour.</param>
public sealed record ChartBar(string Name, double Value, string Text, bool Marked = false);
