using System.Text.Json;
using TriOps.Core.Governance;
using TriOps.Core.Names;
using TriOps.Core.Workflows;

namespace TriOps.Core.Steps;

/// <summary>Finds the project that a workflow works for, from its input; a job's from the run that started it. Thread-safe.</summary>
public sealed class WorkflowOwner(IWorkflows workflows)
{
    private const int MaxDepth = 8;

    /// <summary>The project; null when neither the instance nor what started it says.</summary>
    public async Task<ProjectName?> FindAsync(WorkflowInstance instance, CancellationToken ct)
    {
        for (var (at, depth) = ((WorkflowInstance?)instance, 0); at is not null && depth < MaxDepth; depth++)
        {
            if (Of(at) is { } project) return project;
            at = at.ParentId is { } parent ? await workflows.FindAsync(parent, ct) : null;
        }
        return null;
    }

    /// <summary>Those of a page that the caller may see.</summary>
    public async Task<IReadOnlyList<WorkflowInstance>> ReadableAsync(IReadOnlyList<WorkflowInstance> page, Caller caller,
        CancellationToken ct)
    {
        if (caller.May(Role.Reader, null)) return page;
        var readable = new List<WorkflowInstance>();
        foreach (var instance in page)
            if (caller.May(Role.Reader, await FindAsync(instance, ct))) readable.Add(instance);
        return readable;
    }

    private static ProjectName? Of(WorkflowInstance instance)
    {
        if (instance.Input is not { ValueKind: JsonValueKind.Object } input) return null;
        if (instance.Workflow == IngestSteps.Workflow.Value || instance.Workflow == TrainSteps.Workflow.Value) return Name(input);
        if (instance.Workflow == DeploySteps.Workflow.Value) return Inner(input, "version");
        return instance.Workflow == MonitorSteps.Workflow.Value ? Inner(input, "deployment") : null;
    }

    private static ProjectName? Inner(JsonElement input, string part) => input.TryGetProperty(part, out var inner)
        && inner.ValueKind == JsonValueKind.Object ? Name(inner) : null;

    private static ProjectName? Name(JsonElement holder) =>
        holder.TryGetProperty("project", out var text) && text.ValueKind == JsonValueKind.String
            && NameRule.TryParse<ProjectName>(text.GetString(), out var name) ? name : null;
}
