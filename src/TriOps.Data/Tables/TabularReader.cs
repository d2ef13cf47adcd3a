using System.Text;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Projects;
using TriOps.Core.Signatures;
using TriOps.Core.Storage;
using TriOps.Data.Csv;
using TriOps.Data.Packs;

namespace TriOps.Data.Tables;

/// <summary>Reads a dataset version into a run's features and labels. Used by everything that must see the same rows: trainer, evaluation,
/// baseline.</summary>
public sealed class TabularReader(IBlobs blobs)
{
    /// <summary>The labelled rows of all files (by file name, then file order), or only those of one part. Numbers: booleans as 0 and 1;
    /// missing, NaN and infinite values as NaN. Categories: missing as "". Rows whose label is missing are left out and counted in
    /// <see cref="TabularData.Unlabelled"/>.</summary>
    /// <param name="manifest">Of the version.</param>
    /// <param name="plan">Names features, label and split.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="only">The part to read; all when null. What is not in it takes no memory, and is not counted either.</param>
    /// <exception cref="InvalidInputException">A column of the plan is not in a file (column-missing), or a value is not of its column's
    /// kind (value-invalid).</exception>
    public async Task<TabularData> ReadAsync(ContentId manifest, TrainingPlan plan, CancellationToken ct, Part? only = null)
    {
        var files = new DatasetFiles(blobs);
        var collected = new Rows(plan, only);
        foreach (var file in (await files.ManifestAsync(manifest, ct)).Files)
        {
            using var reader = await CsvReader.OpenAsync(files.Open(file), file.Name, ct);
            collected.Begin(reader, file.Name);
            while (await reader.ReadAsync(ct)) collected.Add(reader);
        }
        return collected.ToData();
    }

    private sealed class Rows(TrainingPlan plan, Part? only)
    {
        private readonly MissingValues missing = new(plan.MissingValues);
        private readonly Column[] numberColumns = [.. plan.Features.Where(f => f.Kind is ColumnKind.Number or ColumnKind.Boolean)];
        private readonly Column[] categoryColumns = [.. plan.Features.Where(f => f.Kind is ColumnKind.Category)];
        private readonly List<float> numbers = [];
        private readonly List<string> categories = [], labels = [];
        private readonly List<ulong> hashes = [];
        private readonly Utf8Interner texts = new();
        private int[] numberAt = [], categoryAt = [];
        private int labelAt, unlabelled;
        private RowHash hash = new([]);
        private string file = "";

        public void Begin(CsvReader reader, string name)
        {
            file = name;
            int At(string column) => reader.Header.ToList().IndexOf(column) is var at and >= 0 ? at
                : throw new InvalidInputException("column-missing",
                $"{name} has no column '{column}', which the training plan of {plan.Data} uses. Its columns: "
                + $"{string.Join(", ", reader.Header.Take(50))}.");
            (numberAt, categoryAt, labelAt) =
                ([.. numberColumns.Select(c => At(c.Name))], [.. categoryColumns.Select(c => At(c.Name))], At(plan.Spec.Label));
            hash = new RowHash(reader.Header);
        }

        public void Add(CsvReader row)
        {
            var place = hash.Of(row);
            if (only is { } part && TabularData.PartOf(place, plan.Spec.Split) != part) return;
            var label = row.Field(labelAt);
            if (missing.Includes(label) || (plan.Spec.Task == TaskKind.Regression && FieldNumber.Read(label, out _) is NumberKind.NaN))
            {
                unlabelled++;
                return;
            }
            labels.Add(texts.Get(label));
            for (var i = 0; i < numberAt.Length; i++) numbers.Add(Number(row, numberAt[i], numberColumns[i]));
            foreach (var at in categoryAt) categories.Add(missing.Includes(row.Field(at)) ? "" : texts.Get(row.Field(at)));
            hashes.Add(place);
        }

        public TabularData ToData() =>
            new(new FeatureRows([.. numbers], [.. categories], labels.Count), [.. labels], [.. hashes]) { Unlabelled = unlabelled };

        private float Number(CsvReader row, int at, Column column)
        {
            var field = row.Field(at);
            if (missing.Includes(field)) return float.NaN;
            if (column.Kind == ColumnKind.Boolean)
                return FieldBoolean.TryRead(field, digits: true, out var value) ? value ? 1 : 0
                    : throw Invalid(row, field, column, "true/false, yes/no or 1/0");
            return FieldNumber.Read(field, out var number) switch
            {
                NumberKind.Finite => (float)number is var f && float.IsFinite(f) ? f : float.NaN,
                NumberKind.None => throw Invalid(row, field, column, "a number"),
                _ => float.NaN,
            };
        }

        private InvalidInputException Invalid(CsvReader row, ReadOnlySpan<byte> field, Column column, string expected) =>
            new("value-invalid",
            $"{file}, line {row.Line}, column '{column.Name}': '{Encoding.UTF8.GetString(field[..Math.Min(field.Length, 60)])}' is not "
            + $"{expected}. Declare the column's type in triops.yaml, or list the text under '{ProjectKey.MissingValues}'.");
    }
}
