using TriOps.Cli.CommandLine;
using TriOps.Core.Deployments;
using TriOps.Core.Names;
using TriOps.Core.Projects;

namespace TriOps.Cli.Demo;

/// <summary>A scenario with its files in hand.</summary>
/// <param name="Scenario">Which.</param>
/// <param name="Yaml">The text of its triops.yaml.</param>
/// <param name="File">What that says.</param>
/// <param name="Csv">Path of its table.</param>
internal sealed record DemoSample(DemoScenario Scenario, string Yaml, ProjectFile File, string Csv)
{
    public ProjectName Project => File.Project;

    public DatasetName Dataset => Pipeline.Dataset;

    /// <summary>The sample's only pipeline.</summary>
    public PipelineSpec Pipeline => File.Pipelines.Values.Single();

    public DeploymentRef Deployment => new(Project, Pipeline.Deploy?.Name ?? throw new CliException(Exit.Error, "sample-undeployed", $"The pipeline of samples/{Scenario.Name} has no deploy section, which the demo needs."));

    /// <summary>Reads the sample in a folder.</summary>
    public static async Task<DemoSample> LoadAsync(DemoScenario scenario, string folder, CancellationToken ct)
    {
        var yaml = await System.IO.File.ReadAllTextAsync(Path.Combine(folder, "triops.yaml"), ct);
        return new(scenario, yaml, ProjectFileParser.Parse(yaml), Path.Combine(folder, scenario.File));
    }
}
