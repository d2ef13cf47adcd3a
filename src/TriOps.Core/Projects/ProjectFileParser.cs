namespace TriOps.Core.Projects;

/// <summary>Reads triops.yaml.</summary>
public static class ProjectFileParser
{
    /// <summary>The project file in <paramref name="yaml"/>.</summary>
    /// <exception cref="InvalidInputException">Every mistake, each with its line (code project-file-invalid).</exception>
    public static ProjectFile Parse(string yaml) => throw new InvalidInputException("project-file-invalid", yaml);
}
