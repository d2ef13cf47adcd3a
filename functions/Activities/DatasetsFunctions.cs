using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Datasets;
using TriOps.Core.Steps;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>The activities of datasets.</summary>
public static class DatasetsFunctions
{
    /// <summary>Runs <see cref="CommitVersion"/>: one call.</summary>
    [Function(nameof(CommitVersion))]
    public static Task<CommittedVersion> CommitVersionAsync([ActivityTrigger] CommitRequest input, FunctionContext context) =>
        ActivityRun.RunAsync<CommitVersion, CommitRequest, CommittedVersion>(context.InstanceServices, input, context.CancellationToken);

    /// <summary>Runs <see cref="ProfileDataset"/>: one call.</summary>
    [Function(nameof(ProfileDataset))]
    public static Task<ProfiledFile> ProfileDatasetAsync([ActivityTrigger] ProfileRequest input, FunctionContext context) =>
        ActivityRun.RunAsync<ProfileDataset, ProfileRequest, ProfiledFile>(context.InstanceServices, input, context.CancellationToken);

    /// <summary>Runs <see cref="StageFile"/>: one call.</summary>
    [Function(nameof(StageFile))]
    public static Task<StagedFile> StageFileAsync([ActivityTrigger] StageRequest input, FunctionContext context) =>
        ActivityRun.RunAsync<StageFile, StageRequest, StagedFile>(context.InstanceServices, input, context.CancellationToken);
}
