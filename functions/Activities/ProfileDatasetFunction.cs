using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Datasets;
using TriOps.Core.Steps;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="ProfileDataset"/>.</summary>
public static class ProfileDatasetFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(ProfileDataset))]
    public static Task<ProfiledFile> RunAsync([ActivityTrigger] ProfileRequest input, FunctionContext context) => ActivityRun.RunAsync<ProfileDataset, ProfileRequest, ProfiledFile>(context.InstanceServices, input, context.CancellationToken);
}
