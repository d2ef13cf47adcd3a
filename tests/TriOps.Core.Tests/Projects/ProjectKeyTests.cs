using System.Text.RegularExpressions;
using TriOps.Core.Projects;

namespace TriOps.Core.Tests.Projects;

/// <summary>Who is told to change a key of triops.yaml finds it there.</summary>
public sealed partial class ProjectKeyTests
{
    private static readonly HashSet<string> Known = [.. ProjectKeys.Parts.Values.SelectMany(p => p)];

    /// <summary>Where the next words say that a quoted one is a key, it is one of those that the parser knows, by its constant.</summary>
    [Fact]
    public void Messages_ThatNameAKey_TakeItFromTheOnePlace()
    {
        var strays = from file in Directory.EnumerateFiles(Path.Combine(Root(), "src"), "*.cs", SearchOption.AllDirectories)
                     where !file.Contains("obj" + Path.DirectorySeparatorChar, StringComparison.Ordinal)
                     from Match match in KeyInAMessage().Matches(File.ReadAllText(file))
                     where !match.Groups[1].Value.StartsWith("{ProjectKey.", StringComparison.Ordinal)
                     select $"{Path.GetFileName(file)}: {match.Value}";
        Assert.Empty(strays);
    }

    [Fact]
    public void Constants_AreKeysThatTheParserKnows() =>
        Assert.All(typeof(ProjectKey).GetFields().Select(f => (string)f.GetRawConstantValue()!), key => Assert.Contains(key, Known));

    [GeneratedRegex(@"'([^' ]+)' (in|of) (triops\.yaml|the (pipeline|search))")]
    private static partial Regex KeyInAMessage();

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Functions.sln"))) folder = folder.Parent;
        return folder.FullName;
    }
}
