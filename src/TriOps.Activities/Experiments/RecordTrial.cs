using TriOps.Core.Experiments;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Experiments;

/// <summary>Writes down how a trial ended and what it took, once: a trial that is no longer running stays as it is.</summary>
public sealed class RecordTrial(TrialBook book) : IActivity<TrialEnd, Done>
{
    /// <inheritdoc/>
    public static ActivityName<TrialEnd, Done> Name => TrainSteps.RecordTrial;

    /// <inheritdoc/>
    public async Task<Done> Run(TrialEnd input, CancellationToken ct)
    {
        await book.EndAsync(input, ct);
        return Done.Value;
    }
}
