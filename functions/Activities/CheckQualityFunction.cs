using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Datasets;
using TriOps.Core.Datasets;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="CheckQuality"/>.</summary>
public static class CheckQualityFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(CheckQuality))]
    public static Task<QualityVerdict> RunAsync([ActivityTrigger] ProfiledFile input, FunctionContext context) => ActivityRun.RunAsync<CheckQuality, ProfiledFile, QualityVerdict>(context.InstanceServices, input, context.CancellationToken);
}
