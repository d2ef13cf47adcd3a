using System.Globalization;
using System.Text.Json;
using TriOps.Cli.Api;
using TriOps.Core;
using TriOps.Core.Models;
using TriOps.Core.Signatures;

namespace TriOps.Cli.Data;

/// <summary>Rows as a model takes them: numbers as numbers.</summary>
internal static class ModelRows
{
    /// <summary>Every column of a row, as it is sent: what the model does not know, the host refuses by name.</summary>
    public static IReadOnlyDictionary<string, object?> Whole(TableSignature signature, IReadOnlyDictionary<string, string?> row) =>
        row.ToDictionary(c => c.Key, c => signature.Numbers.Contains(c.Key) && c.Value is { } text && Number(text) is { } number ? number
            : (object?)c.Value);

    /// <summary>The model's features alone. A number that does not parse stays text, so that the host can say what is wrong with
    /// it.</summary>
    public static IReadOnlyDictionary<string, object?> ForPredict(TableSignature signature, IReadOnlyDictionary<string, string?> row)
    {
        var values = new Dictionary<string, object?>();
        foreach (var name in signature.Numbers)
            if (row.TryGetValue(name, out var text)) values[name] = text is null ? null : Number(text) is { } number ? number : text;
        foreach (var name in signature.Categories)
            if (row.TryGetValue(name, out var text)) values[name] = text;
        return values;
    }

    /// <summary>Rows as tensors of the Open Inference Protocol: "numbers" FP32 [N, n] and "categories" BYTES [N, c], those that have
    /// columns.</summary>
    public static IReadOnlyList<OipTensor> ForInfer(TableSignature signature, IReadOnlyList<IReadOnlyDictionary<string, string?>> rows)
    {
        var tensors = new List<OipTensor>();
        if (signature.Numbers.Count > 0)
            tensors.Add(
                new("numbers", [rows.Count, signature.Numbers.Count], "FP32",
                Json(rows.SelectMany(r => signature.Numbers.Select(n => r.GetValueOrDefault(n) is { } t ? Number(t) : null)))));
        if (signature.Categories.Count > 0)
            tensors.Add(
                new("categories", [rows.Count, signature.Categories.Count], "BYTES",
                Json(rows.SelectMany(r => signature.Categories.Select(n => r.GetValueOrDefault(n) ?? "")))));
        return tensors;
    }

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number) ? number
        : text.ToLowerInvariant() switch { "true" or "yes" => 1, "false" or "no" => 0, _ => null };

    private static JsonElement Json<T>(IEnumerable<T> values) => JsonSerializer.SerializeToElement(values.ToArray(), TriOpsJson.Options);
}
