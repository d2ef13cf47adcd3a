using System.Globalization;
using TriOps.Core;
using TriOps.Core.Deployments;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Deployments;

/// <summary>Adds a revision without traffic and points the challenger alias at its version. The workflow's second call gets the revision
/// its first made.</summary>
public sealed class CreateRevision(DeploymentTable deployments, ModelRegistry registry, LineageGraph lineage, AuditLog audit,
    TimeProvider time) : IActivity<CreateRevisionRequest, RevisionRef>
{
    /// <inheritdoc/>
    public static ActivityName<CreateRevisionRequest, RevisionRef> Name => DeploySteps.CreateRevision;

    /// <inheritdoc/>
    public async Task<RevisionRef> Run(CreateRevisionRequest input, CancellationToken ct)
    {
        var (wanted, spec) = (input.Request.Version, input.Request.Spec);
        var name = new DeploymentRef(wanted.Project, spec.Name);
        var version = await registry.GetAsync(wanted, ct);
        if (version.Status == ModelStatus.Rejected)
            throw new ConflictException("model-rejected",
                $"{wanted} was refused by its gate and cannot be deployed: "
                + $"{string.Join(" ", version.Gate.Checks.Where(c => !c.Passed).Select(c => c.Message))} Train a better version, or "
                + $"change the gate and train again.");

        var now = time.GetUtcNow();
        var deployment = await deployments.UpdateAsync(name, current =>
        {
            if (current?.Revisions.Any(r => r.WorkflowId == input.WorkflowId) == true) return null;
            if (current is not null && current.Model != wanted.Model)
                throw new ConflictException("deployment-other-model",
                    $"Deployment {name} serves the model '{current.Model}', not '{wanted.Model}'. Name another deployment.");
            current ??= new Deployment(wanted.Project, spec.Name, wanted.Model, [], spec.Health, spec.Monitor, now);
            var number = current.Revisions.Select(r => r.Number).DefaultIfEmpty().Max() + 1;
            return current.Add(new Revision(number, wanted, RevisionState.Created, 0, input.WorkflowId, now))
                with { Health = spec.Health, Monitor = spec.Monitor, UpdatedAt = now };
        }, ct);

        var made = deployment.Revisions.First(r => r.WorkflowId == input.WorkflowId);
        var revision = new RevisionRef(name, made.Number);
        await registry.SetAliasAsync(wanted, Aliases.Challenger, $"workflow {input.WorkflowId}", ct);
        await lineage.LinkAsync(new("model-version", wanted.ToString()), revision.Node(), "deployed-as", ct);
        var details = new Dictionary<string, string>
        {
            ["revision"] = made.Number.ToString(CultureInfo.InvariantCulture), ["version"] = wanted.ToString(),
                ["strategy"] = spec.Strategy.ToString(), ["requestedBy"] = input.Request.RequestedBy,
        };
        if (input.Approval is { } approval) (details["approvedBy"], details["comment"]) = (approval.By, approval.Comment ?? "");
        await audit.WriteAsync($"workflow {input.WorkflowId}", "deployment.create-revision", name.ToString(), details, ct, made.CreatedAt);
        return revision;
    }
}
