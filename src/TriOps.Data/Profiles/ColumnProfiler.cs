using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using TriOps.Core.Datasets;
using TriOps.Core.Projects;
using TriOps.Data.Csv;

namespace TriOps.Data.Profiles;

/// <summary>Learns one column's kind and distribution, block by block. As long as the column has few distinct values, a value that was seen
/// before costs a look-up; a column with many is sketched.</summary>
internal sealed class ColumnProfiler
{
    private const int ExampleLength = 80;
    private static readonly ulong EmptyHash = RowHash.OfField([]);
    private readonly string name;
    private readonly ColumnKind? declared;
    private readonly MissingValues missing;
    private readonly HashSet<ulong>? allowed;
    private readonly ColumnTotals totals;
    private readonly int sketch;
    private readonly List<(ulong Hash, string Text)> examples = [];
    private ValueTable? values;
    private DistinctCounter? distinct;     // From the first value on that the table could not hold.
    private NumberStatistics? numbers;     // From when the table was given up.
    private double[] batch = [];
    private int batched;
    private long forgotten;                // How often a value may have occurred that the table does not hold.
    private bool readNumbers;
    private string? firstNotNumber, firstNotAllowed, firstWrongKind;

    /// <summary>For a column of that name.</summary>
    /// <param name="name">Its header.</param>
    /// <param name="spec">What triops.yaml says of it.</param>
    /// <param name="missing">Texts that are no values.</param>
    /// <param name="capacity">Distinct values counted exactly.</param>
    /// <param name="sketch">Capacity of the quantile sketch.</param>
    public ColumnProfiler(string name, DatasetSpec spec, MissingValues missing, int capacity, int sketch)
    {
        (this.name, this.missing, this.sketch, values) = (name, missing, sketch, new ValueTable(capacity));
        declared = spec.Types.TryGetValue(name, out var kind) ? kind : null;
        readNumbers = declared is null or ColumnKind.Number;
        totals = new ColumnTotals(declared);
        var rule = spec.Quality.Columns?.GetValueOrDefault(name);
        allowed = rule?.Allowed is { } texts ? [.. texts.Select(t => RowHash.OfField(Encoding.UTF8.GetBytes(t)))] : null;
        if (rule is { Unique: true }) Unique = new HashLog(withRows: true);
    }

    /// <summary>The values so far, where they must be unique.</summary>
    public HashLog? Unique { get; }

