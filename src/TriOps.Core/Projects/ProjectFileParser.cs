using TriOps.Core.Names;
using TriOps.Core.Projects.Yaml;

namespace TriOps.Core.Projects;

/// <summary>Reads triops.yaml. The text is a stranger's: size and depth are limited, tags and anchors refused.</summary>
public static class ProjectFileParser
{
    /// <summary>The format's version that is read.</summary>
    public const int Version = 1;

    /// <summary>The project file in <paramref name="yaml"/>.</summary>
    /// <exception cref="InvalidInputException">Every mistake, each with its line and column (code project-file-invalid).</exception>
    public static ProjectFile Parse(string yaml)
    {
        var mistakes = new Mistakes();
        var root = YamlTree.Read(yaml, mistakes);
        var file = root is null ? null : Read(root, mistakes);
        return mistakes.Any || file is null ? throw mistakes.ToException() : file;
    }

    private static ProjectFile? Read(YamlNode root, Mistakes mistakes)
    {
        var part = new Part(root, root, "", "", mistakes);
        if (root is not YamlMap) return null;
        if (part.Node("version") is null) part.Report("version", $"'version' is missing. Add: version: {Version}");
        else if (part.Node("version") is not YamlScalar { Text: "1" } && part.Whole("version", 0, 1, 1) == 0) { /* Reported. */ }
        var project = part.Name<ProjectName>("project");
        if (part.Node("project") is null) part.Report("project", "'project' is missing. Add a name, for example: project: breast-cancer");

        var datasets = new Dictionary<DatasetName, DatasetSpec>();
        foreach (var (key, value) in part.Entries("datasets"))
            if (part.Name<DatasetName>(key, "datasets", key.Text) is { } name)
                datasets[name] = DatasetSection.Read(new Part(value, key, $"datasets.{key.Text}", "datasets.*", mistakes));
        if (part.Entries("datasets").Count == 0)
            part.Report("datasets", "no dataset is described. Add one, for example: datasets: { tumours: {} }");

        var pipelines = new Dictionary<PipelineName, PipelineSpec>();
        var declared = part.Entries("datasets").Select(d => d.Key.Text).ToList();
        var deployments = new Dictionary<DeploymentName, PipelineName>();
        foreach (var (key, value) in part.Entries("pipelines"))
        {
            if (part.Name<PipelineName>(key, "pipelines", key.Text) is not { } name) continue;
            var inner = new Part(value, key, $"pipelines.{key.Text}", "pipelines.*", mistakes);
            if (PipelineSection.Read(inner, name, declared) is not { } pipeline) continue;
            pipelines[name] = pipeline;
            if (pipeline.Deploy is { } deploy && !deployments.TryAdd(deploy.Name, name))
                inner.Report("deploy",
                    $"the deployment '{deploy.Name}' is already fed by pipeline '{deployments[deploy.Name]}'. Give each pipeline a "
                    + $"deployment of its own.");
        }
        return project is { } known ? new ProjectFile(Version, known, datasets, pipelines, part.Text("description")) : null;
    }
}
