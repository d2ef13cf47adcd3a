using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using TriOps.Core;
using TriOps.Data.Csv;

namespace TriOps.Data.Tests.Csv;

public sealed class CsvReaderTests
{
    private static async Task<(IReadOnlyList<string> Header, List<string[]> Rows, List<long> Lines)> ReadAsync(byte[] bytes,
        int readSize = int.MaxValue, CsvLimits? limits = null)
    {
        using var reader = await CsvReader.OpenAsync(new SlowStream(bytes, readSize), "t.csv", default, limits);
        var (rows, lines) = (new List<string[]>(), new List<long>());
        while (await reader.ReadAsync(default))
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => Encoding.UTF8.GetString(reader.Field(i)))]);
            lines.Add(reader.Line);
        }
        return (reader.Header, rows, lines);
    }

    private static async Task<InvalidInputException> FaultAsync(byte[] bytes) =>
        await Assert.ThrowsAsync<InvalidInputException>(() => ReadAsync(bytes));

    [Fact]
    public async Task Read_QuotesBreaksAndBothLineEnds_GivesTheFields()
    {
        var (header, rows, lines) = await ReadAsync("\uFEFFa,\"b b\",c\r\n1,\"x, \"\"y\"\"\nz\",\n\n\"\",é,\"3\"\r\n"u8.ToArray());
        Assert.Equal(["a", "b b", "c"], header);
        Assert.Equal(["1", "x, \"y\"\nz", ""], rows[0]);
        Assert.Equal(["", "é", "3"], rows[1]);
        Assert.Equal([2, 5], lines);
    }

    [Fact]
    public async Task Read_NoLineEndAtTheEnd_GivesTheLastRow()
    {
        Assert.Equal([["1", "2"]], (await ReadAsync("a,b\n1,2"u8.ToArray())).Rows);
        Assert.Equal([["1", "2\""]], (await ReadAsync("a,b\n1,\"2\"\"\""u8.ToArray())).Rows);
        Assert.Equal([["1", ""]], (await ReadAsync("a,b\r\n1,"u8.ToArray())).Rows);
        Assert.Empty((await ReadAsync("a,b"u8.ToArray())).Rows);
    }

    [Theory]
    [InlineData("", "csv-empty", "the file is empty (0 bytes)")]
    [InlineData("\n\n", "csv-empty", "no header and no rows")]
    [InlineData("a,b\n1\n", "csv-ragged", "line 2 has 1 fields where the header has 2")]
    [InlineData("a,b\n1,\"x\ny\"\n1,2,3\n", "csv-ragged", "line 4 has 3 fields where the header has 2")]
    [InlineData("a,b\n1,x\"y\n", "csv-quote", "line 2, column 'b': a quote stands within a text that is not quoted")]
    [InlineData("a,b\n1,\"x\"y\n", "csv-quote", "line 2, column 'b': there is text after a closing quote")]
    [InlineData("a,b\n1,\"xy\n2,3\n", "csv-quote", "the row that starts on line 2, column 'b', is never closed")]
    [InlineData("a,,c\n", "csv-header", "column 2 has no name")]
    [InlineData("a,b,a\n", "csv-header", "columns 1 and 3 are both named 'a'")]
    [InlineData("a;b;c\n1;2;3\n", "csv-delimiter", "with ';' in it. Separate columns with commas.")]
    [InlineData("a\tb\n1\t2\n", "csv-delimiter", "with 'tab' in it")]
    [InlineData("a,b\r1,2\r", "csv-line-ends", "a carriage return alone")]
    [InlineData("a,b\n1,\0\n", "csv-binary", "a NUL byte at offset 6 (line 2)")]
    [InlineData("PK\u0003\u0004 zipped", "csv-binary", "a ZIP archive or an Excel workbook")]
    public async Task Read_Malformed_SaysWhereAndWhatToDo(string text, string code, string message)
    {
        var fault = await FaultAsync(Encoding.UTF8.GetBytes(text));
        Assert.Equal(code, fault.Code);
        Assert.Contains(message, fault.Message);
        Assert.StartsWith("t.csv: ", fault.Message);
    }

    [Fact]
    public async Task Read_Utf16_IsNamed()
    {
        Assert.Contains("UTF-16", (await FaultAsync([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("a,b\n")])).Message);
        Assert.Contains("UTF-16 without a byte order mark", (await FaultAsync(Encoding.Unicode.GetBytes("a,b\n1,2\n"))).Message);
        Assert.Contains("UTF-16BE", (await FaultAsync(Encoding.BigEndianUnicode.GetBytes("a,b\n1,2\n"))).Message);
        Assert.Contains("UTF-32", (await FaultAsync([.. Encoding.UTF32.Preamble, .. Encoding.UTF32.GetBytes("a,b\n")])).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300_000)]
    public async Task Read_Latin1_NamesTheByteItsOffsetAndLine(int rowsBefore)
    {
        var good = Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Repeat("é,2\n", rowsBefore)));
        var fault = await FaultAsync([.. good, .. Encoding.Latin1.GetBytes("1,caf\u00e9\n")]);
        Assert.Equal("csv-encoding", fault.Code);
        Assert.Contains($"byte 0xE9 at offset {good.Length + 5:N0} (line {rowsBefore + 2:N0}) is not UTF-8", fault.Message);
    }

    [Fact]
    public async Task Read_CharacterCutAtTheEnd_IsRefused() =>
        Assert.Equal("csv-encoding", (await FaultAsync([.. "a,b\n1,"u8, 0xE2, 0x82])).Code);

    [Fact]
    public async Task Read_AMillionColumns_IsRefusedAtTheLimit()
    {
        var fault = await FaultAsync(Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => $"c{i}")) + "\n"));
        Assert.Equal("csv-too-many-columns", fault.Code);
        Assert.Contains("more than 4,096 columns", fault.Message);
    }

    [Fact]
    public async Task Read_TenMegabyteCell_IsRefusedWithItsPlace()
    {
        var bytes = Encoding.UTF8.GetBytes("a,b\n1,2\n3,\"" + new string('x', 10_000_000) + "\"\n");
        var fault = await FaultAsync(bytes);
        Assert.Equal("csv-cell-too-long", fault.Code);
        Assert.Contains("line 3, column 'b': the field is longer than 1,048,576 bytes", fault.Message);
    }

    [Fact]
    public async Task Read_LongestCellAllowed_IsRead()
    {
        var cell = new string('x', (1 << 20) - 2);
        Assert.Equal(cell, (await ReadAsync(Encoding.UTF8.GetBytes($"a,b\n1,\"{cell}\"\n"))).Rows[0][1]);
    }

    [Fact]
    public async Task Read_RowLongerThanTheLimit_IsRefused()
    {
        var bytes = Encoding.UTF8.GetBytes("a,b,c\n" + string.Join(',', Enumerable.Repeat(new string('x', 900_000), 3)) + "\n");
        Assert.Equal("csv-row-too-long",
            (await Assert.ThrowsAsync<InvalidInputException>(() => ReadAsync(bytes, limits: new CsvLimits(MaxRow: 1 << 20)))).Code);
    }

    [Property(MaxTest = 200)]
    public void Read_WhatWasWritten_ComesBackWhateverTheReadSizes(PositiveInt columns, PositiveInt readSize)
    {
        var width = columns.Get % 6 + 1;
        var random = new Random(columns.Get * 7919 + readSize.Get);
        string[] pieces = ["", "a", "1.5", "\"", "\"\"", ",", "\n", "\r\n", " ", "é", "😀", "x,y", "long " + new string('z', 100)];
        string Cell() => string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => pieces[random.Next(pieces.Length)]));
        var rows = Enumerable.Range(0, random.Next(60)).Select(_ => Enumerable.Range(0, width).Select(_ => Cell()).ToArray()).ToList();
        using var text = new StringWriter();
        CsvRow.Write(text, [.. Enumerable.Range(0, width).Select(i => $"c{i}")]);
        foreach (var row in rows) CsvRow.Write(text, row);

        var read = ReadAsync(Encoding.UTF8.GetBytes(text.ToString()), readSize.Get % 97 + 1).GetAwaiter().GetResult().Rows;

        Assert.Equal(rows.Count, read.Count);
        for (var i = 0; i < rows.Count; i++) Assert.Equal(rows[i], read[i]);
    }

    [Fact]
    public async Task Read_RowsAcrossManyBuffers_KeepsEveryRowAndLine()
    {
        using var text = new StringWriter();
        CsvRow.Write(text, ["id", "note"]);
        for (var i = 0; i < 60_000; i++) CsvRow.Write(text, [$"{i}", i % 7 == 0 ? $"\"{i}\",\nnext" : $"plain {i}"]);
        var (_, rows, lines) = await ReadAsync(Encoding.UTF8.GetBytes(text.ToString()), 10_007);
        Assert.Equal(60_000, rows.Count);
        for (var i = 0; i < rows.Count; i++) Assert.Equal([$"{i}", i % 7 == 0 ? $"\"{i}\",\nnext" : $"plain {i}"], rows[i]);
        Assert.Equal(2 + 59_999 + 59_999 / 7 + 1, lines[^1]);
    }

    /// <summary>Gives out at most so many bytes at a time.</summary>
    private sealed class SlowStream(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, most)], cancellationToken);
    }
}
