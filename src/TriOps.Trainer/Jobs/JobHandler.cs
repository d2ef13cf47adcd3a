using System.Diagnostics;
using TriOps.Core.Compute;

namespace TriOps.Trainer.Jobs;

/// <summary>One attempt at a job, as its handler sees it.</summary>
/// <param name="Spec">What is asked.</param>
/// <param name="Attempt">Which attempt, from 1.</param>
/// <param name="Pulse">Gets the phase and how far it is.</param>
internal sealed record JobRun(JobSpec Spec, int Attempt, JobPulse Pulse);

/// <summary>Does one kind of <see cref="JobWork"/>. Registered once in <see cref="TrainerServices"/>.</summary>
internal interface IJobHandler
{
    /// <summary>The kind: a type of work.</summary>
    Type Kind { get; }

    /// <summary>Does it.</summary>
    /// <param name="run">The attempt; its work is of this <see cref="Kind"/>.</param>
    /// <param name="stop">The process is asked to go: a checkpoint is saved, so that another attempt resumes.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    Task<JobResult> RunAsync(JobRun run, CancellationToken stop);

    /// <summary>Says on the attempt's span what the work is.</summary>
    void Tag(Activity span, JobWork work);
}

/// <summary>A handler that knows its work's type.</summary>
internal abstract class JobHandler<TWork> : IJobHandler where TWork : JobWork
{
    /// <inheritdoc/>
    public Type Kind => typeof(TWork);

    /// <inheritdoc/>
    public Task<JobResult> RunAsync(JobRun run, CancellationToken stop) => RunAsync(run, (TWork)run.Spec.Work, stop);

    /// <inheritdoc/>
    public void Tag(Activity span, JobWork work) => Tag(span, (TWork)work);

    /// <inheritdoc cref="IJobHandler.RunAsync"/>
    protected abstract Task<JobResult> RunAsync(JobRun run, TWork work, CancellationToken stop);

    /// <inheritdoc cref="IJobHandler.Tag"/>
    protected abstract void Tag(Activity span, TWork work);
}
