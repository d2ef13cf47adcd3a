using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Datasets;
using TriOps.Core.Steps;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>Runs <see cref="CommitVersion"/>.</summary>
public static class CommitVersionFunction
{
    /// <summary>One call.</summary>
    [Function(nameof(CommitVersion))]
    public static Task<CommittedVersion> RunAsync([ActivityTrigger] CommitRequest input, FunctionContext context) => ActivityRun.RunAsync<CommitVersion, CommitRequest, CommittedVersion>(context.InstanceServices, input, context.CancellationToken);
}
