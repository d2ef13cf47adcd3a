using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Datasets;
using TriOps.Core.Steps;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="StageFile"/>.</summary>
public static class StageFileFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(StageFile))]
    public static Task<StagedFile> RunAsync([ActivityTrigger] StageRequest input, FunctionContext context) => ActivityRun.RunAsync<StageFile, StageRequest, StagedFile>(context.InstanceServices, input, context.CancellationToken);
}
