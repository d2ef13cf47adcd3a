using TriOps.Core.Datasets;

namespace TriOps.Data.Csv;

/// <summary>Some rows of a table, copied out of the reader so that their columns can be looked at on other threads. Which rows go into
/// which block depends on the table alone.</summary>
internal sealed class RowBlock
{
    /// <summary>Bytes that may be read behind a field's end.</summary>
    public const int Pad = 16;
    private const int MostRows = 4096, MostCells = 1 << 16, FullBytes = 512 << 10;
    private readonly (int Start, int Length)[] cells;
    private readonly ulong[] hashes;
    private readonly long[] lines;
    private readonly int capacity;
    private int used;

    /// <summary>An empty block of a table with this many columns.</summary>
    public RowBlock(int columns)
    {
        capacity = Math.Clamp(MostCells / Math.Max(1, columns), 1, MostRows);
        (cells, hashes, lines, Bytes) =
            (new (int, int)[capacity * columns], new ulong[capacity * columns], new long[capacity], new byte[FullBytes + Pad]);
    }

    /// <summary>Rows in it.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows of the table before it.</summary>
    public long FirstRow { get; private set; }

    /// <summary>The file it came from, for messages.</summary>
    public string File { get; private set; } = "";

    /// <summary>The rows' bytes, and <see cref="Pad"/> more.</summary>
    public byte[] Bytes { get; private set; }

    /// <summary>Where a column's fields lie in <see cref="Bytes"/>, row by row.</summary>
    public ReadOnlySpan<(int Start, int Length)> Column(int column) => cells.AsSpan(column * capacity, Rows);

    /// <summary>Where a column's <see cref="RowHash.OfField"/> go, row by row.</summary>
    public Span<ulong> Hashes(int column) => hashes.AsSpan(column * capacity, Rows);

    /// <summary>A field, without quotes.</summary>
    public ReadOnlySpan<byte> Field(int column, int row)
    {
        var (at, length) = cells[column * capacity + row];
        return Bytes.AsSpan(at, length);
    }

    /// <summary>The line of <see cref="File"/> a row starts on.</summary>
    public long Line(int row) => lines[row];

    /// <summary>Takes the reader's next rows; false when there are none.</summary>
    /// <param name="reader">Is moved behind the last row taken.</param>
    /// <param name="file">Its name.</param>
    /// <param name="order">Per column of the block, its place in the reader's rows.</param>
    /// <param name="firstRow">Rows of the table before the reader's next.</param>
    /// <param name="ct">Cancels.</param>
    public async ValueTask<bool> FillAsync(CsvReader reader, string file, int[] order, long firstRow, CancellationToken ct)
    {
        (Rows, used, File, FirstRow) = (0, 0, file, firstRow);
        while (Rows < capacity && used < FullBytes && (reader.TryRead() || await reader.ReadAsync(ct))) Add(reader, order);
        return Rows > 0;
    }

    private void Add(CsvReader reader, int[] order)
    {
        var row = reader.Row;
        if (used + row.Length + Pad > Bytes.Length)
        {
            var larger = new byte[used + row.Length + Pad];
            Bytes.AsSpan(0, used).CopyTo(larger);
            Bytes = larger;
        }
        row.CopyTo(Bytes.AsSpan(used));
        for (int c = 0, at = Rows; c < order.Length; c++, at += capacity)
        {
            var (start, length) = reader.Place(order[c]);
            cells[at] = (used + start, length);
        }
        lines[Rows++] = reader.Line;
        used += row.Length;
    }
}
