using Microsoft.Extensions.Logging;
using TriOps.Core.Compute;
using TriOps.Core.Experiments;
using TriOps.Training;

namespace TriOps.Trainer.Jobs;

/// <summary>Carries curves from the fitting thread to the run's log, in batches at most every second.</summary>
internal sealed class MetricStream : ITrainingProgress, IAsyncDisposable
{
    private const int MaxBatch = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stop = new();
    private readonly RunLog runLog;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly TrialWork work;
    private readonly string job;
    private readonly JobPulse pulse;
    private readonly int attempt;
    private readonly Task loop;
    private List<MetricPoint> waiting = [];
    private int sequence;

    public MetricStream(RunLog runLog, TimeProvider time, ILogger log, string job, TrialWork work, int attempt, JobPulse pulse)
    {
        (this.runLog, this.time, this.log, this.job, this.work, this.attempt, this.pulse) = (runLog, time, log, job, work, attempt, pulse);
        loop = Task.Run(FlushLoopAsync);
    }

    public void Report(double progress) => pulse.Report(progress);

    public void Log(string key, long step, double value)
    {
        var point = new MetricPoint(key, step, value, time.GetUtcNow());
        lock (gate) waiting.Add(point);
    }

    public void Note(string text) => log.LogInformation("Job {Job}: {Note}", job, text);

    private async Task FlushLoopAsync()
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                try { await FlushAsync(); }
                catch (Exception e) { log.LogWarning(e, "Metrics could not be written; they are kept for the next batch."); }
            }
        }
        catch (OperationCanceledException) { /* The last batch follows. */ }
    }

    private async Task FlushAsync()
    {
        while (true)
        {
            List<MetricPoint> batch;
            lock (gate) batch = waiting.Take(MaxBatch).ToList();
            if (batch.Count == 0) return;
            await runLog.LogMetricsAsync(work.RunId, work.Trial, attempt, sequence, batch, CancellationToken.None);
            sequence++;
            lock (gate) waiting = waiting.Skip(batch.Count).ToList();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop;
        await FlushAsync();
        stop.Dispose();
    }
}
