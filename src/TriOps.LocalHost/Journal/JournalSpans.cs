using System.Diagnostics;
using TriOps.Core.Telemetry;
using TriOps.Core.Workflows;

namespace TriOps.LocalHost.Journal;

/// <summary>The spans of workflows: what started one, its activities and its children are one trace. The W3C traceparent lies in the history.</summary>
internal static class JournalSpans
{
    /// <summary>The span under which an instance's steps hang: a child of <paramref name="parent"/>, or of what runs now.</summary>
    public static Activity? Start(string workflow, string instanceId, string? parent) =>
        Of($"start {workflow}", ActivityKind.Producer, parent)?.SetTag("workflow.id", instanceId);

    /// <summary>One run of an activity.</summary>
    public static Activity? Step(string activity, string instanceId, string? parent) =>
        Of($"activity {activity}", ActivityKind.Consumer, parent)?.SetTag("workflow.id", instanceId);

    /// <summary>The whole of an instance, written at its end.</summary>
    public static void End(JournalInstance instance, string? parent)
    {
        if (parent is null || !ActivityContext.TryParse(parent, null, out var context)) return;
        using var span = TriOpsTelemetry.Source.StartActivity($"workflow {instance.Workflow}", ActivityKind.Internal, context, startTime: instance.CreatedAt);
        span?.SetTag("workflow.id", instance.Id).SetTag("workflow.status", instance.Status.ToString());
        if (instance.Status == WorkflowStatus.Failed) span?.SetStatus(ActivityStatusCode.Error, instance.Failure?.Message);
    }

    private static Activity? Of(string name, ActivityKind kind, string? parent) =>
        parent is not null && ActivityContext.TryParse(parent, null, out var context)
            ? TriOpsTelemetry.Source.StartActivity(name, kind, context)
            : TriOpsTelemetry.Source.StartActivity(name, kind);
}
