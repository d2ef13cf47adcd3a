using System.Globalization;

namespace TriOps.Serving.Predictions;

/// <summary>Numbers written as text, as CSV files have them.</summary>
internal static class NumberText
{
    /// <summary>"1.5", "-2e3", "NaN" and "" (missing: NaN), and the truth values true/false and yes/no in any case.</summary>
    public static bool TryParse(string text, out float value)
    {
        if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)) return true;
        value = text.Trim().ToLowerInvariant() switch
            { "" => float.NaN, "true" or "yes" => 1, "false" or "no" => 0, _ => float.NegativeInfinity };
        return !float.IsNegativeInfinity(value);
    }
}
