using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Experiments;
using TriOps.Core.Workflows;

namespace TriOps.Cli.Workflows;

/// <summary>A workflow with its steps and the workflows it started, as they stood at one moment.</summary>
/// <param name="Instance">The workflow.</param>
/// <param name="Steps">In order of scheduling.</param>
/// <param name="Children">By instance id.</param>
/// <param name="Trials">Of a training run: number to trial; else empty.</param>
internal sealed record WorkflowNode(WorkflowInstance Instance, IReadOnlyList<WorkflowStep> Steps,
    IReadOnlyDictionary<string, WorkflowNode> Children, IReadOnlyDictionary<int, Trial> Trials)
{
    /// <summary>A workflow without children.</summary>
    public static WorkflowNode Leaf(WorkflowInstance instance, params WorkflowStep[] steps) =>
        new(instance, steps, new Dictionary<string, WorkflowNode>(), new Dictionary<int, Trial>());

    /// <summary>What the orchestration says of itself.</summary>
    public WorkflowProgress? Phase => Read<WorkflowProgress>(Instance.CustomStatus);

    /// <summary>The input, read as its type; null when there is none or it is another's.</summary>
    public T? Input<T>() where T : class => Read<T>(Instance.Input);

    /// <summary>The output, read as its type; null when there is none or it is another's.</summary>
    public T? Output<T>() where T : class => Read<T>(Instance.Output);

    /// <summary>This and all below, the parent before its children.</summary>
    public IEnumerable<WorkflowNode> All() => Children.Values.SelectMany(c => c.All()).Prepend(this);

    private static T? Read<T>(JsonElement? json) where T : class
    {
        if (json is not { ValueKind: JsonValueKind.Object } element) return null;
        try { return element.Deserialize<T>(TriOpsJson.Options); }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException) { return null; }
    }
}
