using TriOps.Core.Experiments;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Experiments;

/// <summary>Closes a run that came to nothing, and with it trials that nobody waits for any more. A run that has ended stays as it is; one
/// that failed before it was recorded has nothing to close.</summary>
public sealed class EndRun(RunCloser closer) : IActivity<RunEnd, Done>
{
    /// <inheritdoc/>
    public static ActivityName<RunEnd, Done> Name => TrainSteps.EndRun;

    /// <inheritdoc/>
    public async Task<Done> Run(RunEnd input, CancellationToken ct)
    {
        await closer.CloseAsync(input, ct);
        return Done.Value;
    }
}
