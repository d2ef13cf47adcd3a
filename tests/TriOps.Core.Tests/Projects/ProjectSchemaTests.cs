using System.Text.Json;
using TriOps.Core.Datasets;
using TriOps.Core.Families;
using TriOps.Core.Projects;

namespace TriOps.Core.Tests.Projects;

public sealed class ProjectSchemaTests
{
    private static readonly JsonElement Root = JsonDocument.Parse(ProjectSchema.Json).RootElement;

    /// <summary>Maps from names the user chooses to free values, which have no keys of their own.</summary>
    private static readonly string[] OpenMaps =
        ["datasets.*.types", "pipelines.*.gate.min", "pipelines.*.gate.max", "pipelines.*.gate.slice_min"];

    [Fact]
    public void Schema_Keys_AreThoseTheParserKnows()
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Walk(Root, "", found);
        var known = ProjectKeys.Parts.ToDictionary(p => p.Key, p => string.Join(' ', p.Value.Order(StringComparer.Ordinal)));
        Assert.Equal(known.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}: {p.Value}"),
            found.Select(p => $"{p.Key}: {p.Value}"));
    }

    [Fact]
    public void Schema_EveryKey_HasADescriptionAndRefusesUnknownNeighbours()
    {
        var missing = new List<string>();
        Describe(Root, "", missing);
        Assert.Empty(missing);
    }

    [Fact]
    public void Schema_Words_AreThoseTheParserKnows()
    {
        var pipeline = Root.GetProperty("properties").GetProperty("pipelines").GetProperty("additionalProperties")
            .GetProperty("properties");
        Assert.Equal(Enum.GetNames<TaskKind>().Select(t => t.ToLowerInvariant()).Order(), Words(pipeline.GetProperty("task")));
        Assert.Equal(Enum.GetNames<Core.Families.ModelFamily>().Select(t => t.ToLowerInvariant())
            .Order(), Words(pipeline.GetProperty("search").GetProperty("properties").GetProperty("families").GetProperty("items")));
        Assert.Equal(MetricNames.Classification.Concat(MetricNames.Regression)
            .Order(), Words(pipeline.GetProperty("search").GetProperty("properties").GetProperty("objective")));
        var gate = pipeline.GetProperty("gate").GetProperty("properties");
        Assert.Equal(MetricNames.Classification.Concat(MetricNames.Regression).Where(MetricNames.MoreIsBetter)
            .Order(), Words(gate.GetProperty("min").GetProperty("propertyNames")));
        Assert.Equal(MetricNames.Classification.Concat(MetricNames.Regression).Where(m => !MetricNames.MoreIsBetter(m))
            .Order(), Words(gate.GetProperty("max").GetProperty("propertyNames")));
        Assert.Equal(Enum.GetNames<Core.Projects.Strategy>().Select(t => t.ToLowerInvariant())
            .Order(), Words(pipeline.GetProperty("deploy").GetProperty("properties").GetProperty("strategy")));
        var dataset = Root.GetProperty("properties").GetProperty("datasets").GetProperty("additionalProperties").GetProperty("properties");
        Assert.Equal(PersonalDataKinds.All.Order(),
            Words(dataset.GetProperty("privacy").GetProperty("properties").GetProperty("deny").GetProperty("items")));
        Assert.Equal(Enum.GetNames<ColumnKind>().Select(t => t.ToLowerInvariant())
            .Order(), Words(dataset.GetProperty("types").GetProperty("additionalProperties")));
    }

    private static IEnumerable<string> Words(JsonElement schema) => schema.GetProperty("enum").EnumerateArray()
        .Select(e => e.GetString()!).Order();

    private static void Walk(JsonElement schema, string path, SortedDictionary<string, string> found)
    {
        if (schema.TryGetProperty("properties", out var properties))
        {
            found[path] = string.Join(' ', properties.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
            foreach (var property in properties.EnumerateObject())
                Walk(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}", found);
        }
        else if (schema.TryGetProperty("additionalProperties", out var inner) && inner.ValueKind == JsonValueKind.Object
            && !OpenMaps.Contains(path)) Walk(inner, $"{path}.*", found);
        else if (schema.TryGetProperty("anyOf", out var ways))
            foreach (var way in ways.EnumerateArray()) Walk(way, path, found);
    }

    private static void Describe(JsonElement schema, string path, List<string> missing)
    {
        if (schema.TryGetProperty("properties", out var properties))
        {
            if (!schema.TryGetProperty("additionalProperties", out var closed) || closed.ValueKind != JsonValueKind.False)
                missing.Add($"{path} is open");
            foreach (var property in properties.EnumerateObject())
            {
                var at = $"{path}.{property.Name}";
                if (!property.Value.TryGetProperty("description", out var text) || text.GetString() is not { Length: > 5 }) missing.Add(at);
                Describe(property.Value, at, missing);
            }
        }
        else if (schema.TryGetProperty("additionalProperties", out var inner) && inner.ValueKind == JsonValueKind.Object) Describe(inner,
            $"{path}.*", missing);
        else if (schema.TryGetProperty("anyOf", out var ways))
            foreach (var way in ways.EnumerateArray()) Describe(way, path, missing);
    }
}
