using TriOps.Cli.Api;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Data;
using TriOps.Cli.Output;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Signatures;
using TriOps.Core.Steps;

namespace TriOps.Cli.Demo;

/// <summary>The check of the shifted traffic, under way.</summary>
/// <param name="Check">The workflow, whose retraining may still run.</param>
/// <param name="Report">Which columns moved.</param>
internal sealed record Drift(Accepted Check, DriftReport Report);

/// <summary>Sends a shifted batch with its labels, and has the traffic checked.</summary>
internal static class DriftStage
{
    private const int RowsPerRequest = 50;

    /// <summary>The inference log goes out every second; this is how long the last rows may take to be in it.</summary>
    private static readonly TimeSpan LogDelay = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    public static async Task<Drift> RunAsync(DemoContext demo, ModelVersion champion, IReadOnlyList<Dictionary<string, string?>> rows,
        CancellationToken ct)
    {
        var scenario = demo.Sample.Scenario;
        var seed = (int)(demo.Time.GetUtcNow().ToUnixTimeSeconds() % 10_000_000); // another batch in every demo
        var batch = await demo.Sample.LaterAsync(rows, seed, ct);
        var how = scenario.Shifts.Count == 0 ? ""
            : $" ({string.Join(", ", scenario.Shifts.Select(s => $"{s.Column} × {Human.Number(s.Factor)}"))})";
        demo.Screen.Line($"{batch.Count} rows: {Human.Text(scenario.Story + how)}");

        var from = await NextSecondAsync(demo.Time, ct); // windows are told apart to the second, and the clean rows are no part of this one
        var right = await SendAsync(demo, champion.Artifacts.Signature.Table, batch, ct);
        demo.Screen.Line($"sent, with what turned out to be true as feedback: {right} of {batch.Count} were right "
            + $"({Human.Number((double)right / batch.Count)})");
        await Task.Delay(LogDelay, demo.Time, ct);
        var to = await NextSecondAsync(demo.Time, ct);

        var check = await demo.Api.CheckAsync(demo.Sample.Deployment, from, to, ct);
        var window = await WindowAsync(demo, check, new CheckRequest(demo.Sample.Deployment, from, to).WindowId, ct);
        if (window.Report is null)
            throw new CliException(Exit.Error, "window-small",
                $"The window {window.Id} holds {window.Rows} predictions, too few to judge, though {batch.Count} were sent. The inference "
                + $"log may be behind: run the demo again.");
        var report = await demo.Api.DriftReportAsync(demo.Sample.Deployment, window.Id, ct);
        DriftView.Show(demo.Screen, report);
        return new(check, report);
    }

    /// <summary>Predicts the rows and reports their labels.</summary>
    /// <returns>How many predictions were right.</returns>
    private static async Task<int> SendAsync(DemoContext demo, TableSignature signature, IReadOnlyList<LabelledRow> batch,
        CancellationToken ct) =>
        await demo.Screen.ProgressAsync($"predict {batch.Count} rows", batch.Count, async progress =>
        {
            var (right, sent) = (0, 0);
            foreach (var chunk in batch.Chunk(RowsPerRequest))
            {
                var answer =
                    await demo.Api.PredictAsync(demo.Sample.Deployment, [.. chunk.Select(r => ModelRows.ForPredict(signature, r.Row))], ct);
                await demo.Api.FeedbackAsync(demo.Sample.Deployment,
                    [.. answer.Items.Zip(chunk, (p, r) => new FeedbackLabel(p.Id, r.Label))], ct);
                right += answer.Items.Zip(chunk).Count(pair => pair.First.Label == pair.Second.Label);
                progress.Report(sent += chunk.Length);
            }
            return right;
        });

    /// <summary>Waits until the check has stored its window.</summary>
    private static async Task<Window> WindowAsync(DemoContext demo, Accepted check, string expectedId, CancellationToken ct)
    {
        var id = check.WindowId ?? expectedId;
        while (true)
        {
            var instance = await demo.Api.WorkflowAsync(check.WorkflowId, ct); // read first: what ends after this leaves its window below
            if ((await demo.Api.WindowsAsync(demo.Sample.Deployment, 20, ct)).FirstOrDefault(w => w.Id == id) is { } window) return window;
            if (instance.IsEnded)
                throw new CliException(Exit.Error, "check-failed",
                    $"The drift check {check.WorkflowId} ended without a window: {instance.Failure?.Message ?? "no reason given"} Look at "
                    + $"{demo.State.Log}.");
            await Task.Delay(Pause, demo.Time, ct);
        }
    }

    private static async Task<DateTimeOffset> NextSecondAsync(TimeProvider time, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var next = new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerSecond + TimeSpan.TicksPerSecond, TimeSpan.Zero);
        while (time.GetUtcNow() < next) await Task.Delay(TimeSpan.FromMilliseconds(50), time, ct);
        return next;
    }
}
