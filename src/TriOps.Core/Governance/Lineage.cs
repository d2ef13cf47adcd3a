namespace TriOps.Core.Governance;

/// <summary>A thing in the lineage graph.</summary>
/// <param name="Kind">dataset-version, run, model-version, evaluation, deployment-revision, window.</param>
/// <param name="Id">Its reference: "demo/tumours:1".</param>
public sealed record LineageNode(string Kind, string Id)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Id}";
}

/// <summary>"To was made from From".</summary>
/// <param name="From">The cause.</param>
/// <param name="To">What came of it.</param>
/// <param name="Relation">used-by, produced, evaluated-as, deployed-as, observed-in (a revision in a window that drifted), retrained-by (a
/// window by a run), triggered (a window, the dataset version of its labelled rows).</param>
/// <param name="At">When.</param>
public sealed record LineageEdge(LineageNode From, LineageNode To, string Relation, DateTimeOffset At);

/// <summary>Who did what to what; never changed or removed.</summary>
/// <param name="Id">{ticks}-{hash of the content}: writing the same event twice leaves one.</param>
/// <param name="At">When.</param>
/// <param name="Actor">"workflow {id}", or a signed-in user.</param>
/// <param name="Action">model.promote, deployment.traffic, project.apply, …</param>
/// <param name="Subject">"demo/diagnosis:3".</param>
/// <param name="Details">Values before and after, reasons.</param>
public sealed record AuditEvent(string Id, DateTimeOffset At, string Actor, string Action, string Subject,
    IReadOnlyDictionary<string, string> Details);
