using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace TriOps.Core.Projects.Yaml;

/// <summary>Reads YAML from strangers into a tree of maps, lists and scalars: one document, limited in size, depth and number of nodes.
/// Anchors, aliases and tags are refused, so that nothing can expand or be constructed.</summary>
internal static class YamlTree
{
    /// <summary>Longest text, in characters.</summary>
    public const int MaxLength = 256 * 1024;
    /// <summary>Deepest nesting.</summary>
    public const int MaxDepth = 16;
    /// <summary>Most nodes.</summary>
    public const int MaxNodes = 20_000;

    /// <summary>The document's root, or null when the text cannot be read; then <paramref name="mistakes"/> says why.</summary>
    public static YamlNode? Read(string yaml, Mistakes mistakes)
    {
        if (yaml.Length > MaxLength)
        {
            mistakes.Add(1, 1,
                $"the text has {yaml.Length:N0} characters; at most {MaxLength:N0} are read. Split the project into several.");
            return null;
        }
        try
        {
            var parser = new Parser(new StringReader(yaml));
            parser.Consume<StreamStart>();
            if (parser.Current is StreamEnd)
            {
                mistakes.Add(1, 1, "the text is empty. 'triops init' writes a commented one to start from.");
                return null;
            }
            parser.Consume<DocumentStart>();
            var budget = MaxNodes;
            var root = Node(parser, 0, ref budget);
            parser.Consume<DocumentEnd>();
            if (parser.Current is not StreamEnd) throw At(parser.Current!, "a second document begins here. Keep one document in a file.");
            return root;
        }
        catch (MistakeException e)
        {
            mistakes.Add(e.Line, e.Column, e.Message);
        }
        catch (YamlException e)
        {
            mistakes.Add(e.Start.Line, e.Start.Column,
                $"this is not YAML: {e.Message.TrimEnd('.')}. Check indentation, quotes and brackets.");
        }
        return null;
    }

    private static YamlNode Node(IParser parser, int depth, ref int budget)
    {
        var current = parser.Current ?? throw new MistakeException(1, 1, "the text ends in the middle of a value.");
        if (depth > MaxDepth) throw At(current, $"values are nested more than {MaxDepth} deep. No part of a project file is.");
        if (--budget < 0) throw At(current, $"there are more than {MaxNodes:N0} values. Split the project into several.");
        if (current is AnchorAlias) throw At(current, "aliases (*name) are not read. Write the value out.");
        if (current is NodeEvent { Anchor.IsEmpty: false }) throw At(current, "anchors (&name) are not read. Remove it.");
        if (current is NodeEvent { Tag.IsEmpty: false }) throw At(current, "tags (!name) are not read. Remove it.");
        switch (current)
        {
            case Scalar scalar:
                parser.MoveNext();
                return new YamlScalar(scalar.Value, scalar.Style == ScalarStyle.Plain, scalar.Start.Line, scalar.Start.Column);
            case SequenceStart start:
                return List(parser, start, depth, ref budget);
            case MappingStart start:
                return Map(parser, start, depth, ref budget);
            default:
                throw At(current, "a value was expected here.");
        }
    }

    private static YamlList List(IParser parser, SequenceStart start, int depth, ref int budget)
    {
        parser.MoveNext();
        var items = new List<YamlNode>();
        while (parser.Current is not SequenceEnd) items.Add(Node(parser, depth + 1, ref budget));
        parser.MoveNext();
        return new YamlList(items, start.Start.Line, start.Start.Column);
    }

    private static YamlMap Map(IParser parser, MappingStart start, int depth, ref int budget)
    {
        parser.MoveNext();
        var entries = new List<(YamlScalar, YamlNode)>();
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        while (parser.Current is not MappingEnd)
        {
            var at = parser.Current!;
            if (Node(parser, depth + 1, ref budget) is not YamlScalar key) throw At(at, "a key must be a plain text.");
            if (!seen.TryAdd(key.Text, key.Line))
                throw At(at, $"the key '{key.Text}' stands here for the second time; the first is on line {seen[key.Text]}. Keep one.");
            entries.Add((key, Node(parser, depth + 1, ref budget)));
        }
        parser.MoveNext();
        return new YamlMap(entries, start.Start.Line, start.Start.Column);
    }

    private static MistakeException At(ParsingEvent e, string message) => new(e.Start.Line, e.Start.Column, message);

    private sealed class MistakeException(long line, long column, string message) : Exception(message)
    {
        public long Line { get; } = line;
        public long Column { get; } = column;
    }
}
