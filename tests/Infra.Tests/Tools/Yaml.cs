using YamlDotNet.RepresentationModel;

namespace TriOps.Infra.Tests.Tools;

/// <summary>Reading YAML files of this repository.</summary>
internal static class Yaml
{
    /// <summary>A file's only document.</summary>
    public static YamlMappingNode Read(params string[] path)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(Repository.Read(path));
        stream.Load(reader);
        return Assert.IsType<YamlMappingNode>(Assert.Single(stream.Documents).RootNode);
    }

    /// <summary>The keys, in order.</summary>
    public static IReadOnlyList<string> Keys(this YamlMappingNode map) => [.. map.Children.Keys.Select(k => ((YamlScalarNode)k).Value!)];

    /// <summary>What is under a key, or null.</summary>
    public static YamlNode? Find(this YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var value)
        ? value : null;

    /// <summary>The map under a key.</summary>
    public static YamlMappingNode Map(this YamlMappingNode map, string key) => Assert.IsType<YamlMappingNode>(map.Find(key));

    /// <summary>The text under a key, or null.</summary>
    public static string? Text(this YamlMappingNode map, string key) => map.Find(key) is { } found
        ? Assert.IsType<YamlScalarNode>(found).Value : null;

    /// <summary>The items of the list under a key; none where there is no such key.</summary>
    public static IReadOnlyList<YamlNode> List(this YamlMappingNode map, string key) => map.Find(key) is { } found
        ? [.. Assert.IsType<YamlSequenceNode>(found).Children] : [];
}
