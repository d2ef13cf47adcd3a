using TriOps.Cli.Output;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Steps;

namespace TriOps.Cli.Demo;

/// <summary>How the demo ended.</summary>
/// <param name="Response">What the check decided.</param>
/// <param name="Retrained">What the retraining came to, or null when there was none.</param>
/// <param name="Champion">The version that serves now.</param>
/// <param name="Replaced">Whether it is another than before.</param>
internal sealed record Outcome(Response Response, TrainResult? Retrained, ModelVersionRef Champion, bool Replaced);

/// <summary>Follows what the check started, up to the version that replaces the champion or is refused.</summary>
internal static class RetrainStage
{
    public static async Task<Outcome> RunAsync(DemoContext demo, ModelVersion before, Drift drift, CancellationToken ct)
    {
        var node = await demo.Follower.FollowAsync(drift.Check.WorkflowId, ct);
        var result = node.Output<CheckResult>()
            ?? throw new CommandLine.CliException(CommandLine.Exit.Error, "check-unreadable",
            $"The result of {drift.Check.WorkflowId} is not readable. Use the same version of host and command line.");
        demo.Screen.Line($"decision: {Human.Text(result.Response.Message)}");

        var trained = result.Retrained is [var first, ..] ? first : null;
        if (trained is { Version: { } version })
        {
            ModelReport.Difference(demo.Screen, await demo.Api.EvaluationAsync(version, ct));
            if (trained.Gate is { } gate) ModelReport.Gate(demo.Screen, gate);
        }
        else if (trained is not null) RunReport.Show(demo.Screen, trained);

        ModelReport.Lineage(demo.Screen,
            await demo.Api.LineageAsync(demo.Sample.Project, new LineageNode("model-version", before.Ref.ToString()), ct));
        var now = (await demo.ChampionAsync(ct))?.Ref ?? before.Ref;
        var replaced = now != before.Ref;
        demo.Screen.Line(Verdict(before.Ref, now, trained));
        return new(result.Response, trained, now, replaced);
    }

    private static string Verdict(ModelVersionRef before, ModelVersionRef now, TrainResult? trained)
    {
        if (now != before) return $"[green]{now} replaces {before} as champion.[/]";
        if (trained?.Gate is { Passed: false } gate)
            return $"[yellow]{trained.Version} is refused: "
                + $"{Human.Text(string.Join("; ", gate.Checks.Where(c => !c.Passed).Select(c => c.Message)))} {before} stays champion.[/]";
        return trained?.Deployment?.Reason is { } reason
            ? $"[yellow]{trained.Version} was taken out of service: {Human.Text(reason)} {before} stays champion.[/]"
            : $"{before} stays champion.";
    }
}
