using System.Globalization;
using TriOps.Core.Deployments;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Deployments;

/// <summary>Gives a revision all traffic, retires the one before it, and points the champion alias at its version. Repeating it changes nothing.</summary>
public sealed class PromoteRevision(DeploymentTable deployments, ModelRegistry registry, AuditLog audit, TimeProvider time) : IActivity<RevisionRef, Done>
{
    /// <inheritdoc/>
    public static ActivityName<RevisionRef, Done> Name => DeploySteps.Promote;

    /// <inheritdoc/>
    public async Task<Done> Run(RevisionRef input, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        int? before = null;
        var deployment = await deployments.UpdateAsync(input.Deployment, current =>
        {
            before = current?.Active?.Number;
            return current is null ? null : current.Activate(input.Number) with { UpdatedAt = now };
        }, ct);
        var revision = deployment.Get(input.Number);
        await registry.SetAliasAsync(revision.Version, Aliases.Champion, $"workflow {revision.WorkflowId}", ct);
        if (before != input.Number)
            await audit.WriteAsync($"workflow {revision.WorkflowId}", "deployment.promote", input.Deployment.ToString(), new Dictionary<string, string>
            {
                ["revision"] = input.Number.ToString(CultureInfo.InvariantCulture), ["version"] = revision.Version.ToString(), ["before"] = before?.ToString(CultureInfo.InvariantCulture) ?? "none",
            }, ct);
        return Done.Value;
    }
}
