namespace TriOps.Infra.Tests.Template;

/// <summary>The settings each process is given.</summary>
internal static class Settings
{
    public static IReadOnlyDictionary<string, string> Functions(Deployment deployment) => deployment.OfType("Microsoft.Web/sites/config")
        .Single(c => c.Name == "appsettings")
        .At("properties").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!);

    public static IReadOnlyDictionary<string, string> Inference(Deployment deployment) =>
        Container(deployment.Single("Microsoft.App/containerApps"));

    /// <summary>Of each trainer job.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Trainers(Deployment deployment) =>
        [.. deployment.OfType("Microsoft.App/jobs").Select(Container)];

    private static Dictionary<string, string> Container(Resource resource) => resource.At("properties", "template", "containers", 0, "env")
        .EnumerateArray()
        .ToDictionary(v => v.GetProperty("name").GetString()!, v => v.TryGetProperty("value", out var value) ? value.GetString()!
        : $"secret {v.GetProperty("secretRef").GetString()}");
}
