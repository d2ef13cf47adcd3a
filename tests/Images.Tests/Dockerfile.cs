using System.Text.Json;
using System.Text.RegularExpressions;

namespace TriOps.Images.Tests;

/// <summary>One instruction.</summary>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Word">FROM, COPY, RUN, … in upper case.</param>
/// <param name="Text">What follows, its continued lines joined.</param>
internal sealed record Instruction(int Line, string Word, string Text)
{
    /// <summary>The flags, --name=value.</summary>
    public IReadOnlyList<string> Flags => [.. Words.TakeWhile(w => w.StartsWith("--", StringComparison.Ordinal))];

    /// <summary>The words behind the flags.</summary>
    public IReadOnlyList<string> Arguments => [.. Words.SkipWhile(w => w.StartsWith("--", StringComparison.Ordinal))];

    /// <summary>The program and its arguments, when they are given as a JSON array and so run without a shell; else null.</summary>
    public IReadOnlyList<string>? ExecForm
    {
        get
        {
            try
            {
                return Text.IndexOf('[', StringComparison.Ordinal) is >= 0 and var at
                    ? JsonSerializer.Deserialize<string[]>(Text[at..]) : null;
            }
            catch (JsonException) { return null; }
        }
    }

    private string[] Words => Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>A stage.</summary>
/// <param name="From">Its base: an image with its tag, or an earlier stage. Variables are left as they are.</param>
/// <param name="Name">Its name, or null.</param>
/// <param name="Instructions">Without the FROM.</param>
internal sealed record Stage(string From, string? Name, IReadOnlyList<Instruction> Instructions)
{
    public IEnumerable<Instruction> Of(string word) => Instructions.Where(i => i.Word == word);
}

/// <summary>A Dockerfile, read.</summary>
/// <remarks>Source: Dockerfile reference (docs.docker.com), without here-documents, ONBUILD and parser directives, which the files must do
/// without.</remarks>
internal sealed record Dockerfile(string Path, IReadOnlyList<Instruction> Global, IReadOnlyList<Stage> Stages)
{
    public static Dockerfile Read(string path) => Parse(path, File.ReadAllLines(System.IO.Path.Combine(Repository.Root, path)));

    public static Dockerfile Parse(string path, IReadOnlyList<string> lines)
    {
        var (global, stages) = (new List<Instruction>(), new List<(string From, string? Name, List<Instruction> All)>());
        for (var i = 0; i < lines.Count; i++)
        {
            if (IsAside(lines[i])) continue;
            var (start, text) = (i, lines[i].Trim());
            while (text.EndsWith('\\'))
            {
                do i++; while (i < lines.Count && IsAside(lines[i]));
                if (i == lines.Count) throw new FormatException($"{path}:{start + 1} continues past the end.");
                text = text[..^1].TrimEnd() + " " + lines[i].Trim();
            }
            if (Regex.Match(text, @"^([A-Za-z]+)\s+(.+)$") is not { Success: true } parts)
                throw new FormatException($"{path}:{start + 1} is no instruction: {text}");
            var instruction = new Instruction(start + 1, parts.Groups[1].Value.ToUpperInvariant(), parts.Groups[2].Value);
            if (instruction.Word == "FROM")
            {
                var words = instruction.Arguments;
                stages.Add((words[0], words.Count == 3 && words[1].Equals("AS", StringComparison.OrdinalIgnoreCase) ? words[2] : null, []));
            }
            else if (stages.Count == 0) global.Add(instruction);
            else stages[^1].All.Add(instruction);
        }
        return new(path, global, [.. stages.Select(s => new Stage(s.From, s.Name, s.All))]);
    }

    /// <summary>The stage of a name.</summary>
    public Stage Named(string name) => Stages.Single(s => s.Name == name);

    /// <summary>What the image is: the last stage, and the stages it stands on, for a value of the argument GPU.</summary>
    public IReadOnlyList<Stage> Final(bool gpu)
    {
        var chain = new List<Stage> { Stages[^1] };
        while (Stages.FirstOrDefault(s => s.Name == chain[^1].From.Replace("${GPU}", gpu ? "true" : "false", StringComparison.Ordinal))
            is { } below) chain.Add(below);
        return chain;
    }

    /// <summary>A base with the defaults of the arguments before the first stage put in.</summary>
    public string Expand(string from) => Global.Select(i => i.Text.Split('=', 2)).Where(a => a.Length == 2)
        .Aggregate(from, (text, argument) => text.Replace($"${{{argument[0]}}}", argument[1], StringComparison.Ordinal));

    private static bool IsAside(string line) => line.TrimStart() is "" or ['#', ..];
}
