using NetArchTest.Rules;
using TriOps.Core;

namespace TriOps.Architecture.Tests;

/// <summary>docs/architecture.md, held against what was built.</summary>
public sealed class ArchitectureTests
{
    public static TheoryData<string> Names => [.. RoomTable.Rooms.Select(r => r.Name)];

    [Fact]
    public void Table_NamesEveryRoomOnce() =>
        Assert.Equal(Directory.EnumerateDirectories(Path.Combine(Built.Root, "src")).Select(d => Path.GetFileName(d)!).Append("functions")
            .Order(StringComparer.Ordinal),
            RoomTable.Rooms.Select(r => r.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void Room_ReferencesNothingElse(string name) =>
        Assert.Empty(Built.References(name).Except(RoomTable.Rooms.Single(r => r.Name == name).MayReference));

    /// <summary>A permission that nobody uses is one that nobody thought about.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Room_UsesWhatItMay(string name) =>
        Assert.Empty(RoomTable.Rooms.Single(r => r.Name == name).MayReference.Except(Built.References(name)));

    [Fact]
    public void Rooms_HaveNoCircle() =>
        Assert.Empty(
            Circles.Of(RoomTable.Rooms.ToDictionary(r => r.Name.Replace("TriOps.", "", StringComparison.Ordinal), r => r.MayReference)));

    /// <summary>Among the folders of Core, each a namespace.</summary>
    [Fact]
    public void CoresFolders_HaveNoCircle()
    {
        var core = typeof(CoreServices).Assembly;
        var root = typeof(CoreServices).Namespace + ".";
        var folders = core.GetTypes().Select(t => t.Namespace).OfType<string>().Where(n => n.StartsWith(root, StringComparison.Ordinal))
            .Select(n => root + n[root.Length..].Split('.')[0]).Distinct().ToList();
        Assert.Contains("TriOps.Core.Projects", folders);
        var graph =
            folders.ToDictionary(f => f, f => (IReadOnlyList<string>)[.. folders.Where(other => other != f && DependsOn(f, other))]);
        Assert.Contains("TriOps.Core.Storage", graph["TriOps.Core.Projects"]); // The graph has its arrows.
        Assert.Empty(Circles.Of(graph));

        bool DependsOn(string from, string to) =>
            !Types.InAssembly(core).That().ResideInNamespace(from).ShouldNot().HaveDependencyOnAny(to).GetResult().IsSuccessful;
    }

    [Fact]
    public void Circles_OfACircle_AreFound() => Assert.Equal(["a -> b", "b -> a"],
        Circles.Of(new Dictionary<string, IReadOnlyList<string>> { ["a"] = ["b", "d"], ["b"] = ["a"], ["c"] = ["a"], ["d"] = [] }));
}
