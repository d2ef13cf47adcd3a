using System.Globalization;
using TriOps.Core.Names;

namespace TriOps.Core.Projects.Yaml;

/// <summary>A part of the project file: a map whose keys are known. Every getter reports what is wrong and returns something usable, so
/// that reading goes on and all mistakes are found.</summary>
internal sealed class Part
{
    private readonly Dictionary<string, YamlNode> values = new(StringComparer.Ordinal);
    private readonly YamlNode node;
    private readonly string kind;

    /// <param name="node">The map, or null when the part is left out.</param>
    /// <param name="within">What an absent part is reported at.</param>
    /// <param name="path">Its place, for messages.</param>
    /// <param name="kind">A key of <see cref="ProjectKeys.Parts"/>.</param>
    /// <param name="mistakes">Collects.</param>
    public Part(YamlNode? node, YamlNode within, string path, string kind, Mistakes mistakes)
    {
        (this.node, this.kind, Path, Mistakes) = (node ?? within, kind, path, mistakes);
        if (node is null or YamlScalar { IsNull: true }) return;
        if (node is not YamlMap map)
        {
            mistakes.Add(node, path, $"expected keys and values ({string.Join(", ", Keys)}), found {Describe(node)}.");
            return;
        }
        foreach (var (key, value) in map.Entries)
            if (Keys.Contains(key.Text)) values.Add(key.Text, value);
            else mistakes.Add(key, path,
                $"unknown key '{key.Text}'.{NearestName.Hint(key.Text, Keys)} Known here: {string.Join(", ", Keys)}.");
    }

    /// <summary>Where this part is: "pipelines.diagnosis".</summary>
    public string Path { get; }

    /// <summary>Collects what is wrong.</summary>
    public Mistakes Mistakes { get; }

    private IReadOnlyList<string> Keys => ProjectKeys.Parts[kind];

    /// <summary>The node under a key, or null when it is absent or null.</summary>
    public YamlNode? Node(string key)
    {
        if (!Keys.Contains(key)) throw new InvalidOperationException($"'{key}' is not among the keys of '{kind}'.");
        return values.GetValueOrDefault(key) is { } found and not YamlScalar { IsNull: true } ? found : null;
    }

