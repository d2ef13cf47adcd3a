using System.Globalization;
using TriOps.Core.Deployments;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Deployments;

/// <summary>Takes a revision out; all traffic returns to the active one. A promotion that stopped half-way is undone: the revision that was
/// replaced is active again, and the champion alias with it. Repeating it changes nothing.</summary>
public sealed class RollBackRevision(DeploymentTable deployments, ModelRegistry registry, AuditLog audit, TimeProvider time)
    : IActivity<RollBackRequest, Done>
{
    /// <inheritdoc/>
    public static ActivityName<RollBackRequest, Done> Name => DeploySteps.RollBack;

    /// <inheritdoc/>
    public async Task<Done> Run(RollBackRequest input, CancellationToken ct)
    {
        var deployment =
            await deployments.UpdateAsync(input.Revision.Deployment,
            current => current?.TakeOut(input.Revision.Number, input.Reason, time.GetUtcNow()), ct);
        var revision = deployment.Get(input.Revision.Number);
        var champion = await registry.FindByAliasAsync(revision.Version.Project, revision.Version.Model, Aliases.Champion, ct);
        if (champion?.Ref == revision.Version && deployment.Active is { } active && active.Version != revision.Version)
            await registry.SetAliasAsync(active.Version, Aliases.Champion, $"workflow {revision.WorkflowId}", ct);
        if (revision.State == RevisionState.RolledBack)
            await audit.WriteAsync($"workflow {revision.WorkflowId}", "deployment.roll-back", input.Revision.Deployment.ToString(),
                new Dictionary<string, string>
            {
                ["revision"] = input.Revision.Number.ToString(CultureInfo.InvariantCulture), ["version"] = revision.Version.ToString(),
                    ["reason"] = revision.Reason ?? input.Reason,
            }, ct, revision.ChangedAt);
        return Done.Value;
    }
}
