using Microsoft.Extensions.DependencyInjection;

namespace TriOps.Activities.Datasets;

/// <summary>The one place DI learns of ingestion's steps.</summary>
public static class DatasetsServices
{
    /// <summary>Adds the activities of IngestDataset.</summary>
    public static IServiceCollection AddTriOpsDatasets(this IServiceCollection services) => services
        .AddSingleton<DatasetSpecs>().AddSingleton<StageFile>().AddSingleton<ProfileDataset>().AddSingleton<QualityCheck>()
        .AddSingleton<CommitVersion>();
}
