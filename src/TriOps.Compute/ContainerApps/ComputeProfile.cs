using TriOps.Core;
using TriOps.Core.Names;

namespace TriOps.Compute;

/// <summary>A kind of machine, as a Container Apps job that is bound to it: a workload profile belongs to the job, not to its
/// executions.</summary>
/// <param name="Name">What a pipeline asks for.</param>
/// <param name="Job">ARM resource id of the job: /subscriptions/…/resourceGroups/…/providers/Microsoft.App/jobs/….</param>
/// <param name="MicrosPerHour">Price of one execution for an hour, in millionths of the currency's unit; 0 or more.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record ComputeProfile(ProfileName Name, string Job, long MicrosPerHour, string Currency)
{
    /// <summary>What <paramref name="seconds"/> (0 or more) cost.</summary>
    public Money PriceOf(double seconds) => Money.Of(seconds, MicrosPerHour, Currency);
}
