using System.Diagnostics.Metrics;
using TriOps.Core.Telemetry;

namespace TriOps.Core.Workflows;

/// <summary>What engines count, the same on every one; alerts in Azure are made of it.</summary>
public static class WorkflowMetrics
{
    private static readonly Counter<long> Ends =
        TriOpsTelemetry.Meter.CreateCounter<long>("triops.workflow.ended", "{workflow}",
        "Workflows that came to an end, by name and status.");

    /// <summary>A workflow has come to its end. Called once that is recorded, or about to be: an engine that is killed in between may count
    /// an end twice, or not at all.</summary>
    /// <param name="workflow">The orchestration's name.</param>
    /// <param name="status">Completed, Failed or Terminated.</param>
    public static void Ended(string workflow, WorkflowStatus status) =>
        Ends.Add(1, new("workflow", workflow), new KeyValuePair<string, object?>("status", status.ToString()));
}
