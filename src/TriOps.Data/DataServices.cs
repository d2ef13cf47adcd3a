using Microsoft.Extensions.DependencyInjection;
using TriOps.Core.Datasets;
using TriOps.Data.Checks;
using TriOps.Data.Packs;
using TriOps.Data.Profiles;
using TriOps.Data.Tables;

namespace TriOps.Data;

/// <summary>The one place DI learns of what turns bytes into rows.</summary>
public static class DataServices
{
    /// <summary>Adds packs, profiles and readers of tables; wants Core's stores and the ports.</summary>
    public static IServiceCollection AddTriOpsData(this IServiceCollection services) => services
        .AddSingleton<DatasetFiles>().AddSingleton<FilePacker>().AddSingleton<TabularReader>().AddSingleton<DatasetProfiler>()
        .AddSingleton<IDatasetCheck, DatasetCheck>();
}
