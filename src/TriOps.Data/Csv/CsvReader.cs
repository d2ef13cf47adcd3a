using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TriOps.Core;

namespace TriOps.Data.Csv;

/// <summary>Reads a CSV table as a stream, row by row, in memory that does not grow with the file. RFC 4180: comma, double quotes doubled
/// within quotes, CRLF or LF, line breaks within quotes; the first row is the header. UTF-8, with or without a byte order mark. Blank lines
/// are skipped.</summary>
/// <remarks>Commas, quotes and line feeds are found 64 bytes at a time. Fields are UTF-8 spans into the reader's buffer: valid until the
/// next read. Every fault is an <see cref="InvalidInputException"/> that names the file and the line, and says what to do.</remarks>
public sealed class CsvReader : IDisposable
{
    private const int Pad = 64;
    private readonly Stream stream;
    private readonly string name;
    private readonly CsvLimits limits;
    private readonly CsvText text;
    private byte[] data = new byte[(256 << 10) + Pad];
    private int start, end;                 // The unread bytes are data[start..end].
    private int rowStart;                   // The current row is data[rowStart..start].
    private ulong mask;                     // Separators still to be looked at, among the 64 bytes before maskEnd.
    private int maskEnd;
    private bool ended;
    private (int Start, int Length)[] fields = new (int, int)[64];
    private int columns = -1;
    private bool anyDoubled;
    private long nextLine = 1;

    private CsvReader(Stream stream, string name, CsvLimits limits) =>
        (this.stream, this.name, this.limits, text) = (stream, name, limits, new CsvText(name));

