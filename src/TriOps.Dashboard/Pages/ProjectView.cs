using TriOps.Core.Datasets;
using TriOps.Core.Deployments;
using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Projects;

namespace TriOps.Dashboard.Pages;

/// <summary>What the page of a project shows.</summary>
public sealed record ProjectView(Project Project, IReadOnlyList<DatasetVersion> Heads, IReadOnlyList<Run> Runs,
    IReadOnlyList<ModelRow> Models, IReadOnlyList<Deployment> Deployments)
{
    /// <summary>Reads it.</summary>
    public static async Task<ProjectView> LoadAsync(ProjectName name, ProjectStore projects, DatasetCatalog datasets, RunLog runs,
        ModelRegistry models, DeploymentTable deployments, CancellationToken ct)
    {
        var project = await projects.GetAsync(name, ct);
        var heads = new List<DatasetVersion>();
        foreach (var dataset in (await datasets.ListDatasetsAsync(name, new(), ct)).Items)
            heads.AddRange((await datasets.ListAsync(name, dataset.Dataset, new(1), ct)).Items);
        var rows = new List<ModelRow>();
        foreach (var model in (await models.ListModelsAsync(name, new(), ct)).Items)
            rows.Add(
                new(model.Model, (await models.ListAsync(name, model.Model, new(5), ct)).Items,
                await models.AliasesAsync(name, model.Model, ct)));
        return new(project, heads, (await runs.ListAsync(name, new(20), ct)).Items, rows,
            (await deployments.ListAsync(name, new(), ct)).Items);
    }
}

/// <summary>A model, its newest versions and its aliases.</summary>
public sealed record ModelRow(ModelName Model, IReadOnlyList<ModelVersion> Versions, IReadOnlyList<ModelAlias> Aliases)
{
    /// <summary>The aliases of one version, for people.</summary>
    public IEnumerable<string> AliasesOf(int number) => Aliases.Where(a => a.Number == number).Select(a => a.Alias);
}
