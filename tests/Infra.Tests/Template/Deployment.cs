using System.Text.Json;

namespace TriOps.Infra.Tests.Template;

/// <summary>What one set of parameters deploys: the resources of a golden file, which <see cref="SnapshotTests"/> hold to be the
/// template's.</summary>
internal sealed class Deployment
{
    private Deployment(IReadOnlyList<Resource> resources) => Resources = resources;

    /// <summary>No GPU, an API key, no network of its own.</summary>
    public static Deployment Plain { get; } = Read("plain");

    /// <summary>An A100, Entra, an isolated network with the containers in another region.</summary>
    public static Deployment Isolated { get; } = Read("isolated-entra-a100");

    /// <summary>A T4, an API key, an isolated network with the containers in it, own prices.</summary>
    public static Deployment IsolatedWithKey { get; } = Read("isolated-key-t4");

    /// <summary>The two that differ most, by name, for theories.</summary>
    public static TheoryData<string> Names => ["plain", "isolated"];

    public IReadOnlyList<Resource> Resources { get; }

    public static Deployment Of(string name) => name == "plain" ? Plain : Isolated;

    public IReadOnlyList<Resource> OfType(string type) => [.. Resources.Where(r => r.Type == type)];

    /// <summary>The only one of its type.</summary>
    public Resource Single(string type) => Assert.Single(OfType(type));

    private static Deployment Read(string name)
    {
        using var document = JsonDocument.Parse(Repository.Read("tests", "Infra.Tests", "Snapshots", $"{name}.snapshot.json"));
        return new([.. document.RootElement.GetProperty("predictedResources").EnumerateArray().Select(r => new Resource(r.Clone()))]);
    }
}

/// <summary>A resource as it would be sent to Azure.</summary>
internal sealed record Resource(JsonElement Json)
{
    public string Id => Json.GetProperty("id").GetString()!;

    public string Type => Json.GetProperty("type").GetString()!;

    /// <summary>The last part of the name.</summary>
    public string Name => Id[(Id.LastIndexOf('/') + 1)..];

    /// <summary>A value by its path of property names and array indices, or an undefined element.</summary>
    public JsonElement At(params object[] path)
    {
        var at = Json;
        foreach (var step in path)
        {
            if (step is int index) at = at[index];
            else if (!at.TryGetProperty((string)step, out at)) return default;
        }
        return at;
    }

    /// <summary>A text by its path; null where there is none.</summary>
    public string? Text(params object[] path) => At(path) is { ValueKind: not JsonValueKind.Undefined } found ? found.ToString() : null;

    public override string ToString() => Id;
}
