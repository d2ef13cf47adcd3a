using System.Globalization;
using TriOps.Core;
using TriOps.Core.Deployments;
using TriOps.Core.Governance;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Deployments;

/// <summary>Sets a canary's share of the traffic. A superseded revision gets none: the call fails for good (code revision-ended).</summary>
public sealed class ShiftTraffic(DeploymentTable deployments, AuditLog audit, TimeProvider time) : IActivity<ShiftTrafficRequest, Done>
{
    /// <inheritdoc/>
    public static ActivityName<ShiftTrafficRequest, Done> Name => DeploySteps.ShiftTraffic;

    /// <inheritdoc/>
    public async Task<Done> Run(ShiftTrafficRequest input, CancellationToken ct)
    {
        if (input.Percent is < 0 or > 100)
            throw new InvalidInputException("traffic-out-of-range",
                $"A revision cannot take {input.Percent} % of the traffic; 0 to 100 is possible.");
        var deployment =
            await deployments.UpdateAsync(input.Revision.Deployment,
            current => current?.Shift(input.Revision.Number, input.Percent, time.GetUtcNow()), ct);
        var revision = deployment.Get(input.Revision.Number);
        await audit.WriteAsync($"workflow {revision.WorkflowId}", "deployment.traffic", input.Revision.Deployment.ToString(),
            new Dictionary<string, string>
        {
            ["revision"] = revision.Number.ToString(CultureInfo.InvariantCulture),
                ["percent"] = revision.Traffic.ToString(CultureInfo.InvariantCulture),
        }, ct, revision.ChangedAt);
        return Done.Value;
    }
}