    /// <summary>Looks at a column of the block, and leaves its fields' hashes there.</summary>
    public void Add(RowBlock block, int column)
    {
        var cells = block.Column(column);
        var hashes = block.Hashes(column);
        ref var bytes = ref MemoryMarshal.GetArrayDataReference(block.Bytes);
        for (var row = 0; row < cells.Length; row++)
        {
            var (start, length) = cells[row];
            if (length == 0)
            {
                totals.Missing++;
                hashes[row] = EmptyHash;
            }
            else if (values is { } known)
            {
                ref var field = ref Unsafe.Add(ref bytes, start);
                var low = length >= 8 ? Unsafe.ReadUnaligned<ulong>(ref field)
                    : Unsafe.ReadUnaligned<ulong>(ref field) & ulong.MaxValue >> (64 - 8 * length);
                var high = length <= 8
                    ? 0 : Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref field, 8)) & ulong.MaxValue >> (128 - 8 * length);
                if (length > 16) (low, high) = (RowHash.OfField(block.Field(column, row)), ValueTable.Hashed);
                ref var slot = ref known.Find(low, high);
                if (slot.Count > 0)
                {
                    slot.Count++;
                    hashes[row] = slot.Hash;
                }
                else hashes[row] = AddNew(low, high, block, column, row);
            }
            else hashes[row] = AddOne(block, column, row);
        }
        if (Unique is not null) AddUnique(block, column);
        EndBlock();
    }

    /// <summary>What was learned. The table's last block is behind it.</summary>
    /// <param name="repeated">Values that occurred before, where they must be unique.</param>
    /// <param name="firstRepeated">The first of them: value and place.</param>
    public ColumnProfile ToProfile(long repeated, string? firstRepeated)
    {
        var left = values?.Values ?? [];
        foreach (var (slot, entry) in left) totals.Count(entry.Facts, slot.Count - entry.Before);
        var kind = declared ?? Infer();
        var isNumber = kind == ColumnKind.Number;
        var found = totals.Personal.Found();
        var findings = new ColumnFindings(isNumber ? totals.Infinite : 0, isNumber ? totals.NotNumbers : totals.WrongKind, isNumber
            ? firstNotNumber : firstWrongKind,
            !isNumber && declared is null && readNumbers && totals.NotNumbers > 0 && totals.NotNumbers * 10 <= totals.Present
            ? firstNotNumber : null,
            repeated, firstRepeated, totals.NotAllowed, firstNotAllowed);
        if (found.Count > 0)
            findings = findings with { FirstUnreadable = null, FirstNotNumber = null, FirstRepeated = null, FirstNotAllowed = null };
        return new ColumnProfile(name, kind, totals.Missing + (isNumber ? totals.NaNs + totals.Infinite : 0), Distinct,
            isNumber ? numbers is null ? NumberStatistics.Exact(Finite(left)) : numbers.ToProfile() : null,
            kind is ColumnKind.Category or ColumnKind.Boolean && found.Count == 0 ? values?.Top(64) ?? [] : [], found, found.Count > 0 ? []
            : [.. examples.Select(e => e.Text)])
        { Findings = findings };
    }

    /// <summary>A field's value and where it stands.</summary>
    public static string Place(ReadOnlySpan<byte> field, string file, long line) => $"'{Shorten(field)}' on line {line:N0} of {file}";

    private long Distinct => distinct?.Count ?? values!.Distinct;

    private ColumnKind Infer()
    {
        if (totals.Present == 0) return ColumnKind.Text;
        if (readNumbers && totals.NotNumbers == 0 && totals.Numbers > 0) return ColumnKind.Number;
        if (totals.AllBooleans && totals.Numbers == 0) return ColumnKind.Boolean;
        if (totals.AllTimestamps && totals.Numbers == 0) return ColumnKind.Timestamp;
        return Distinct <= 50 || (Distinct <= 1000 && Distinct * 5 <= totals.Present) ? ColumnKind.Category : ColumnKind.Text;
    }

    /// <summary>A value that is not in the table.</summary>
    private ulong AddNew(ulong low, ulong high, RowBlock block, int column, int row)
    {
        var field = block.Field(column, row);
        var hash = high == ValueTable.Hashed ? low : RowHash.OfField(field);
        var facts = missing.Includes(field) ? FieldFacts.Missing : Learn(field, hash);
        if (!facts.IsMissing)
        {
            NoteFirsts(facts, block, column, row);
            if (examples.Count < 5 && !examples.Exists(e => e.Hash == hash)) examples.Add((hash, Shorten(field)));
        }
        if (values!.IsFull && !MakeRoom())
        {
            Count(facts, hash);
            return hash;
        }
        if (!facts.IsMissing) distinct?.Add(hash);
        values!.Add(low, high, hash, field, facts, forgotten);
        return hash;
    }

    /// <summary>A value of a column that is sketched.</summary>
    private ulong AddOne(RowBlock block, int column, int row)
    {
        var field = block.Field(column, row);
        var hash = RowHash.OfField(field);
        if (missing.Includes(field))
        {
            totals.Missing++;
            return hash;
        }
        var facts = Learn(field, hash);
        NoteFirsts(facts, block, column, row);
        Count(facts, hash);
        return hash;
    }

    private void Count(in FieldFacts facts, ulong hash)
    {
        totals.Count(facts, 1);
        if (facts.IsMissing) return;
        distinct!.Add(hash);
        if (facts.Kind != NumberKind.Finite) return;
        if (batched == batch.Length) Array.Resize(ref batch, Math.Max(16, batched * 2));
        batch[batched++] = facts.Number;
    }

    /// <summary>A column whose kind is declared a category keeps its frequent values: the rarest half goes, and newcomers start at what was
    /// forgotten. Any other gives up its table (false): with so many values it is no category, and numbers are sketched.</summary>
    /// <remarks>Source: A. Metwally, D. Agrawal, A. El Abbadi, "Efficient Computation of Frequent and Top-k Elements in Data Streams", ICDT
    /// 2005 (Space-Saving), with evictions in batches. Counts are never too small; with a capacity of 4,096 a value with more than 1/2,048
    /// of the rows is always found.</remarks>
    private bool MakeRoom()
    {
        var category = declared is ColumnKind.Category or ColumnKind.Boolean;
        var gone = category ? values!.ForgetRarest() : values!.Values;
        if (distinct is null)
        {
            distinct = new DistinctCounter(values.Distinct + gone.Count(v => category && !v.Entry.Facts.IsMissing));
            foreach (var (slot, entry) in category ? values.Values.Concat(gone) : gone)
                if (!entry.Facts.IsMissing) distinct.Add(slot.Hash);
        }
        foreach (var (slot, entry) in gone) totals.Count(entry.Facts, slot.Count - entry.Before);
        if (category)
        {
            forgotten = gone[^1].Slot.Count;
            return true;
        }
        numbers = new NumberStatistics(sketch);
        numbers.Add(Finite(gone));
        values = null;
        return false;
    }

    private static IReadOnlyList<(double Value, long Count)> Finite(IEnumerable<(ValueTable.Slot Slot, ValueTable.Entry Entry)> values) =>
        [.. values.Where(v => v.Entry.Facts.Kind == NumberKind.Finite).Select(v => (v.Entry.Facts.Number, v.Slot.Count - v.Entry.Before))];

    /// <summary>Numbers are of no use any more once the column holds a text, unless it is declared to be of numbers; and once one value in
    /// ten is a text, nobody will ask which was the first.</summary>
    private void EndBlock()
    {
        if (numbers is null) return;
        if (declared == ColumnKind.Number || totals.NotNumbers == 0) numbers.Add(batch.AsSpan(0, batched));
        batched = 0;
        if (declared is null && totals.NotNumbers * 10 > totals.Present) readNumbers = false;
    }

    private void AddUnique(RowBlock block, int column)
    {
        var hashes = block.Hashes(column);
        for (var row = 0; row < block.Rows; row++)
            if (!missing.Includes(block.Field(column, row))) Unique!.Add(hashes[row], block.FirstRow + row);
    }

    private FieldFacts Learn(ReadOnlySpan<byte> field, ulong hash)
    {
        var number = double.NaN;
        var kind = readNumbers ? FieldNumber.Read(field, out number) : NumberKind.None;
        var isAllowed = allowed is null || allowed.Contains(hash);
        if (kind != NumberKind.None)
            // A card's number is a number, too.
            return new(kind, number, field.Length >= 13 ? PersonalData.Of(field) : PersonalShapes.None, false, false, isAllowed);
        var isTimestamp = (totals.AllTimestamps || declared == ColumnKind.Timestamp) && TimestampText.Is(field);
        var isBoolean = (totals.AllBooleans || declared == ColumnKind.Boolean) && !isTimestamp && IsBoolean(field);
        return new(kind, number, isTimestamp ? PersonalShapes.None : PersonalData.Of(field), isBoolean, isTimestamp, isAllowed);
    }

    private void NoteFirsts(in FieldFacts facts, RowBlock block, int column, int row)
    {
        if (!facts.IsAllowed) firstNotAllowed ??= Place(block.Field(column, row), block.File, block.Line(row));
        if (facts.Kind != NumberKind.None) return;
        if (readNumbers) firstNotNumber ??= Place(block.Field(column, row), block.File, block.Line(row));
        if (totals.IsWrong(facts)) firstWrongKind ??= Place(block.Field(column, row), block.File, block.Line(row));
    }

    private bool IsBoolean(ReadOnlySpan<byte> field) => FieldBoolean.TryRead(field, declared == ColumnKind.Boolean, out _)
        && (field.Length > 1 || declared == ColumnKind.Boolean);

    private static string Shorten(ReadOnlySpan<byte> field)
    {
        var text = Encoding.UTF8.GetString(field[..Math.Min(field.Length, 4 * ExampleLength)]);
        return text.Length <= ExampleLength ? text : text[..ExampleLength] + "…";
    }
}
