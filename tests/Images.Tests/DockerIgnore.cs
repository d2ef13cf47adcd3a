using System.Text.RegularExpressions;

namespace TriOps.Images.Tests;

/// <summary>What reaches a build: .dockerignore's rules, the last that fits a path or one of its folders decides.</summary>
/// <remarks>Source: docs.docker.com, "Build context", .dockerignore: Go's filepath.Match with ** for any folders and ! for
/// exceptions.</remarks>
internal sealed class DockerIgnore(IEnumerable<string> lines)
{
    private readonly List<(bool Keeps, Regex Pattern)> rules = [.. lines.Select(l => l.Trim()).Where(l => l is not ("" or ['#', ..]))
        .Select(l => (l[0] == '!', Pattern(l.TrimStart('!').Trim('/'))))];

    public static DockerIgnore OfRepository { get; } = new(File.ReadLines(Path.Combine(Repository.Root, ".dockerignore")));

    public bool Passes(string path) => rules.LastOrDefault(r => r.Pattern.IsMatch(path)) is not (false, not null);

    private static Regex Pattern(string glob) =>
        new("^" + Regex.Escape(glob).Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal).Replace(@"\*\*", ".*", StringComparison.Ordinal)
        .Replace(@"\*", "[^/]*", StringComparison.Ordinal).Replace(@"\?", "[^/]", StringComparison.Ordinal) + "(/.*)?$");
}
