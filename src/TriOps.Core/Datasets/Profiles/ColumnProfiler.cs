using System.Text;
using TriOps.Core.Datasets.Csv;
using TriOps.Core.Projects;

namespace TriOps.Core.Datasets.Profiles;

/// <summary>Learns one column's kind and distribution, value by value.</summary>
/// <param name="name">Its header.</param>
/// <param name="declared">Its kind, where triops.yaml says so.</param>
/// <param name="rule">Its quality rule, if any.</param>
/// <param name="sketch">Capacity of the quantile sketch.</param>
internal sealed class ColumnProfiler(string name, ColumnKind? declared, ColumnRule? rule, int sketch)
{
    private const int ExampleLength = 80;
    private readonly DistinctCounter distinct = new();
    private readonly FrequentValues frequent = new(declared is ColumnKind.Category or ColumnKind.Boolean);
    private readonly NumberStatistics numbers = new(sketch);
    private readonly PersonalData personal = new();
    private readonly HashSet64? seen = rule is { Unique: true } ? new() : null;
    private readonly HashSet<ulong>? allowed = rule?.Allowed is { } values ? [.. values.Select(v => RowHash.OfField(Encoding.UTF8.GetBytes(v)))] : null;
    private readonly List<(ulong Hash, string Text)> examples = [];
    private long present, missing, notNumbers, nans, infinite, repeated, notAllowed, wrongKind;
    private bool readNumbers = declared is null or ColumnKind.Number, allBooleans = true, allTimestamps = true;
    private string? firstNotNumber, firstRepeated, firstNotAllowed, firstWrongKind;

    /// <summary>A row without a value.</summary>
    public void AddMissing() => missing++;

    /// <summary>A value.</summary>
    /// <param name="field">Its bytes.</param>
    /// <param name="hash">Its <see cref="RowHash.OfField"/>.</param>
    /// <param name="file">Where it is, for messages.</param>
    /// <param name="line">Where it is, for messages.</param>
    public void Add(ReadOnlySpan<byte> field, ulong hash, string file, long line)
    {
        present++;
        if (!frequent.TryCount(hash, out var facts))
        {
            distinct.Add(hash);
            frequent.Add(field, hash, facts = Learn(field));
            if (examples.Count < 5 && !examples.Exists(e => e.Hash == hash)) examples.Add((hash, Shorten(field)));
        }
        if (seen is not null && !seen.Add(hash)) { repeated++; firstRepeated ??= Place(field, file, line); }
        if (allowed is not null && !allowed.Contains(hash)) { notAllowed++; firstNotAllowed ??= Place(field, file, line); }
        personal.Count(facts.Personal);

        if (readNumbers && facts.Kind != NumberKind.None) AddNumber(facts);
        else AddText(facts, field, file, line);
    }

    /// <summary>What was learned.</summary>
    public ColumnProfile ToProfile()
    {
        var kind = declared ?? Infer();
        var isNumber = kind == ColumnKind.Number;
        var found = personal.Found();
        var findings = new ColumnFindings(isNumber ? infinite : 0, isNumber ? notNumbers : wrongKind, isNumber ? firstNotNumber : firstWrongKind,
            !isNumber && declared is null && readNumbers && notNumbers > 0 && notNumbers * 10 <= present ? firstNotNumber : null,
            repeated, firstRepeated, notAllowed, firstNotAllowed);
        if (found.Count > 0) findings = findings with { FirstUnreadable = null, FirstNotNumber = null, FirstRepeated = null, FirstNotAllowed = null };
        return new ColumnProfile(name, kind, missing + (isNumber ? nans + infinite : 0), distinct.Count, isNumber ? numbers.ToProfile() : null,
            kind is ColumnKind.Category or ColumnKind.Boolean && found.Count == 0 ? frequent.Top(64) : [], found, found.Count > 0 ? [] : [.. examples.Select(e => e.Text)]) { Findings = findings };
    }

    private ColumnKind Infer()
    {
        if (present == 0) return ColumnKind.Text;
        if (readNumbers && notNumbers == 0 && numbers.Count > 0) return ColumnKind.Number;
        if (allBooleans && numbers.Count == 0) return ColumnKind.Boolean;
        if (allTimestamps && numbers.Count == 0) return ColumnKind.Timestamp;
        var values = distinct.Count;
        return values <= 50 || (values <= 1000 && values * 5 <= present) ? ColumnKind.Category : ColumnKind.Text;
    }

    private FieldFacts Learn(ReadOnlySpan<byte> field)
    {
        var number = double.NaN;
        var kind = readNumbers ? FieldNumber.Read(field, out number) : NumberKind.None;
        return kind == NumberKind.None
            ? new(kind, number, (allBooleans || declared == ColumnKind.Boolean) && IsBoolean(field), (allTimestamps || declared == ColumnKind.Timestamp) && TimestampText.Is(field), PersonalData.Of(field))
            : new(kind, number, false, false, field.Length >= 13 ? PersonalData.Of(field) : PersonalShapes.None); // A card's number is a number, too.
    }

    private void AddNumber(FieldFacts facts)
    {
        if (facts.Kind == NumberKind.Finite) numbers.Add(facts.Number);
        else if (facts.Kind == NumberKind.NaN) nans++;
        else infinite++;
    }

    private void AddText(FieldFacts facts, ReadOnlySpan<byte> field, string file, long line)
    {
        allBooleans &= facts.IsBoolean;
        allTimestamps &= facts.IsTimestamp;
        if (declared == ColumnKind.Boolean ? !facts.IsBoolean : declared == ColumnKind.Timestamp && !facts.IsTimestamp)
        {
            wrongKind++;
            firstWrongKind ??= Place(field, file, line);
        }
        if (!readNumbers) return;
        notNumbers++;
        firstNotNumber ??= Place(field, file, line);
        if (declared is null && present >= 100 && notNumbers * 10 > present) readNumbers = false; // No column of numbers with a few slips.
    }

    private bool IsBoolean(ReadOnlySpan<byte> field) => FieldBoolean.TryRead(field, declared == ColumnKind.Boolean, out _) && (field.Length > 1 || declared == ColumnKind.Boolean);

    private static string Place(ReadOnlySpan<byte> field, string file, long line) => $"'{Shorten(field)}' on line {line:N0} of {file}";

    private static string Shorten(ReadOnlySpan<byte> field)
    {
        var text = Encoding.UTF8.GetString(field[..Math.Min(field.Length, 4 * ExampleLength)]);
        return text.Length <= ExampleLength ? text : text[..ExampleLength] + "…";
    }
}
