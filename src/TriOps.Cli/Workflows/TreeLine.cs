using TriOps.Cli.Output;
using TriOps.Core.Compute;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Cli.Workflows;

/// <summary>How a line of the tree stands.</summary>
internal enum LineState { Waiting, Running, Done, Failed }

/// <summary>One line of a workflow's tree: a step, several steps of one name, or a child workflow.</summary>
/// <param name="Key">The same for the same line at every moment.</param>
/// <param name="Text">What it is, without markup.</param>
/// <param name="State">How it stands.</param>
/// <param name="Took">From start to end, or to now; of several steps, the time in which any ran.</param>
/// <param name="Below">Its lines.</param>
internal sealed record TreeLine(string Key, string Text, LineState State, TimeSpan Took, IReadOnlyList<TreeLine> Below)
{
    /// <summary>The tree of a workflow.</summary>
    /// <param name="node">The workflow.</param>
    /// <param name="now">Ends what has not ended.</param>
    public static TreeLine Of(WorkflowNode node, DateTimeOffset now) => OfWorkflow(node, null, now);

    private static TreeLine OfWorkflow(WorkflowNode node, Trial? trial, DateTimeOffset now)
    {
        var instance = node.Instance;
        var took = (instance.IsEnded ? instance.UpdatedAt : now) - instance.CreatedAt;
        return new(instance.InstanceId, Words(node, trial), StateOf(instance), Positive(took), instance.Workflow == JobSteps.Workflow.Value
            ? [] : [.. Steps(node, now)]);
    }

    /// <summary>Steps in order of first appearance; those of one name that are not workflows share a line.</summary>
    private static IEnumerable<TreeLine> Steps(WorkflowNode node, DateTimeOffset now)
    {
        foreach (var group in node.Steps.Where(s => s.Kind is not "timer").GroupBy(s => s.ChildId ?? s.Name))
        {
            var first = group.First();
            if (first.ChildId is { } id && node.Children.TryGetValue(id, out var child))
            {
                var job = child.Input<JobRequest>();
                yield return OfWorkflow(child, job is null ? null : node.Trials.GetValueOrDefault(job.Trial), now);
                continue;
            }
            var (all, over) = (group.Count(), group.Count(s => s.EndedAt is not null));
            var failure = group.LastOrDefault(s => s.Failure is not null)?.Failure;
            var open = all - over;
            var state = open > 0 ? LineState.Running : failure is not null ? LineState.Failed : LineState.Done;
            var text = first.Kind == "event" ? $"wait for {first.Name}" : StepWords.For(first.Name);
            if (all > 1) text += $" {over}/{all}";
            if (failure is not null) text += $": {failure.Message}";
            yield return new($"{node.Instance.InstanceId}#{group.Key}", text, state, Covered(group, now), []);
        }
    }

    /// <summary>The time in which at least one of the steps ran; they may overlap, and there may be hours between them.</summary>
    private static TimeSpan Covered(IEnumerable<WorkflowStep> steps, DateTimeOffset now)
    {
        var (sum, until) = (TimeSpan.Zero, DateTimeOffset.MinValue);
        foreach (var (start, end) in steps.Select(s => (s.ScheduledAt, s.EndedAt ?? now)).Order())
        {
            sum += Positive(end - (start > until ? start : until));
            if (end > until) until = end;
        }
        return sum;
    }

    private static string Words(WorkflowNode node, Trial? trial)
    {
        var instance = node.Instance;
        var text = StepWords.For(instance.Workflow);
        if (instance.Workflow == JobSteps.Workflow.Value) text += OfTrial(node, trial);
        else if (!instance.IsEnded && node.Phase?.Message is { Length: > 0 } message) text += $": {message}";
        if (instance.Failure is { } failure) text += $": {failure.Message}";
        return text;
    }

    private static string OfTrial(WorkflowNode node, Trial? trial)
    {
        var number = trial?.Number ?? node.Input<JobRequest>()?.Trial;
        var text = $" {number}{(trial is null ? "" : $" {Family(trial.Family)}")}";
        if (node.Output<JobEnd>() is not { } end) return node.Phase is { } phase
            ? $"{text}: {phase.Phase}{(phase.Progress is > 0 and < 1 ? $" {phase.Progress:P0}" : "")}" : text;
        return end.Outcome == JobOutcome.Succeeded
            ? $"{text}: {Human.Number((end.Result as TrialResult)?.Objective ?? double.NaN)}"
            : $"{text}: {end.Outcome.ToString().ToLowerInvariant()}, {end.Error}";
    }

    /// <summary>A model family in people's words.</summary>
    public static string Family(ModelFamily family) => FamilyCatalogue.Of(family).Title;

    private static LineState StateOf(WorkflowInstance instance) => instance.Status switch
    {
        WorkflowStatus.Pending => LineState.Waiting,
        WorkflowStatus.Running => LineState.Running,
        WorkflowStatus.Completed => instance.Workflow == JobSteps.Workflow.Value
        && Leaf(instance)?.Outcome is not (null or JobOutcome.Succeeded) ? LineState.Failed : LineState.Done,
        _ => LineState.Failed,
    };

    private static JobEnd? Leaf(WorkflowInstance instance) => WorkflowNode.Leaf(instance).Output<JobEnd>();

    private static TimeSpan Positive(TimeSpan time) => time < TimeSpan.Zero ? TimeSpan.Zero : time;
}
