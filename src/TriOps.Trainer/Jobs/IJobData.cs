using TriOps.Core.Experiments;
using TriOps.Data.Tables;

namespace TriOps.Trainer.Jobs;

/// <summary>Where a job's rows come from.</summary>
public interface IJobData
{
    /// <summary>All rows of the plan's version, in the layout of its features.</summary>
    Task<TabularData> ReadAsync(TrainingPlan plan, CancellationToken ct);
}
