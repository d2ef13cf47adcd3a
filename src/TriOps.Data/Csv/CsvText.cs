using System.Text;
using System.Text.Unicode;
using TriOps.Core;

namespace TriOps.Data.Csv;

/// <summary>Holds a file to being UTF-8 text, block by block, and tells what it is when it is not.</summary>
internal sealed class CsvText(string file)
{
    private long offset;  // In the file, of the next byte to check.
    private int pending;  // Bytes of a character whose end has not been read yet.

    /// <summary>Looks at the first block: where the text begins, after a byte order mark.</summary>
    public int Begin(ReadOnlySpan<byte> block)
    {
        if (block.IsEmpty)
            throw CsvFault.Of("csv-empty", file, "the file is empty (0 bytes). Upload a file whose first line names the columns.");
        if (block.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]) || block.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]))
            throw Encoding("UTF-32", "UTF-32");
        if (block.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || block.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            throw Encoding("UTF-16", "UTF-16");
        var kind = block.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? "gzip data. Unpack it"
            : block.StartsWith("PK\u0003\u0004"u8) ? "a ZIP archive or an Excel workbook. Unpack it, or save the sheet as CSV"
            : block.StartsWith("PAR1"u8) ? "a Parquet file. Convert it to CSV" : null;
        if (kind is not null) throw CsvFault.Of("csv-binary", file, $"this is {kind} before uploading.");
        var zero = block[..Math.Min(block.Length, 1024)].IndexOf((byte)0);
        if (zero >= 0 && zero + 2 < block.Length && block[zero + 1] != 0 && block[zero + 2] == 0)
            throw Encoding("UTF-16 without a byte order mark", zero % 2 == 0 ? "UTF-16BE" : "UTF-16LE", zero);
        var start = block.StartsWith("\uFEFF"u8) ? 3 : 0;
        offset = start;
        return start;
    }

    /// <summary>Checks the bytes from <paramref name="from"/> on.</summary>
    /// <param name="block">The reader's bytes.</param>
    /// <param name="from">The first that is new.</param>
    /// <param name="last">True when none will follow.</param>
    /// <param name="line">The line <paramref name="block"/> begins on.</param>
    public void Check(ReadOnlySpan<byte> block, int from, bool last, long line)
    {
        var begin = from - pending;
        var fresh = block[begin..];
        var zero = fresh.IndexOf((byte)0);
        if (zero >= 0)
            throw CsvFault.Of("csv-binary", file,
                $"there is a NUL byte at offset {offset + zero:N0} (line {LineOf(block, begin + zero, line):N0}): this is no text. Export "
                + $"the table as UTF-8 CSV.");
        pending = last ? 0 : Incomplete(fresh);
        var whole = fresh[..^pending];
        if (!Utf8.IsValid(whole))
        {
            var at = FirstInvalid(whole);
            throw CsvFault.Of("csv-encoding", file,
                $"byte 0x{whole[at]:X2} at offset {offset + at:N0} (line {LineOf(block, begin + at, line):N0}) is not UTF-8. Text saved "
                + $"as Latin-1 or Windows-1252 looks like this: convert it with 'iconv -f WINDOWS-1252 -t UTF-8'.");
        }
        offset += whole.Length;
    }

    /// <summary>How many bytes at the end begin a character that goes on beyond it (0 to 3).</summary>
    private static int Incomplete(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var b = bytes[^back];
            if ((b & 0xC0) == 0x80) continue;
            var length = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : b >= 0xC0 ? 2 : 1;
            return length > back ? back : 0;
        }
        return 0;
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && Rune.DecodeFromUtf8(bytes[at..], out _, out var used) == System.Buffers.OperationStatus.Done)
            at += used;
        return Math.Min(at, bytes.Length - 1);
    }

    private static long LineOf(ReadOnlySpan<byte> block, int at, long line) => line + block[..at].Count((byte)'\n');

    private InvalidInputException Encoding(string encoding, string iconv, int at = 0) => CsvFault.Of("csv-encoding", file,
        $"the text is {encoding} (seen at offset {at}), not UTF-8. Convert it with 'iconv -f {iconv} -t UTF-8'.");
}
