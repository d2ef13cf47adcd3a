using System.IO.Hashing;
using System.Numerics;

namespace TriOps.Data.Csv;

/// <summary>The 64-bit hash of a row: of its fields' bytes in the order of their columns' names, so that a file's column order does not
/// matter. It decides which part of a split the row is in, and which rows are duplicates.</summary>
public sealed class RowHash(IReadOnlyList<string> columns)
{
    private readonly int[] order = [.. Enumerable.Range(0, columns.Count).OrderBy(i => columns[i], StringComparer.Ordinal)];

    /// <summary>The hash of one field.</summary>
    public static ulong OfField(ReadOnlySpan<byte> field) => XxHash3.HashToUInt64(field);

    /// <summary>The hash of the reader's current row.</summary>
    public ulong Of(CsvReader row)
    {
        ulong hash = 0;
        foreach (var column in order) hash = Mix(hash, OfField(row.Field(column)));
        return hash;
    }

    /// <summary>The hashes of a block's rows, whose fields' hashes are known.</summary>
    /// <param name="block">Its columns are in the order of this hash's.</param>
    /// <param name="rows">One a row.</param>
    internal void Of(RowBlock block, Span<ulong> rows)
    {
        rows.Clear();
        foreach (var column in order)
        {
            var fields = block.Hashes(column);
            for (var i = 0; i < rows.Length; i++) rows[i] = Mix(rows[i], fields[i]);
        }
    }

    private static ulong Mix(ulong hash, ulong field) => BitOperations.RotateLeft((hash ^ field) * 0x9E37_79B9_7F4A_7C15, 29);
}
