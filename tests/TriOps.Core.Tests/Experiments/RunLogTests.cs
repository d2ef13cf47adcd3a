using Microsoft.Extensions.Time.Testing;
using TriOps.Core.Content;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Names;
using TriOps.Core.Tests.Storage;
using TriOps.Testing;
using TriOps.Testing.Fakes;

namespace TriOps.Core.Tests.Experiments;

public sealed class RunLogTests
{
    private readonly FakeTimeProvider time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly InterruptedDocuments<Run> runs = new(new MemoryDocuments<Run>());
    private readonly RunLog log;

    public RunLogTests() =>
        log = new(runs, new MemoryDocuments<RunEntry>(), new MemoryDocuments<Trial>(), new MemoryDocuments<MetricBatch>());

    [Fact]
    public async Task Start_Twice_KeepsTheFirstAndListsItOnce()
    {
        var first = await log.StartAsync(Run("r"), default);
        time.Advance(TimeSpan.FromMinutes(1));
        var second = await log.StartAsync(Run("r"), default);

        Assert.Equal(first, second);
        Assert.Equal(["r"], (await log.ListAsync(SampleProject.Data.Project, new(), default)).Items.Select(r => r.Id));
    }

    [Fact]
    public async Task List_SeveralRuns_NewestFirstPageByPage()
    {
        foreach (var id in (string[])["a", "b", "c"])
        {
            await log.StartAsync(Run(id), default);
            time.Advance(TimeSpan.FromMinutes(1));
        }

        var first = await log.ListAsync(SampleProject.Data.Project, new(2), default);
        var rest = await log.ListAsync(SampleProject.Data.Project, new(2, first.Continuation), default);

        Assert.Equal(["c", "b"], first.Items.Select(r => r.Id));
        Assert.Equal(["a"], rest.Items.Select(r => r.Id));
        Assert.Null(rest.Continuation);
    }

    [Fact]
    public async Task Update_SomebodyElseWasFaster_ChangesWhatStandsNow()
    {
        await log.StartAsync(Run("r"), default);
        runs.BeforeWrite = () => log.UpdateAsync("r", r => r with { BestTrial = 3 }, default);

        var run = await log.UpdateAsync("r", r => r with { Status = RunStatus.Completed }, default);

        Assert.Equal((3, RunStatus.Completed), (run.BestTrial, run.Status));
    }

    [Fact]
    public async Task Update_NoSuchRun_SaysSo() =>
        Assert.Equal("run-missing", (await Assert.ThrowsAsync<NotFoundException>(() => log.UpdateAsync("nope", r => r, default))).Code);

    [Fact]
    public async Task AddTrial_SameNumberTwice_KeepsTheFirst()
    {
        await log.AddTrialAsync(Trial(0, ModelFamily.Mlp), default);
        var second = await log.AddTrialAsync(Trial(0, ModelFamily.Linear), default);
        await log.AddTrialAsync(Trial(11, ModelFamily.Linear), default);
        await log.AddTrialAsync(Trial(2, ModelFamily.Linear), default);

        Assert.Equal(ModelFamily.Mlp, second.Family);
        Assert.Equal([0, 2, 11], (await log.TrialsAsync("r", default)).Select(t => t.Number));
    }

    [Fact]
    public async Task Metrics_AttemptsOverlap_TheLaterStandsAndTrialsStayApart()
    {
        await log.LogMetricsAsync("r", 1, 1, 0, [Point("loss", 0, 9), Point("loss", 1, 8), Point("auc", 0, 0.5)], default);
        await log.LogMetricsAsync("r", 1, 2, 0, [Point("loss", 1, 7), Point("loss", 2, double.NaN)], default);
        await log.LogMetricsAsync("r", 1, 2, 0, [Point("loss", 1, 7), Point("loss", 2, double.NaN)], default);
        await log.LogMetricsAsync("r", 11, 1, 0, [Point("loss", 0, 1)], default);

        var points = await log.MetricsAsync("r", 1, default);

        Assert.Equal([("auc", 0L, 0.5), ("loss", 0L, 9), ("loss", 1L, 7), ("loss", 2L, double.NaN)],
            points.Select(p => (p.Key, p.Step, p.Value)));
    }

    private Run Run(string id) =>
        new(id, SampleProject.Data.Project, PipelineName.Parse("diagnosis"), SampleProject.Data, RunReason.Manual, RunStatus.Running, 1,
        ContentId.OfBytes("plan"u8), time.GetUtcNow());

    private static Trial Trial(int number, ModelFamily family) =>
        new("r", number, family, new Dictionary<string, double>(), RunStatus.Running, $"r-t{number:D2}");

    private static MetricPoint Point(string key, long step, double value) => new(key, step, value, new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
}
