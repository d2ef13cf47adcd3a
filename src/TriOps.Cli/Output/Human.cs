using System.Globalization;
using Spectre.Console;

namespace TriOps.Cli.Output;

/// <summary>How values are written, the same in every command.</summary>
internal static class Human
{
    /// <summary>Text from outside, safe inside markup: control characters become spaces.</summary>
    public static string Text(object? value) =>
        Markup.Escape(string.Concat((Convert.ToString(value, CultureInfo.InvariantCulture) ?? "").Select(c => char.IsControl(c) ? ' ' : c)));

    /// <summary>Four significant digits.</summary>
    public static string Number(double value) => value.ToString(Math.Abs(value) is >= 1000 or < 1e-4 and > 0 ? "G4" : "0.####", CultureInfo.InvariantCulture);

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
