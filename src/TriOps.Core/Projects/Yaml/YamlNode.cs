namespace TriOps.Core.Projects.Yaml;

/// <summary>A node of a YAML text, with where it stands.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
internal abstract record YamlNode(long Line, long Column);

/// <summary>A single value.</summary>
/// <param name="Text">As written, without quotes.</param>
/// <param name="Plain">True when it was not quoted: only then may it mean a number, a boolean or nothing.</param>
internal sealed record YamlScalar(string Text, bool Plain, long Line, long Column) : YamlNode(Line, Column)
{
    /// <summary>The core schema's null: empty, "~" or "null".</summary>
    public bool IsNull => Plain && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A sequence.</summary>
internal sealed record YamlList(IReadOnlyList<YamlNode> Items, long Line, long Column) : YamlNode(Line, Column);

/// <summary>A mapping; keys are scalars and no key occurs twice.</summary>
internal sealed record YamlMap(IReadOnlyList<(YamlScalar Key, YamlNode Value)> Entries, long Line, long Column) : YamlNode(Line, Column);
