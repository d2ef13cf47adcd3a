using TriOps.Core.Datasets;
using TriOps.Core.Projects;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Datasets;

/// <summary>Finds the pipelines that train on a dataset's new versions.</summary>
public sealed class FindListeners(ProjectStore projects) : IActivity<DatasetVersionRef, Listeners>
{
    /// <inheritdoc/>
    public static ActivityName<DatasetVersionRef, Listeners> Name => IngestSteps.FindListeners;

    /// <inheritdoc/>
    public async Task<Listeners> Run(DatasetVersionRef input, CancellationToken ct)
    {
        var project = await projects.GetAsync(input.Project, ct);
        return new Listeners([.. project.File.Pipelines.Where(p => p.Value.Dataset == input.Dataset).Select(p => p.Key).OrderBy(p => p.Value, StringComparer.Ordinal)]);
    }
}
