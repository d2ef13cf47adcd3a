using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;
using TriOps.Cli.Workflows;
using TriOps.Core.Models;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Cli.Demo;

/// <summary>Follows the pipeline from the upload to the deployed version.</summary>
internal static class PipelineStage
{
    /// <summary>The champion when all of it is over.</summary>
    /// <exception cref="CliException">The version was quarantined, the run failed, or the gate refused and nothing serves.</exception>
    public static async Task<ModelVersion> RunAsync(DemoContext demo, Upload upload, CancellationToken ct)
    {
        if (upload.IsKnown && (await demo.Api.WorkflowAsync(upload.WorkflowId, ct)).Status == WorkflowStatus.Completed
            && await demo.ChampionAsync(ct) is { } standing)
        {
            demo.Screen.Line($"The pipeline has run. Champion: [bold]{standing.Ref}[/], registered {Human.Time(standing.CreatedAt)}.");
            return standing;
        }
        var node = await demo.Follower.FollowAsync(upload.WorkflowId, ct);
        var result = node.Output<IngestResult>()
            ?? throw new CliException(Exit.Error, "ingest-unreadable",
            $"The result of {upload.WorkflowId} is not readable. Use the same version of host and command line.");
        var code = IngestReport.Show(demo.Screen, result);
        if (await demo.ChampionAsync(ct) is { } champion) return champion;
        var next = code == Exit.Refused ? "The reasons are above: change the rules in triops.yaml, or the data."
            : $"Look at the steps above and at {demo.State.Log}.";
        throw new CliException(code == Exit.Ok ? Exit.Error
            : code, "no-champion", $"The pipeline ended, but no version serves {demo.Sample.Deployment}. {next}");
    }
}
