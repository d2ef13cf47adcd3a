using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Deployments;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Serving.Logging;
using TriOps.Serving.Predictions;

namespace TriOps.Serving.Tests;

/// <summary>What is written by hand for speed says what the framework says.</summary>
public sealed class FastPathTests
{
    private static readonly ColumnIndex Columns =
        new(new TableSignature(TaskKind.Binary, "y", ["a", "b", "c \"quoted\""], ["k", "m"], ["no", "yes"],
        new Dictionary<string, IReadOnlyList<string>>()));

    [Theory]
    [InlineData("""{"rows":[{"a":1,"b":-2.5,"k":"left","m":"x y"}]}""")]
    [InlineData("""{"rows": [{"a": 1, "b": -2.5, "k": "left"}]}""")]
    [InlineData("{\n  \"rows\": [\n    { \"b\": 0.1, \"m\": null }\n  ]\n}\n")]
    [InlineData("""{"rows":[{"a":0}]}""")]
    [InlineData("""{"rows":[{"a":-0.0,"b":123456789012345678901234567890}]}""")]
    [InlineData("""{"rows":[{"a":0.30000000000000004,"b":16777217}]}""")]
    [InlineData("""{"rows":[{"m":""}]}""")]
    public void Compact_WhatItReads_IsWhatTheWholeReaderReads(string body)
    {
        var compact = CompactRows.TryRead(Encoding.UTF8.GetBytes(body), Columns);
        Assert.NotNull(compact);
        var whole = RowsReader.ReadWhole(Encoding.UTF8.GetBytes(body), Columns);
        Assert.Equal(whole.Numbers.Select(BitConverter.SingleToInt32Bits), compact.Numbers.Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(whole.Categories, compact.Categories);
        Assert.Equal(whole.Count, compact.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"rows":[]}""")]
    [InlineData("""{"rows":[{}]}""")]
    [InlineData("""{"rows":[{"a":1},{"a":2}]}""")]
    [InlineData("""{"rows":[{"b":1,"a":2}]}""")]
    [InlineData("""{"rows":[{"a":1,"a":2}]}""")]
    [InlineData("""{"rows":[{"a":1,}]}""")]
    [InlineData("""{"rows":[{"a":1,"m":"x",}]}""")]
    [InlineData("""{"rows":[{"a":01}]}""")]
    [InlineData("""{"rows":[{"a":1.}]}""")]
    [InlineData("""{"rows":[{"a":.5}]}""")]
    [InlineData("""{"rows":[{"a":+1}]}""")]
    [InlineData("""{"rows":[{"a":-}]}""")]
    [InlineData("""{"rows":[{"a":1e5}]}""")]
    [InlineData("""{"rows":[{"a":"1"}]}""")]
    [InlineData("""{"rows":[{"a":true}]}""")]
    [InlineData("""{"rows":[{"a":nullx}]}""")]
    [InlineData("""{"rows":[{"a":1}]}x""")]
    [InlineData("""{"rows":[{"a":1}],"more":1}""")]
    [InlineData("""{"rows":[{"a":1}""")]
    [InlineData("""{"rows":[{"a":1""")]
    [InlineData("""{"rows":[{"c \"quoted\"":1}]}""")]
    [InlineData("""{"rows":[{"k":"a\nb"}]}""")]
    [InlineData("""{"rows":[{"k":"ä"}]}""")]
    [InlineData("""{"rows":[{"k":"open}]}""")]
    [InlineData("""{"rows":[{"a":1000000000000000000000000000000000000000}]}""")]
    public void Compact_AnythingElse_IsLeftToTheWholeReader(string body) =>
        Assert.Null(CompactRows.TryRead(Encoding.UTF8.GetBytes(body), Columns));

    [Fact]
    public void Compact_RandomNumbers_AreRoundedAsTheFrameworkRounds()
    {
        var random = new Random(11);
        for (var i = 0; i < 200_000; i++)
        {
            var text = (i % 5) switch
            {
                0 => random.NextSingle().ToString("R", CultureInfo.InvariantCulture),
                1 => ((decimal)random.NextInt64(1L << 60) / (decimal)Math.Pow(10, random.Next(0, 20)))
                .ToString(CultureInfo.InvariantCulture),
                2 => $"{random.Next(100_000)}.{random.Next(1000):D3}",
                3 => Midpoint(random).ToString("F20", CultureInfo.InvariantCulture).TrimEnd('0').TrimEnd('.'),
                _ => $"-{random.NextInt64()}",
            };
            var expected = float.Parse(text, CultureInfo.InvariantCulture);
            var at = 0;
            if (text.Contains('E', StringComparison.Ordinal)) continue;
            Assert.True(JsonNumber.TryRead(Encoding.UTF8.GetBytes(text + "}"), ref at, out var value), text);
            Assert.True(BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(value),
                $"{text}: {expected:R} {value:R}");
            Assert.Equal(text.Length, at);
        }

        // Between two floats, where one rounding and two may differ.
        static double Midpoint(Random random) =>
            BitConverter.Int64BitsToDouble((BitConverter.DoubleToInt64Bits(1 + random.NextDouble()) & ~0x1FFFFFFFL) | 0x10000000L)
            * (1 << random.Next(0, 12));
    }

    [Fact]
    public void Numbers_Formatted_AreTheFrameworksText()
    {
        var random = new Random(13);
        Span<byte> text = stackalloc byte[NumberWriter.Longest];
        foreach (var special in (float[])[0, -0f, 1, -1, 0.1f, 0.25f, 1e-4f, 9.9e-5f, 1e7f, 9999999f, 16777216f, 1e-30f, -3.4028235e38f,
            float.Epsilon, 8388608.5f, 0.30000001f, 5.303f, 100f, 1234.5f])
            Check(special, text);
        for (var i = 0; i < 300_000; i++)
            Check((i % 4) switch
            {
                0 => random.NextSingle(),
                1 => random.Next(-1_000_000, 1_000_000) / 1000f,
                2 => BitConverter.Int32BitsToSingle(random.Next()),
                _ => random.Next(0, 20_000_000),
            }, text);
        Assert.Equal("\"NaN\"", Text(float.NaN, text));
        Assert.Equal("\"Infinity\"", Text(float.PositiveInfinity, text));
        Assert.Equal("\"-Infinity\"", Text(float.NegativeInfinity, text));

        static void Check(float value, Span<byte> text)
        {
            if (float.IsFinite(value)) Assert.Equal(JsonSerializer.Serialize(value), Text(value, text));
        }

        static string Text(float value, Span<byte> text) => Encoding.UTF8.GetString(text[..NumberWriter.Format(value, text)]);
    }

    [Fact]
    public void LogLine_OfAnyRecord_IsTheSerialisersLine()
    {
        var at = new DateTimeOffset(2026, 3, 1, 12, 0, 0, 123, TimeSpan.Zero);
        InferenceRecord[] records =
        [
            new("019b0a1c2d3e7f40a1b2c3d4e5f60718", at, 1, 2, [1, float.NaN, -0.5f, 1e20f], ["left", "", "q\"u\\o\u0001té<>"],
                [0.25f, 0.75f], 42),
            new("x", at, 3, 4, [], [], [float.PositiveInfinity, float.NegativeInfinity], 0, "The model failed: \"x\"."),
            new("y", at.AddTicks(7), 3, 4, [.. Enumerable.Range(0, 1000).Select(i => i / 7f)], [], [], 0),
        ];
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        foreach (var record in records)
        {
            json.Reset(buffer);
            LogLine.Write(json, record);
            json.Flush();
            buffer.Write("\n"u8);
        }
        Assert.Equal(Encoding.UTF8.GetString(InferenceLog.Serialize(records)), Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    [Fact]
    public void Ids_AreVersion7OfTheirTimeAndAllDifferent()
    {
        var now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, 123, TimeSpan.Zero);
        var ids = Enumerable.Range(0, 10_000).AsParallel().Select(_ => PredictionId.New(now)).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(ids, id =>
        {
            var guid = Guid.ParseExact(id, "N");
            Assert.Equal((7, now.ToUnixTimeMilliseconds().ToString("x12", CultureInfo.InvariantCulture)), (guid.Version, id[..12]));
            Assert.InRange(guid.Variant, 8, 11);
        });
        Assert.True(string.CompareOrdinal(PredictionId.New(now), PredictionId.New(now.AddMilliseconds(1))) < 0);
    }
}
