using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Workflows;

namespace TriOps.Dashboard.Parts;

/// <summary>The custom status every orchestration publishes.</summary>
/// <param name="Phase">Where it is.</param>
/// <param name="Message">For people.</param>
/// <param name="Done">0..1, or null.</param>
public sealed record Progress(string? Phase, string? Message, double? Done)
{
    private sealed record Wire(string? Phase, string? Message, double? Progress);

    /// <summary>An instance's status; null when it has published none, or one of another shape.</summary>
    public static Progress? Of(WorkflowInstance instance)
    {
        if (instance.CustomStatus is not { ValueKind: JsonValueKind.Object } status) return null;
        try { return status.Deserialize<Wire>(TriOpsJson.Options) is { } wire ? new(wire.Phase, wire.Message, wire.Progress) : null; }
        catch (JsonException) { return null; }
    }
}
