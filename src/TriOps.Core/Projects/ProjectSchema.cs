namespace TriOps.Core.Projects;

/// <summary>The JSON Schema (2020-12) of triops.yaml, for editors.</summary>
public static class ProjectSchema
{
    /// <summary>Its text.</summary>
    public static string Json { get; } = Read();

    private static string Read()
    {
        using var stream = typeof(ProjectSchema).Assembly.GetManifestResourceStream("triops.schema.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
