using Microsoft.DurableTask;

namespace TriOps.Durable;

/// <summary>What an instance is started with: its input, and what Durable's client does not tell of it. Format: docs/formats.md,
/// "Workflows".</summary>
/// <param name="Input">The orchestration's input.</param>
/// <param name="Parent">The instance that started it, or null.</param>
public sealed record WorkflowStart<T>(T Input, string? Parent = null)
{
    /// <summary>The only version there is.</summary>
    public const int Version = 1;

    /// <summary>The format's version; another is refused.</summary>
    public int V { get; init; } = Version;

    /// <summary>The version of the orchestration's code that it begins with; starts of before there were versions say none, and mean
    /// 1.</summary>
    public int Code { get; init; } = 1;

    /// <summary>The start of an execution.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it is of another version.</exception>
    public static WorkflowStart<T> Read(TaskOrchestrationContext context)
    {
        var start = context.GetInput<WorkflowStart<T>>()
            ?? throw new InvalidOperationException(
            $"Instance '{context.InstanceId}' was started without an input. Start workflows through the API.");
        return start.V == Version ? start
            : throw new InvalidOperationException($"Instance '{context.InstanceId}' was started in version {start.V} of the format; this "
            + $"app knows {Version}. Deploy a version of TriOps that knows it.");
    }
}