    /// <summary>The place of a key, for messages.</summary>
    public string At(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    /// <summary>Reports a mistake at a key's value, or at this part when it is absent.</summary>
    public void Report(string key, string text) => Mistakes.Add(values.GetValueOrDefault(key) ?? node, At(key), text);

    /// <summary>The part under a key.</summary>
    public Part Inner(string key) => new(Node(key), node, At(key), kind.Length == 0 ? key : $"{kind}.{key}", Mistakes);

    /// <summary>The entries of a map whose keys the user chooses.</summary>
    public IReadOnlyList<(YamlScalar Key, YamlNode Value)> Entries(string key)
    {
        var found = Node(key);
        if (found is YamlMap map) return map.Entries;
        if (found is not null) Report(key, $"expected names with values below them, found {Describe(found)}.");
        return [];
    }

    /// <summary>A text, or null when absent.</summary>
    public string? Text(string key) => Node(key) is { } found ? Text(found, At(key)) : null;

    /// <summary>A text that must be there.</summary>
    public string RequiredText(string key, string example)
    {
        if (Text(key) is { Length: > 0 } text) return text;
        if (Node(key) is null or YamlScalar) Report(key, $"'{key}' is missing. Add it, for example: {key}: {example}");
        return "";
    }

    /// <summary>A list of texts; empty when absent.</summary>
    public IReadOnlyList<string> Texts(string key) => Node(key) is { } found ? Texts(found, At(key)) ?? [] : [];

    /// <summary>A list of texts, or null when absent.</summary>
    public IReadOnlyList<string>? TextsOrNull(string key) => Node(key) is { } found ? Texts(found, At(key)) : null;

    /// <summary>A whole number within a range.</summary>
    public int Whole(string key, int otherwise, int min, int max)
    {
        if (Node(key) is not { } found) return otherwise;
        if (found is YamlScalar { Plain: true } s
            && int.TryParse(s.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min
            && number <= max) return number;
        Report(key, $"expected a whole number from {min} to {max}, found {Describe(found)}.");
        return otherwise;
    }

    /// <summary>A finite number within a range, or null when absent.</summary>
    public double? Number(string key, double min = double.MinValue, double max = double.MaxValue) =>
        Node(key) is { } found ? Number(found, At(key), min, max) : null;

    /// <summary>true or false.</summary>
    public bool Flag(string key, bool otherwise)
    {
        if (Node(key) is not { } found) return otherwise;
        if (found is YamlScalar { Plain: true, Text: "true" or "false" } s) return s.Text == "true";
        Report(key, $"expected true or false, found {Describe(found)}.");
        return otherwise;
    }

    /// <summary>A duration, or null when absent.</summary>
    public TimeSpan? Time(string key)
    {
        if (Node(key) is not { } found) return null;
        if (found is YamlScalar s && Duration.TryParse(s.Text, out var duration)) return duration;
        Report(key, $"expected a duration like 30s, 10m, 2h or 1d (at most {Duration.Max.Days}d), found {Describe(found)}.");
        return null;
    }

    /// <summary>One of a few words, or null when absent or wrong.</summary>
    public string? Word(string key, IReadOnlyList<string> words)
    {
        if (Text(key) is not { } text) return null;
        if (words.Contains(text)) return text;
        Report(key, $"'{text}' is not one of {string.Join(", ", words)}.{NearestName.Hint(text, words)}");
        return null;
    }

    /// <summary>A name, or null when absent or wrong.</summary>
    public T? Name<T>(string key) where T : struct, IName<T> => Node(key) is { } found && Text(found, At(key)) is { } text
        ? Name<T>(found, At(key), text) : null;

    /// <summary>The name in <paramref name="text"/>, or null.</summary>
    public T? Name<T>(YamlNode at, string path, string text) where T : struct, IName<T>
    {
        try { return NameRule.Parse<T>(text); }
        catch (FormatException e) { Mistakes.Add(at, path, e.Message); return null; }
    }

    /// <summary>A finite number within a range; null when it is not.</summary>
    public double? Number(YamlNode found, string path, double min = double.MinValue, double max = double.MaxValue)
    {
        if (found is YamlScalar { Plain: true } s
            && double.TryParse(s.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) && number >= min && number <= max) return number;
        var range = min == double.MinValue && max == double.MaxValue ? "" : max == double.MaxValue ? $" of at least {min}"
            : $" from {min} to {max}";
        Mistakes.Add(found, path, string.Create(CultureInfo.InvariantCulture, $"expected a number{range}, found {Describe(found)}."));
        return null;
    }

    /// <summary>A scalar's text; reports and returns null for lists, maps and null.</summary>
    public string? Text(YamlNode found, string path)
    {
        if (found is YamlScalar { IsNull: false } s) return s.Text;
        Mistakes.Add(found, path, $"expected a text, found {Describe(found)}. Quote it if it is meant as text.");
        return null;
    }

    private List<string>? Texts(YamlNode found, string path)
    {
        if (found is YamlList list) return [.. list.Items.Select((item, i) => Text(item, $"{path}[{i}]")).OfType<string>()];
        Mistakes.Add(found, path, $"expected a list like [a, b], found {Describe(found)}.");
        return null;
    }

    /// <summary>A node in a few words, for messages.</summary>
    public static string Describe(YamlNode node) => node switch
    {
        YamlScalar { IsNull: true } => "nothing",
        YamlScalar s => $"'{(s.Text.Length > 60 ? s.Text[..60] + "…" : s.Text)}'",
        YamlList => "a list",
        _ => "keys and values",
    };
}
