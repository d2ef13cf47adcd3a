using TriOps.Core.Datasets;
using TriOps.Core.Names;

namespace TriOps.Core.Projects.Yaml;

/// <summary>Reads one entry of datasets.</summary>
internal static class DatasetSection
{
    private static readonly Dictionary<string, ColumnKind> Kinds = Enum.GetValues<ColumnKind>()
        .ToDictionary(k => k.ToString().ToLowerInvariant());

    public static DatasetSpec Read(Part part)
    {
        var types = new Dictionary<string, ColumnKind>(StringComparer.Ordinal);
        foreach (var (key, value) in part.Entries("types"))
            if (part.Text(value, $"{part.At("types")}.{key.Text}") is { } text)
            {
                if (Kinds.TryGetValue(text, out var kind)) types[key.Text] = kind;
                else part.Mistakes.Add(value, $"{part.At("types")}.{key.Text}",
                    $"'{text}' is not a column type: {string.Join(", ", Kinds.Keys)}.{NearestName.Hint(text, Kinds.Keys)}");
            }
        return new DatasetSpec(Quality(part.Inner("quality")), Privacy(part.Inner("privacy")), types, part.Texts("missing_values"));
    }

    private static QualitySpec Quality(Part part)
    {
        var columns = new Dictionary<string, ColumnRule>(StringComparer.Ordinal);
        foreach (var (key, value) in part.Entries("columns"))
            columns[key.Text] =
                Rule(new Part(value, key, $"{part.At("columns")}.{key.Text}", "datasets.*.quality.columns.*", part.Mistakes));
        return new QualitySpec(part.Whole("min_rows", 1, 1, int.MaxValue), part.Number("max_missing", 0, 1)
            ?? 1, part.Number("max_duplicate_rows", 0, 1) ?? 1,
            part.TextsOrNull("required"), columns.Count == 0 ? null : columns);
    }

    private static ColumnRule Rule(Part part)
    {
        var rule = new ColumnRule(part.Number("min"), part.Number("max"), part.Number("max_missing", 0, 1), part.TextsOrNull("allowed"),
            part.Flag("unique", false));
        if (rule.Min > rule.Max) part.Report("min", $"min ({rule.Min}) is above max ({rule.Max}). Exchange them.");
        if (rule.Allowed is { Count: 0 })
            part.Report("allowed", "an empty list allows no value at all. List the values, or remove the key.");
        return rule;
    }

    private static PrivacySpec Privacy(Part part)
    {
        var deny = part.Texts("deny");
        foreach (var kind in deny.Where(k => !PersonalDataKinds.All.Contains(k)))
            part.Report("deny",
                $"'{kind}' is not a kind of personal data: "
                + $"{string.Join(", ", PersonalDataKinds.All)}.{NearestName.Hint(kind, PersonalDataKinds.All)}");
        return new PrivacySpec(deny, part.Texts("allow"));
    }
}
