using TriOps.Core.Monitoring;
using TriOps.Core.Steps;

namespace TriOps.Cli.Demo;

/// <summary>What a demo came to, for programs.</summary>
internal sealed record DemoSummary(Uri Url, string Project, bool FirstRun, string Champion, bool Drifted,
    IReadOnlyList<string> MovedColumns, ResponseKind Response, string? Retrained, bool Replaced, IReadOnlyList<StageTime> Stages);

/// <summary>The main path, as its users walk it: upload, pipeline, model, predictions, drift, retraining.</summary>
internal sealed class DemoRun(DemoContext demo, StageClock clock)
{
    /// <summary>All stages after the host is up.</summary>
    public async Task<DemoSummary> RunAsync(CancellationToken ct)
    {
        var rows = await demo.Sample.RowsAsync(ct);
        var upload = await clock.RunAsync("upload", "1 Upload: a project and its data", () => UploadStage.RunAsync(demo, ct));
        var champion =
            await clock.RunAsync("pipeline", "2 Pipeline: from the upload to a served model",
            () => PipelineStage.RunAsync(demo, upload, ct));
        await clock.RunAsync("model", "3 Model: metrics, verdict, lineage", () => ModelStage.RunAsync(demo, champion, ct));
        await clock.RunAsync("predictions", "4 Predictions over HTTP", () => PredictStage.RunAsync(demo, champion, rows, ct));
        var drift = await clock.RunAsync("drift", "5 Drift: traffic that is not what the model learned from",
            () => DriftStage.RunAsync(demo, champion, rows, ct));
        var outcome =
            await clock.RunAsync("retraining", "6 Retraining: what follows from the drift",
            () => RetrainStage.RunAsync(demo, champion, drift, ct));
        return new(demo.Api.Address, demo.Sample.Project.Value, !upload.IsKnown, outcome.Champion.ToString(), drift.Report.Drifted,
            [.. drift.Report.Columns.Where(c => c.Moved).Select(c => c.Column)],
            outcome.Response.Kind, outcome.Retrained?.Version?.ToString(), outcome.Replaced, clock.Times);
    }
}
