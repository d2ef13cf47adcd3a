using System.Text.Json;

namespace TriOps.Functions.Durable;

/// <summary>What an instance is started with: its input, and what Durable does not keep for it. Every orchestration function takes one. Format: docs/formats.md, "Workflows
/// on Durable Functions".</summary>
/// <param name="Input">The orchestration's input.</param>
/// <param name="Parent">The instance that started it, or null: Durable's client does not tell.</param>
public sealed record WorkflowStart<T>(T Input, string? Parent = null)
{
    /// <summary>The only version there is.</summary>
    public const int Version = 1;

    /// <summary>The format's version; another is refused.</summary>
    public int V { get; init; } = Version;

    /// <summary>Instances that joined this one and are told of its end; handed on by continue-as-new.</summary>
    public IReadOnlyList<string> Waiters { get; init; } = [];

    /// <summary>Events that a wait had taken from Durable's buffer when nobody wanted them any more; handed on by continue-as-new, oldest first.</summary>
    public IReadOnlyList<KeptEvent> Kept { get; init; } = [];
}

/// <summary>An event that nobody has waited for yet.</summary>
public sealed record KeptEvent(string Name, JsonElement? Payload);

/// <summary>How a joined instance ended: the payload of the event that its waiters get.</summary>
/// <param name="Output">When it completed.</param>
/// <param name="Failure">Why it did not.</param>
public sealed record WorkflowEnd(JsonElement? Output, Core.Workflows.StepFailure? Failure);
