using TriOps.Core;
using TriOps.Core.Names;
using TriOps.Core.Projects;

namespace TriOps.Activities.Datasets;

/// <summary>What the applied project files say of datasets.</summary>
public sealed class DatasetSpecs(ProjectStore projects)
{
    /// <summary>The dataset's part of its project's file.</summary>
    /// <exception cref="NotFoundException">No such project is applied (project-missing), or its file does not describe the dataset
    /// (dataset-undeclared).</exception>
    public async Task<DatasetSpec> GetAsync(ProjectName project, DatasetName dataset, CancellationToken ct)
    {
        var applied = await projects.FindAsync(project, ct)
            ?? throw new NotFoundException("project-missing",
            $"There is a file for the dataset {project}/{dataset}, but no project '{project}'. Apply its triops.yaml ('triops up'), then "
            + $"upload the file again.");
        return applied.File.Datasets.TryGetValue(dataset, out var spec) ? spec
            : throw new NotFoundException("dataset-undeclared",
            $"There is a file for the dataset {project}/{dataset}, but the triops.yaml of '{project}' describes no dataset '{dataset}'; "
            + $"it has {string.Join(", ", applied.File.Datasets.Keys)}. "
                + "Add it under datasets and apply the file, or upload to one of those.");
    }
}
