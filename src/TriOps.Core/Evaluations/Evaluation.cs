using TriOps.Core.Datasets;
using TriOps.Core.Metrics;
using TriOps.Core.Steps;

namespace TriOps.Core.Evaluations;

/// <summary>A metric with its confidence interval.</summary>
/// <param name="Name">One of <see cref="MetricCatalogue"/>.</param>
/// <param name="Value">The estimate.</param>
/// <param name="Low">Lower end of the interval; NaN when none can be given.</param>
/// <param name="High">Upper end.</param>
/// <param name="Rows">Rows it was computed on.</param>
public sealed record MetricEstimate(string Name, double Value, double Low, double High, int Rows);

/// <summary>One slice's results; the slice of all rows is named <see cref="All"/>.</summary>
/// <param name="Slice">"all", or "{column}={value}".</param>
/// <param name="Rows">Test rows in it.</param>
/// <param name="Metrics">On those rows. Metrics that are undefined on them (AUC with one class) are absent.</param>
public sealed record SliceResult(string Slice, int Rows, IReadOnlyList<MetricEstimate> Metrics)
{
    /// <summary>The slice of all rows.</summary>
    public const string All = "all";

    /// <summary>Fewest rows of a slice.</summary>
    public const int MinRows = 30;
}

/// <summary>A candidate's evaluation on a run's test rows, with the champion's on the same rows.</summary>
/// <param name="RunId">Of which run.</param>
/// <param name="Trial">The candidate.</param>
/// <param name="Data">The version whose test rows were used.</param>
/// <param name="Slices">The candidate's results, "all" first.</param>
/// <param name="ChampionVersion">The champion's number, or null.</param>
/// <param name="Champion">The champion's results, slice by slice.</param>
/// <param name="Difference">Candidate minus champion over all rows, with paired intervals.</param>
/// <param name="ChampionNote">Why the champion could not be scored on these rows; null when it was, or when there is none.</param>
public sealed record Evaluation(string RunId, int Trial, DatasetVersionRef Data, IReadOnlyList<SliceResult> Slices, int? ChampionVersion,
    IReadOnlyList<SliceResult> Champion, IReadOnlyList<MetricEstimate> Difference, string? ChampionNote = null);

/// <summary>One thing the gate looked at.</summary>
/// <param name="Name">"min auc", "champion auc", "slice min accuracy (site=b)".</param>
/// <param name="Passed">Whether it held.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Limit">What was demanded.</param>
/// <param name="Message">For people.</param>
public sealed record GateCheck(string Name, bool Passed, double Value, double Limit, string Message);

/// <summary>The gate's verdict: passed when every check is.</summary>
public sealed record GateVerdict(bool Passed, IReadOnlyList<GateCheck> Checks);
