using TriOps.Core.Compute;

namespace TriOps.Testing;

/// <summary>What tests look for in the ends of jobs.</summary>
public static class Ends
{
    /// <summary>The result of a job that ran a trial.</summary>
    public static TrialResult Trial(this JobEnd end) => (TrialResult)end.Result!;
}
