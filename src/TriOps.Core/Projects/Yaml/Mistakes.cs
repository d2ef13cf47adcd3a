namespace TriOps.Core.Projects.Yaml;

/// <summary>Everything wrong with a project file, so that one run tells all.</summary>
internal sealed class Mistakes
{
    private const int Shown = 50;
    private readonly List<(long Line, long Column, string Text)> found = [];

    /// <summary>True when something is wrong.</summary>
    public bool Any => found.Count > 0;

    /// <summary>Adds a mistake at a place.</summary>
    /// <param name="line">From 1.</param>
    /// <param name="column">From 1.</param>
    /// <param name="text">What is wrong, with values, and the next move.</param>
    public void Add(long line, long column, string text) => found.Add((line, column, text));

    /// <summary>Adds a mistake at a node; <paramref name="path"/> names it: "pipelines.diagnosis.split".</summary>
    public void Add(YamlNode node, string path, string text) => Add(node.Line, node.Column, path.Length == 0 ? text : $"{path}: {text}");

    /// <summary>The error that lists all of them by line.</summary>
    public InvalidInputException ToException()
    {
        var lines = found.OrderBy(m => m.Line).ThenBy(m => m.Column).Take(Shown)
            .Select(m => $"  line {m.Line}, column {m.Column}: {m.Text}");
        var more = found.Count > Shown ? $"\n  … and {found.Count - Shown} more." : "";
        var head = found.Count == 1 ? "triops.yaml has a mistake:" : $"triops.yaml has {found.Count} mistakes:";
        return new InvalidInputException("project-file-invalid",
            $"{head}\n{string.Join('\n', lines)}{more}\nNothing was changed. Correct the file and apply it again.");
    }
}
