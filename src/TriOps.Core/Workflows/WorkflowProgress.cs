using System.Text.Json;

namespace TriOps.Core.Workflows;

/// <summary>What every orchestration publishes with <see cref="IWorkflow.SetStatus{T}"/>: how far it is, for people.</summary>
/// <param name="Phase">One lower-case word: "search".</param>
/// <param name="Message">A sentence with values.</param>
/// <param name="Progress">0..1 over the whole workflow; falls only when work begins again: with a job's next attempt.</param>
public sealed record WorkflowProgress(string Phase, string Message, double Progress)
{
    /// <summary>What an instance has published last; null when nothing, or something of another shape.</summary>
    public static WorkflowProgress? Of(WorkflowInstance instance)
    {
        if (instance.CustomStatus is not { ValueKind: JsonValueKind.Object } status) return null;
        try { return status.Deserialize<WorkflowProgress>(TriOpsJson.Options); }
        catch (JsonException) { return null; }
    }
}
