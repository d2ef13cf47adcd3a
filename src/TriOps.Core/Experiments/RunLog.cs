using System.Runtime.CompilerServices;
using TriOps.Core.Names;
using TriOps.Core.Storage;

namespace TriOps.Core.Experiments;

/// <summary>Runs, their trials and their metric curves.</summary>
public sealed class RunLog(IDocuments<Run> runs, IDocuments<RunEntry> index, IDocuments<Trial> trials, IDocuments<MetricBatch> metrics)
{
    private const string RunRow = "run";
    private const string Open = "@open"; // No project's name.

    /// <summary>Records a run; a second call returns the first's. Until <see cref="ForgetOpenAsync"/> it is among the open ones.</summary>
    public async Task<Run> StartAsync(Run run, CancellationToken ct)
    {
        await index.PutAsync(new(Open, run.Id), new RunEntry(run.Id), ct); // First, so that a run that is under way is always found.
        var stored = await runs.GetOrInsertAsync(new(run.Id, RunRow), run, ct);
        await index.PutAsync(new(run.Project.Value, $"{Rows.Descending(stored.CreatedAt)}:{run.Id}"), new RunEntry(run.Id), ct);
        return stored;
    }

    /// <summary>The run.</summary>
    /// <exception cref="NotFoundException">There is none of that id.</exception>
    public async Task<Run> GetAsync(string id, CancellationToken ct) => await FindAsync(id, ct) ?? throw Missing(id);

    /// <summary>The run, or null.</summary>
    public async Task<Run?> FindAsync(string id, CancellationToken ct) => (await runs.FindAsync(new(id, RunRow), ct))?.Value;

    /// <summary>Changes a run.</summary>
    public async Task<Run> UpdateAsync(string id, Func<Run, Run> change, CancellationToken ct) =>
        await runs.UpdateAsync(new(id, RunRow), run => change(run ?? throw Missing(id)), ct) ?? throw Missing(id);

    /// <summary>Ids of the runs that are under way; for a moment, also of some that have just ended.</summary>
    public async IAsyncEnumerable<string> OpenAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var entry in index.AllAsync(Open, ct)) yield return entry.Value.Id;
    }

    /// <summary>The run has ended, and nothing of it goes on.</summary>
    public Task ForgetOpenAsync(string id, CancellationToken ct) => index.DeleteAsync(new(Open, id), ct);

    /// <summary>A project's runs, newest first.</summary>
    public async Task<Page<Run>> ListAsync(ProjectName project, PageRequest page, CancellationToken ct)
    {
        var entries = await index.ListAsync(project.Value, page, ct);
        var found = await Task.WhenAll(entries.Items.Select(e => FindAsync(e.Value.Id, ct)));
        return new([.. found.OfType<Run>()], entries.Continuation);
    }

    /// <summary>Adds a trial unless it is there; the one that stands is returned.</summary>
    public Task<Trial> AddTrialAsync(Trial trial, CancellationToken ct) =>
        trials.GetOrInsertAsync(new(trial.RunId, Rows.Ascending(trial.Number)), trial, ct);

    /// <summary>Changes a trial.</summary>
    public async Task<Trial> UpdateTrialAsync(string runId, int number, Func<Trial, Trial> change, CancellationToken ct) =>
        await trials.UpdateAsync(new(runId, Rows.Ascending(number)), trial => change(trial ?? throw Missing($"{runId} trial {number}")),
            ct) ?? throw Missing($"{runId} trial {number}");

    /// <summary>A run's trials by number.</summary>
    public async Task<IReadOnlyList<Trial>> TrialsAsync(string runId, CancellationToken ct)
    {
        var found = new List<Trial>();
        await foreach (var trial in trials.AllAsync(runId, ct)) found.Add(trial.Value);
        return found;
    }

    /// <summary>Appends points to a trial's curves. The same attempt and sequence again replaces what it wrote.</summary>
    /// <param name="runId">Of which run.</param>
    /// <param name="trial">Of which trial.</param>
    /// <param name="attempt">The writer's attempt, from 1.</param>
    /// <param name="sequence">0, 1, … within the attempt.</param>
    /// <param name="points">At most 1,000.</param>
    /// <param name="ct">Cancels.</param>
    public Task LogMetricsAsync(string runId, int trial, int attempt, int sequence, IReadOnlyList<MetricPoint> points,
        CancellationToken ct) =>
        metrics.PutAsync(new(runId, $"{Rows.Ascending(trial)}-{Rows.Ascending(attempt)}-{Rows.Ascending(sequence)}"),
            new MetricBatch(points), ct);

    /// <summary>A trial's points by key and step; where attempts overlap, the later attempt's stand.</summary>
    public async Task<IReadOnlyList<MetricPoint>> MetricsAsync(string runId, int trial, CancellationToken ct)
    {
        var latest = new SortedDictionary<(string, long), MetricPoint>();
        await foreach (var batch in metrics.AllAsync(runId, ct, $"{Rows.Ascending(trial)}-"))
            foreach (var point in batch.Value.Points) latest[(point.Key, point.Step)] = point;
        return [.. latest.Values];
    }

    private static NotFoundException Missing(string id) =>
        new("run-missing", $"There is no run '{id}'. 'triops runs' lists those there are.");
}

/// <summary>A run's place in its project's list.</summary>
public sealed record RunEntry(string Id);

/// <summary>Points written together.</summary>
public sealed record MetricBatch(IReadOnlyList<MetricPoint> Points);
