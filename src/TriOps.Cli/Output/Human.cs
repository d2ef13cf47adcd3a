using System.Globalization;
using Spectre.Console;

namespace TriOps.Cli.Output;

/// <summary>How values are written, the same in every command.</summary>
internal static class Human
{
    /// <summary>Text from outside, safe inside markup: control characters become spaces.</summary>
    public static string Text(object? value) =>
        Markup.Escape(
            string.Concat((Convert.ToString(value, CultureInfo.InvariantCulture) ?? "").Select(c => char.IsControl(c) ? ' ' : c)));

    /// <summary>Four significant digits, or as many as stand before the point; at most four behind it.</summary>
    public static string Number(double value) => value.ToString(Math.Abs(value) switch
    {
        >= 1e9 or (< 1e-4 and > 0) => "0.###e-0",
        >= 1000 => "0",
        >= 1 => "G4",
        _ => "0.####",
    }, CultureInfo.InvariantCulture);

    /// <summary>A probability under a hypothesis: "0.12", "2e-49".</summary>
    public static string PValue(double value) => value.ToString(value is > 0 and < 1e-3 ? "0e-0" : "0.###", CultureInfo.InvariantCulture);

    /// <summary>The first digits of a content id, which is 64 long; anything else as it is.</summary>
    public static string Short(string id) => id.Length == 64 && id.All(char.IsAsciiHexDigit) ? id[..12] : id;

    /// <summary>1,024 → "1.0 KiB".</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1 << 10 => $"{bytes} B",
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.00} GiB"),
    };

    /// <summary>A stretch of time: "0.4 s", "2 min 05 s".</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds:00} s");

    /// <summary>A time, in UTC.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
