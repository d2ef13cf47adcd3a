namespace TriOps.Cli.Demo;

/// <summary>What happens to a column in the shifted batch: value × <paramref name="Factor"/>.</summary>
internal sealed record ColumnShift(string Column, double Factor);

/// <summary>A project the demo can show.</summary>
/// <param name="Name">As --project takes it; also the folder under samples/.</param>
/// <param name="File">The CSV's name in the inbox.</param>
/// <param name="Story">Why later traffic differs, for people.</param>
/// <param name="Shifts">How it differs; empty for a table that is generated, whose generator knows.</param>
/// <param name="BatchRows">Rows of later traffic.</param>
internal sealed record DemoScenario(string Name, string File, string Story, IReadOnlyList<ColumnShift> Shifts, int BatchRows)
{
    private const double Length = 1.35; // the scanner reads lengths 35 % long, and so areas by the square

    /// <summary>All of them; the first is the default.</summary>
    public static IReadOnlyList<DemoScenario> All { get; } =
    [
        new("breast-cancer", "tumours.csv", "a recalibrated scanner reads lengths 35 % long",
            [new("mean_radius", Length), new("mean_perimeter", Length), new("mean_area", Length * Length), new("worst_radius", Length),
            new("worst_perimeter", Length), new("worst_area", Length * Length)], 400),
        new("churn", "subscribers.csv", "fees and support calls have risen, usage has fallen, and the business plan is common", [], 1000),
    ];

    /// <summary>Whether the table is made by a generator, not shipped.</summary>
    public bool IsGenerated => Shifts.Count == 0;

    /// <summary>The scenario of a name --project accepts.</summary>
    public static DemoScenario Of(string name) => All.Single(s => s.Name == name);
}