    /// <summary>Opens a table and reads its header.</summary>
    /// <param name="stream">Its bytes; the reader disposes it.</param>
    /// <param name="name">Of the file, for messages.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="limits">What is tolerated.</param>
    /// <exception cref="InvalidInputException">No table: csv-empty, csv-encoding, csv-binary, csv-header, csv-delimiter,
    /// csv-too-many-columns, csv-cell-too-long.</exception>
    public static async Task<CsvReader> OpenAsync(Stream stream, string name, CancellationToken ct, CsvLimits? limits = null)
    {
        var reader = new CsvReader(stream, name, limits ?? new CsvLimits());
        try
        {
            await reader.FillAsync(ct);
            reader.start = reader.text.Begin(reader.data.AsSpan(0, reader.end));
            reader.ResetMask();
            reader.text.Check(reader.data.AsSpan(0, reader.end), reader.start, reader.ended, 1);
            if (!await reader.ReadAsync(ct))
                throw CsvFault.Of("csv-empty", name,
                    "the file holds no header and no rows. Upload a file whose first line names the columns.");
            reader.Header = CsvHeader.Read(reader, name);
            reader.columns = reader.FieldCount;
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>The column names, in file order; none is empty and none occurs twice.</summary>
    public IReadOnlyList<string> Header { get; private set; } = [];

    /// <summary>Fields of the current row; the same in all rows.</summary>
    public int FieldCount { get; private set; }

    /// <summary>The line the current row starts on, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>A field of the current row, without quotes. Valid until the next read.</summary>
    public ReadOnlySpan<byte> Field(int column)
    {
        var (at, length) = fields[column];
        return data.AsSpan(at, length);
    }

    /// <summary>The current row's bytes, doubled quotes undone in place. Valid until the next read.</summary>
    internal ReadOnlySpan<byte> Row => data.AsSpan(rowStart, start - rowStart);

    /// <summary>Where a field lies in <see cref="Row"/>.</summary>
    internal (int Start, int Length) Place(int column) => (fields[column].Start - rowStart, fields[column].Length);

    /// <summary>Moves to the next row; false at the end.</summary>
    /// <exception cref="InvalidInputException">The row is malformed: csv-ragged, csv-quote, csv-encoding, csv-cell-too-long,
    /// csv-row-too-long.</exception>
    public ValueTask<bool> ReadAsync(CancellationToken ct) => TryRead() ? new(true) : ReadMoreAsync(ct);

    /// <summary>Moves to the next row if it is in memory already.</summary>
    public bool TryRead()
    {
        while (start < end)
        {
            Line = nextLine;
            if (!Scan(out var next)) return false;
            var blank = FieldCount == 1 && next - start <= 2 && fields[0].Length == 0 && data[start] is (byte)'\n' or (byte)'\r';
            (rowStart, start) = (start, next);
            if (blank) continue;
            if (FieldCount != columns && columns >= 0)
                throw CsvFault.Of("csv-ragged", name,
                    $"line {Line} has {FieldCount:N0} fields where the header has {columns:N0}. Look for a missing or extra comma, or for "
                    + $"a text with commas that is not quoted.");
            return true;
        }
        return false;
    }

    private async ValueTask<bool> ReadMoreAsync(CancellationToken ct)
    {
        while (!ended)
        {
            var kept = await FillAsync(ct);
            text.Check(data.AsSpan(0, end), kept, ended, nextLine);
            if (TryRead()) return true;
        }
        return start < end && TryRead();
    }

    /// <summary>Finds the row that begins at start; false when its end is not in memory and may still come.</summary>
    private bool Scan(out int next)
    {
        var (from, count, line, quoted) = (start, 0, nextLine, false);
        var doubled = anyDoubled = false;
        ref var bytes = ref MemoryMarshal.GetArrayDataReference(data);
        while (true)
        {
            while (mask == 0)
            {
                if (maskEnd >= end)
                {
                    next = end;
                    if (end - from > limits.MaxCell) throw TooLong(count);
                    if (!ended) { ResetMask(); return false; }
                    if (quoted) throw Unclosed(count);
                    Add(ref count, from, end, doubled);
                    Complete(count, line);
                    return true;
                }
                LoadMask(ref bytes);
            }
            var at = maskEnd - Pad + BitOperations.TrailingZeroCount(mask);
            mask &= mask - 1;
            var c = Unsafe.Add(ref bytes, at);
            if (quoted)
            {
                if (c == '\n') line++;
                if (c != '"') continue;
                if (at + 1 < end && Unsafe.Add(ref bytes, at + 1) == '"')
                {
                    doubled = true;
                    SkipTo(at + 2);
                    continue;
                }
                if (at + 1 >= end && !ended) { next = start; ResetMask(); return false; }
                quoted = false;
                var after = at + 1 < end ? Unsafe.Add(ref bytes, at + 1) : (byte)'\n';
                if (after is (byte)',' or (byte)'\n') continue;
                if (after == '\r' && at + 2 >= end && !ended) { next = start; ResetMask(); return false; }
                if (after == '\r' && (at + 2 >= end || Unsafe.Add(ref bytes, at + 2) == '\n')) continue;
                throw CsvFault.Of("csv-quote", name,
                    $"line {line}, {ColumnName(count)}: there is text after a closing quote. Write a quote within a quoted text "
                    + $"twice (\"\").");
            }
            if (c == '"')
            {
                if (at != from)
                    throw CsvFault.Of("csv-quote", name,
                        $"line {line}, {ColumnName(count)}: a quote stands within a text that is not quoted. Quote the whole field and "
                        + $"write the quote twice (\"\").");
                quoted = true;
                continue;
            }
            var length = at - from;
            if (c == ',' && (uint)count < (uint)Math.Min(fields.Length, limits.MaxColumns) && length <= limits.MaxCell
                && Unsafe.Add(ref bytes, from) != '"')
                fields[count++] = (from, length); // Most fields: not quoted, not the last of a row.
            else Add(ref count, from, at, doubled);
            (from, doubled) = (at + 1, false);
            if (c != '\n') continue;
            next = at + 1;
            Complete(count, line);
            return true;
        }
    }

    private void Add(ref int count, int from, int to, bool doubled)
    {
        if (to > from && data[to - 1] == '\r' && (to == end || data[to] == '\n')) to--;
        if (to - from > limits.MaxCell) throw TooLong(count);
        if (count == limits.MaxColumns)
            throw CsvFault.Of("csv-too-many-columns", name,
                $"line {Line} has more than {limits.MaxColumns:N0} columns. Store wide tables in long form (one row a value), or "
                + $"split the file.");
        if (count == fields.Length) Array.Resize(ref fields, fields.Length * 2);
        if (to - from >= 2 && data[from] == '"') (from, to) = (from + 1, to - 1);
        fields[count++] = (from, doubled ? from - to : to - from); // Negative: doubled quotes are still in it.
        anyDoubled |= doubled;
    }

    /// <summary>Ends a row. Doubled quotes are removed in place; that is safe because a complete row is never scanned again.</summary>
    private void Complete(int count, long line)
    {
        (FieldCount, nextLine) = (count, line + 1);
        if (!anyDoubled) return;
        for (var i = 0; i < count; i++)
        {
            if (fields[i].Length >= 0) continue;
            var (from, to) = (fields[i].Start, fields[i].Start);
            for (var at = from; at < from - fields[i].Length; at++)
            {
                data[to++] = data[at];
                if (data[at] == '"') at++;
            }
            fields[i] = (from, to - from);
        }
        anyDoubled = false;
    }

    private InvalidInputException TooLong(int column) => CsvFault.Of("csv-cell-too-long", name,
        $"line {Line}, {ColumnName(column)}: the field is longer than {limits.MaxCell:N0} bytes. Is a closing quote missing? Keep "
        + $"documents and images in files of their own and their names in the table.");

    private InvalidInputException Unclosed(int column) => CsvFault.Of("csv-quote", name,
        $"the quote opened in the row that starts on line {Line}, {ColumnName(column)}, is never closed. Close it, or write it twice if "
        + $"it is part of the text.");

    private string ColumnName(int index) => index < Header.Count ? $"column '{Header[index]}'" : $"column {index + 1}";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void LoadMask(ref byte bytes)
    {
        var v = Vector512.LoadUnsafe(ref bytes, (nuint)maskEnd);
        mask = (Vector512.Equals(v, Vector512.Create((byte)',')) | Vector512.Equals(v, Vector512.Create((byte)'\n')) | Vector512.Equals(v,
            Vector512.Create((byte)'"'))).ExtractMostSignificantBits();
        maskEnd += Pad;
        if (maskEnd > end) mask &= ulong.MaxValue >> (maskEnd - end);
    }

    private void ResetMask() => (mask, maskEnd) = (0, start);

    /// <summary>Forgets separators before <paramref name="at"/>.</summary>
    private void SkipTo(int at)
    {
        if (at >= maskEnd) (mask, maskEnd) = (0, at);
        else mask &= ulong.MaxValue << (at - (maskEnd - Pad));
    }

    /// <summary>Reads on; returns how many bytes of before are still in front.</summary>
    private async ValueTask<int> FillAsync(CancellationToken ct)
    {
        var kept = end - start;
        if (kept > limits.MaxRow)
            throw CsvFault.Of("csv-row-too-long", name,
                $"the row on line {nextLine} is longer than {limits.MaxRow:N0} bytes. Is a closing quote missing?");
        if (kept > (data.Length - Pad) / 2)
        {
            var larger = new byte[(data.Length - Pad) * 2 + Pad];
            data.AsSpan(start, kept).CopyTo(larger);
            data = larger;
        }
        else data.AsSpan(start, kept).CopyTo(data);
        (start, end) = (0, kept);
        while (end < data.Length - Pad)
        {
            var read = await stream.ReadAsync(data.AsMemory(end, data.Length - Pad - end), ct);
            if (read == 0) { ended = true; break; }
            end += read;
        }
        ResetMask();
        return kept;
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
