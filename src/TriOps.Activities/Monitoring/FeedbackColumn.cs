using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Models;
using TriOps.Core.Projects;
using TriOps.Core.Signatures;
using TriOps.Data.Windows;

namespace TriOps.Activities.Monitoring;

/// <summary>How a dataset's column is filled from a prediction: features and label as they were; a column the model does not know is left
/// empty where the rules allow that, and else gets a value made from the prediction's id, the same every time and another for every
/// prediction.</summary>
public sealed class FeedbackColumn(Column column, TableSignature signature, QualitySpec rules)
{
    private readonly int number = signature.Numbers.ToList().IndexOf(column.Name), category = signature.Categories.ToList()
        .IndexOf(column.Name);
    private readonly ColumnRule? rule = rules.Columns?.GetValueOrDefault(column.Name);

    /// <summary>The field.</summary>
    public string Text(LabelledRecord row)
    {
        if (column.Name == signature.Label) return row.Label;
        if (number >= 0) return Number(row.Record.Numbers[number]);
        if (category >= 0) return row.Record.Categories[category];
        return MayBeEmpty ? "" : Made(row);
    }

    private bool MayBeEmpty => rule is null or { Unique: false, MaxMissing: null or >= 1 } && rules.MaxMissing >= 1;

    private string Number(float value) => !float.IsFinite(value) ? ""
        : column.Kind == ColumnKind.Boolean ? value != 0 ? "true" : "false" : value.ToString("R", CultureInfo.InvariantCulture);

    private string Made(LabelledRecord row)
    {
        var hash = Convert.FromHexString(ContentId.OfBytes(Encoding.UTF8.GetBytes($"{column.Name}\n{row.Record.Id}")).Hex);
        var bits = BinaryPrimitives.ReadUInt64BigEndian(hash);
        return column.Kind switch
        {
            _ when rule?.Allowed is { Count: > 0 } allowed => allowed[(int)(bits % (ulong)allowed.Count)],
            ColumnKind.Number when rule is { Min: not null } or { Max: not null } =>
            Between(bits).ToString("R", CultureInfo.InvariantCulture),
            // 12 digits: no payment card has so few
            ColumnKind.Number => (100_000_000_000 + bits % 900_000_000_000).ToString(CultureInfo.InvariantCulture),
            ColumnKind.Boolean => bits % 2 == 0 ? "true" : "false",
            ColumnKind.Timestamp => row.Record.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            _ => $"feedback-{bits:x16}",
        };
    }

    private double Between(ulong bits)
    {
        var low = rule!.Min ?? rule.Max!.Value - 1e9;
        var high = rule.Max ?? low + 1e9;
        return low + (high - low) * ((bits >> 11) * (1.0 / (1UL << 53)));
    }
}
