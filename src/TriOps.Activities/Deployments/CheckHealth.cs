using System.Globalization;
using TriOps.Core.Deployments;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Deployments;

/// <summary>Judges a canary by its requests since a time: its share of errors, and its 95th percentile of latency beside the active
/// revision's. Below the fewest requests there is no judgement, and latency is compared only when the active revision has as
/// many.</summary>
public sealed class CheckHealth(DeploymentTable deployments, InferenceLog log, TimeProvider time) : IActivity<HealthRequest, HealthVerdict>
{
    /// <inheritdoc/>
    public static ActivityName<HealthRequest, HealthVerdict> Name => DeploySteps.CheckHealth;

    /// <inheritdoc/>
    public async Task<HealthVerdict> Run(HealthRequest input, CancellationToken ct)
    {
        var deployment = await deployments.GetAsync(input.Revision.Deployment, ct);
        var canary = deployment.GetOpen(input.Revision.Number);
        var stats =
            await RevisionStatistics.ComputeAsync(log.ReadRequestsAsync(input.Revision.Deployment, input.Since, time.GetUtcNow(), ct), ct);
        return Judge(deployment.Health, stats.FirstOrDefault(s => s.Revision == canary.Number),
            stats.FirstOrDefault(s => s.Revision == deployment.Active?.Number));
    }

    private static HealthVerdict Judge(Core.Projects.HealthSpec spec, RevisionStats? canary, RevisionStats? active)
    {
        if (canary is null || canary.Requests < spec.MinRequests)
            return new(true, $"{canary?.Requests ?? 0} requests are too few to judge by; {spec.MinRequests} are needed.");
        var errors = (double)canary.Errors / canary.Requests;
        if (errors > spec.MaxErrorRate)
            return new(false,
                Text($"Revision {canary.Revision} failed {canary.Errors} of {canary.Requests} requests ({errors * 100:0.#} %); {spec.MaxErrorRate * 100:0.#} % is allowed."));
        if (active is not null && active.Requests - active.Errors >= spec.MinRequests && active.P95 > 0
            && canary.P95 > active.P95 * spec.MaxLatencyRatio)
            return new(false,
                Text($"Revision {canary.Revision} takes {canary.P95:0.##} ms (p95 of {canary.Requests} requests), {canary.P95 / active.P95:0.#} times revision {active.Revision}'s {active.P95:0.##} ms; {spec.MaxLatencyRatio:0.#} times is allowed."));
        return new(true,
            Text($"Revision {canary.Revision}: {canary.Requests} requests, {errors * 100:0.#} % errors, p95 {canary.P95:0.##} ms."));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
