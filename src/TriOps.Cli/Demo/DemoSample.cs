using TriOps.Cli.CommandLine;
using TriOps.Cli.Data;
using TriOps.Core.Deployments;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Data.Csv;
using TriOps.Data.Samples;

namespace TriOps.Cli.Demo;

/// <summary>A scenario with its files in hand.</summary>
/// <param name="Scenario">Which.</param>
/// <param name="Yaml">The text of its triops.yaml.</param>
/// <param name="File">What that says.</param>
/// <param name="Csv">Path of its table.</param>
internal sealed record DemoSample(DemoScenario Scenario, string Yaml, ProjectFile File, string Csv)
{
    /// <summary>Rows of the table that predictions and later traffic are drawn from.</summary>
    private const int RowsAtHand = 5_000;

    public ProjectName Project => File.Project;

    public DatasetName Dataset => Pipeline.Dataset;

    /// <summary>The sample's only pipeline.</summary>
    public PipelineSpec Pipeline => File.Pipelines.Values.Single();

    public DeploymentRef Deployment =>
        new(Project, Pipeline.Deploy?.Name
        ?? throw new CliException(Exit.Error, "sample-undeployed",
        $"The pipeline of samples/{Scenario.Name} has no deploy section, which the demo needs."));

    /// <summary>Reads the sample in a folder, and makes its table if it is one that is generated.</summary>
    /// <param name="scenario">Which.</param>
    /// <param name="folder">Where its triops.yaml is.</param>
    /// <param name="rows">Of a generated table.</param>
    /// <param name="work">Folder that a generated table is written to.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<DemoSample> LoadAsync(DemoScenario scenario, string folder, int rows, string work, CancellationToken ct)
    {
        var yaml = await System.IO.File.ReadAllTextAsync(Path.Combine(folder, "triops.yaml"), ct);
        var csv = Path.Combine(scenario.IsGenerated ? work : folder, scenario.File);
        if (scenario.IsGenerated)
        {
            await using var table = System.IO.File.Create(csv);
            await ChurnTable.WriteAsync(table, rows, ct: ct);
        }
        return new(scenario, yaml, ProjectFileParser.Parse(yaml), csv);
    }

    /// <summary>The table's first rows; texts that mean "no value" are null.</summary>
    public async Task<IReadOnlyList<Dictionary<string, string?>>> RowsAsync(CancellationToken ct) =>
        Clean(await RowFile.ReadAsync(Csv, ct, RowsAtHand));

    /// <summary>Later traffic, with what is true of it.</summary>
    /// <param name="rows">From <see cref="RowsAsync"/>.</param>
    /// <param name="seed">Another seed, other traffic.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyList<LabelledRow>> LaterAsync(IReadOnlyList<Dictionary<string, string?>> rows, int seed,
        CancellationToken ct)
    {
        if (!Scenario.IsGenerated) return ShiftedBatch.Make(rows, Pipeline.Label, Scenario.Shifts, Scenario.BatchRows, seed);
        var file = Path.Combine(Path.GetDirectoryName(Csv)!, $"later-{Scenario.File}");
        await using (var table = System.IO.File.Create(file)) await ChurnTable.WriteAsync(table, Scenario.BatchRows, seed, shift: 1, ct);
        return [.. Clean(await RowFile.ReadAsync(file, ct)).Select(r => new LabelledRow(r, r[Pipeline.Label]!))];
    }

    private IReadOnlyList<Dictionary<string, string?>> Clean(IReadOnlyList<Dictionary<string, string?>> rows)
    {
        var missing = File.Datasets[Dataset].MissingValues;
        return missing.Count == 0 ? rows
            : [.. rows.Select(r => r.ToDictionary(c => c.Key, c => c.Value is not null && missing.Contains(c.Value) ? null : c.Value))];
    }
}
