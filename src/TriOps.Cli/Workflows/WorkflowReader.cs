using TriOps.Cli.Api;
using TriOps.Core.Experiments;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Cli.Workflows;

/// <summary>Reads a workflow and all below it. What has ended does not change, so it is read once.</summary>
internal sealed class WorkflowReader(ApiClient api)
{
    private readonly Dictionary<string, WorkflowNode> ended = [];

    /// <summary>The tree as it stands; null for an id nobody knows (a child that is about to be created).</summary>
    public async Task<WorkflowNode?> ReadAsync(string id, CancellationToken ct)
    {
        if (ended.TryGetValue(id, out var done)) return done;
        WorkflowInstance instance;
        try { instance = await api.WorkflowAsync(id, ct); }
        catch (ApiException e) when (e.Status == 404) { return null; }

        // A job's steps are its engine's affair (start, wait, look); its trial says what matters, and there are many jobs.
        var steps = instance.Workflow == JobSteps.Workflow.Value ? [] : await api.StepsAsync(id, ct);
        var children = new Dictionary<string, WorkflowNode>();
        foreach (var child in steps.Select(s => s.ChildId).OfType<string>().Distinct())
            if (await ReadAsync(child, ct) is { } node) children[child] = node;
        var result = new WorkflowNode(instance, steps, children, await TrialsAsync(instance, ct));
        if (instance.IsEnded && children.Values.All(c => c.Instance.IsEnded)) ended[id] = result;
        return result;
    }

    private async Task<IReadOnlyDictionary<int, Trial>> TrialsAsync(WorkflowInstance instance, CancellationToken ct)
    {
        if (instance.Workflow != TrainSteps.Workflow.Value) return new Dictionary<int, Trial>();
        try { return (await api.TrialsAsync(instance.InstanceId, ct)).ToDictionary(t => t.Number); }
        catch (ApiException e) when (e.Status == 404) { return new Dictionary<int, Trial>(); } // before the run is recorded
    }
}
