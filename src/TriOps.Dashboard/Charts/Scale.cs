using System.Globalization;

namespace TriOps.Dashboard.Charts;

/// <summary>A linear map from data to pixels, with round ticks.</summary>
public sealed class Scale
{
    private readonly double low, high, start, length;

    /// <summary>Maps [low, high], widened a little when it is a point, to pixels from <paramref name="start"/> to <paramref name="end"/>.
    /// Values that are not finite are left out of the range by the caller.</summary>
    public Scale(double low, double high, double start, double end)
    {
        if (high <= low)
        {
            var pad = low == 0 ? 1 : Math.Abs(low) * 0.1;
            (low, high) = (low - pad, high + pad);
        }
        (this.low, this.high, this.start, length) = (low, high, start, end - start);
    }

    /// <summary>A scale over the finite values given; [0, 1] when there are none.</summary>
    public static Scale Over(IEnumerable<double> values, double start, double end)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0.5).ToList();
        return finite.Count == 1 && finite[0] == 0.5 ? new(0, 1, start, end) : new(finite.Min(), finite.Max(), start, end);
    }

    /// <summary>Pixels, for SVG attributes.</summary>
    public string this[double value] => Pixels(start + (value - low) / (high - low) * length);

    /// <summary>A length in pixels, for SVG attributes.</summary>
    public static string Pixels(double pixels) => Math.Round(pixels, 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>About <paramref name="count"/> values at multiples of 1, 2 or 5 × 10^k.</summary>
    public IReadOnlyList<double> Ticks(int count = 4)
    {
        var raw = (high - low) / count;
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = (raw / magnitude) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 } * magnitude;
        var ticks = new List<double>();
        for (var i = Math.Ceiling(low / step); i * step <= high + step * 1e-9 && ticks.Count < 20; i++) ticks.Add(Math.Round(i * step, 12));
        return ticks;
    }

    /// <summary>A tick's text.</summary>
    public static string Label(double tick) =>
        tick.ToString(Math.Abs(tick) is >= 10_000 or (> 0 and < 0.001) ? "0.##e0" : "0.####", CultureInfo.InvariantCulture);
}
