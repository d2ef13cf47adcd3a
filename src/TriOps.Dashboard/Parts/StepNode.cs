using TriOps.Core.Workflows;

namespace TriOps.Dashboard.Parts;

/// <summary>A step, and the steps of the child workflow it started.</summary>
public sealed record StepNode(WorkflowStep Step, IReadOnlyList<StepNode> Children)
{
    private const int MaxDepth = 4;

    /// <summary>The steps of an instance and, four levels deep, of its children.</summary>
    public static async Task<IReadOnlyList<StepNode>> LoadAsync(IWorkflows workflows, string instanceId,
        CancellationToken ct, int depth = 0)
    {
        var steps = await workflows.StepsAsync(instanceId, ct);
        var nodes = new List<StepNode>(steps.Count);
        foreach (var step in steps)
            nodes.Add(new(step, step.ChildId is { } child && depth < MaxDepth ? await LoadAsync(workflows, child, ct, depth + 1) : []));
        return nodes;
    }
}
