using System.Globalization;
using TriOps.Core.Deployments;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Deployments;

/// <summary>Gives a revision all traffic, retires the one before it, and points the champion alias at its version. Repeating it changes
/// nothing.</summary>
public sealed class PromoteRevision(DeploymentTable deployments, ModelRegistry registry, AuditLog audit, TimeProvider time)
    : IActivity<RevisionRef, Done>
{
    /// <inheritdoc/>
    public static ActivityName<RevisionRef, Done> Name => DeploySteps.Promote;

    /// <inheritdoc/>
    public async Task<Done> Run(RevisionRef input, CancellationToken ct)
    {
        var deployment = await deployments.UpdateAsync(input.Deployment, current => current?.Activate(input.Number, time.GetUtcNow()), ct);
        var revision = deployment.Get(input.Number);
        await registry.SetAliasAsync(revision.Version, Aliases.Champion, $"workflow {revision.WorkflowId}", ct);
        await audit.WriteAsync($"workflow {revision.WorkflowId}", "deployment.promote", input.Deployment.ToString(),
            new Dictionary<string, string>
        {
            ["revision"] = input.Number.ToString(CultureInfo.InvariantCulture), ["version"] = revision.Version.ToString(),
                ["before"] = deployment.ReplacedBy(input.Number)?.Number.ToString(CultureInfo.InvariantCulture) ?? "none",
        }, ct, revision.ChangedAt);
        return Done.Value;
    }
}
