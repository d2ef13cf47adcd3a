using System.Globalization;
using TriOps.Core.Datasets;
using TriOps.Core.Projects;
using TriOps.Core.Steps;

namespace TriOps.Data.Profiles;

/// <summary>Holds a version's profile against the rules of its project file.</summary>
public static class QualityRules
{
    private static readonly string[] Warnings = ["infinite", "mostly-number"];

    /// <summary>The verdict: every broken rule, then warnings (rules infinite and mostly-number), which do not quarantine.</summary>
    public static QualityVerdict Check(DatasetProfile profile, DatasetSpec spec)
    {
        var issues = new List<QualityIssue>();
        Table(profile, spec, issues);
        foreach (var column in profile.Columns)
        {
            Column(profile, column, spec.Quality, issues);
            Privacy(column, spec.Privacy, issues);
        }
        return new QualityVerdict(issues.TrueForAll(i => Warnings.Contains(i.Rule)), [.. issues.OrderBy(i => Warnings.Contains(i.Rule))]);
    }

    private static void Table(DatasetProfile profile, DatasetSpec spec, List<QualityIssue> issues)
    {
        var rules = spec.Quality;
        if (profile.Rows < rules.MinRows)
            Add(issues, "min-rows", null,
                $"The table has {profile.Rows:N0} rows; at least {rules.MinRows:N0} are demanded. Upload more rows, or lower quality.min_rows.");
        if (profile.Rows > 0 && Share(profile.DuplicateRows, profile.Rows) > rules.MaxDuplicateRows)
            Add(issues, "duplicates", null,
                $"{Percent(profile.DuplicateRows, profile.Rows)} of the rows ({profile.DuplicateRows:N0}) repeat an earlier one; {rules.MaxDuplicateRows:P1} are allowed. Was a file uploaded under two names?");
        var named = (rules.Required ?? []).Concat(rules.Columns?.Keys ?? []).Concat(spec.Types.Keys).Distinct();
        foreach (var name in named.Where(n => profile.Columns.All(c => c.Name != n)))
            Add(issues, "required", name,
                $"There is no column '{name}'. The columns are {string.Join(", ", profile.Columns.Take(30).Select(c => c.Name))}.");
    }

    private static void Column(DatasetProfile profile, ColumnProfile column, QualitySpec rules, List<QualityIssue> issues)
    {
        var rule = rules.Columns?.GetValueOrDefault(column.Name);
        var (name, found) = (column.Name, column.Findings);
        var most = Math.Min(rules.MaxMissing, rule?.MaxMissing ?? 1);
        if (profile.Rows > 0 && Share(column.Missing, profile.Rows) > most)
            Add(issues, "max-missing", name,
                $"'{name}' has no value in {Percent(column.Missing, profile.Rows)} of the rows ({column.Missing:N0}); {most:P1} are allowed.");
        if (found is { Unreadable: > 0 })
            Add(issues, "type", name,
                $"'{name}' is declared {column.Kind.ToString().ToLowerInvariant()}, but {found.Unreadable:N0} values cannot be read so{First(found.FirstUnreadable)}. Correct them, list the text under missing_values, or change types.");
        if (rule is not null) Rule(column, rule, issues);
        if (found is { Infinite: > 0 })
            Add(issues, "infinite", name, $"'{name}' has {found.Infinite:N0} infinite values; they count as missing.");
        if (found?.FirstNotNumber is { } slip && rule is not { Min: not null } and not { Max: not null })
            Add(issues, "mostly-number", name,
                $"'{name}' looks like numbers, but is read as {column.Kind.ToString().ToLowerInvariant()} because some values are none{First(slip)}. List such texts under missing_values, or declare the type.");
    }

    private static void Rule(ColumnProfile column, ColumnRule rule, List<QualityIssue> issues)
    {
        var (name, found) = (column.Name, column.Findings);
        if (rule.Min is not null || rule.Max is not null)
        {
            if (column.Numbers is { } n)
            {
                if (n.Min < rule.Min)
                    Add(issues, "range", name, $"'{name}' goes down to {n.Min}; its smallest allowed value is {rule.Min}.");
                if (n.Max > rule.Max) Add(issues, "range", name, $"'{name}' goes up to {n.Max}; its largest allowed value is {rule.Max}.");
            }
            else if (column.Kind != ColumnKind.Number) Add(issues, "range", name,
                $"'{name}' has a range, but is read as {column.Kind.ToString().ToLowerInvariant()}, not as number{First(found?.FirstNotNumber)}.");
        }
        if (found is { NotAllowed: > 0 })
            Add(issues, "allowed", name,
                $"'{name}' has {found.NotAllowed:N0} values that are not among {string.Join(", ", rule.Allowed!.Take(20).Select(a => $"'{a}'"))}{First(found.FirstNotAllowed)}.");
        if (found is { Repeated: > 0 })
            Add(issues, "unique", name,
                $"'{name}' must be unique, but {found.Repeated:N0} values occurred before{First(found.FirstRepeated)}.");
    }

    private static void Privacy(ColumnProfile column, PrivacySpec privacy, List<QualityIssue> issues)
    {
        if (privacy.Allow.Contains(column.Name)) return;
        foreach (var kind in privacy.Deny)
            if (column.Personal.TryGetValue(kind, out var count))
                Add(issues, $"privacy-{kind}", column.Name,
                    $"'{column.Name}' holds what looks like personal data: {count:N0} values of kind {kind}. Remove or pseudonymise the column, or list it under privacy.allow.");
    }

    private static void Add(List<QualityIssue> issues, string rule, string? column, FormattableString message) =>
        issues.Add(new QualityIssue(rule, column, message.ToString(CultureInfo.InvariantCulture)));

    private static double Share(long part, long whole) => (double)part / whole;

    private static string Percent(long part, long whole) => Share(part, whole).ToString("P1", CultureInfo.InvariantCulture);

    private static string First(string? place) => place is null ? "" : $": first {place}";
}
