using System.CommandLine;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;
using TriOps.Cli.Workflows;
using TriOps.Core.Experiments;
using TriOps.Core.Names;
using TriOps.Core.Steps;

namespace TriOps.Cli.Commands;

/// <summary>pipeline run.</summary>
internal static class PipelineCommand
{
    private static readonly Argument<string> Pipeline = new("pipeline") { Description = "The pipeline." };
    private static readonly Option<int?> Version =
        new Option<int?>("--data-version") { Description = "The dataset version to learn from. Default: the newest.",
        HelpName = "N" }.Within(1, int.MaxValue);
    private static readonly Option<bool> Wait = new("--wait") { Description = "Follow the run to its end." };

    public static Command Create(Shell shell) => new Command("pipeline", "Run pipelines.")
    {
        new Command("run", "Start a run of a pipeline.") { Pipeline, GlobalOptions.Project, Version, Wait }
            .With([.. Exit.OfHostCommands, Exit.Refused], "triops pipeline run diagnosis --wait",
            "triops pipeline run diagnosis --data-version 3 --json")
            .Does(shell, RunAsync),
    }.With(Exit.OfHostCommands, "triops pipeline run diagnosis --wait");

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        var project = await call.ProjectAsync(ct);
        var accepted = await call.Api.StartRunAsync(project, Call.Name<PipelineName>(call.Get(Pipeline)), call.Get(Version), ct);
        call.Screen.Line($"Run [bold]{Human.Text(accepted.RunId ?? accepted.WorkflowId)}[/] has started.");
        if (!call.Get(Wait))
        {
            call.Screen.Result(accepted);
            return Exit.Ok;
        }
        var node = await new WorkflowFollower(call.Api, call.Screen, call.Shell.Time).FollowAsync(accepted.WorkflowId, ct);
        var result = node.Output<TrainResult>();
        call.Screen.Result(new { accepted.WorkflowId, accepted.RunId, result });
        return result is null ? Exit.Ok : RunReport.Show(call.Screen, result);
    }
}
