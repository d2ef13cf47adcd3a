using System.CommandLine;
using TriOps.Cli.Api;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;
using TriOps.Cli.Workflows;
using TriOps.Core.Deployments;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Steps;

namespace TriOps.Cli.Commands;

/// <summary>Deploys a model version.</summary>
internal static class DeployCommand
{
    private static readonly Argument<string> Model = new("model:version") { Description = "A model and its version's number or alias." };
    private static readonly Option<string?> Deployment =
        new("--deployment") { Description = "Where to. Default: what the pipeline's file says.", HelpName = "NAME" };
    private static readonly Option<string?> Strategy =
        new("--strategy") { Description = "How traffic moves: immediate or canary.", HelpName = "HOW" };
    private static readonly Option<bool> Wait = new("--wait") { Description = "Follow the deployment to its end." };

    static DeployCommand() => Strategy.AcceptOnlyFromAmong("immediate", "canary");

    public static Command Create(Shell shell) =>
        new Command("deploy", "Bring a model version into service.") { Model, GlobalOptions.Project, Deployment, Strategy, Wait }
        .With([.. Exit.OfHostCommands, Exit.Refused], "triops deploy diagnosis:3 --wait",
        "triops deploy diagnosis:challenger --strategy canary")
        .Does(shell, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        if (call.Get(Model).Split(':') is not [var model, { Length: > 0 } version])
            throw new CliException(Exit.Usage, "version-invalid",
                $"'{call.Get(Model)}' names no model version. Write model:number or model:alias, as in diagnosis:3.");
        var project = await call.ProjectAsync(ct);
        var deployment = call.Get(Deployment) is { Length: > 0 } named ? Call.Name<DeploymentName>(named) : (DeploymentName?)null;
        var accepted =
            await call.Api.DeployAsync(new DeployBody(project, Call.Name<ModelName>(model), version, deployment, call.Get(Strategy)), ct);
        call.Screen.Line($"Deployment of {Human.Text($"{model}:{version}")} has started: {Human.Text(accepted.WorkflowId)}");
        if (!call.Get(Wait))
        {
            call.Screen.Result(accepted);
            return Exit.Ok;
        }
        var node = await new WorkflowFollower(call.Api, call.Screen, call.Shell.Time).FollowAsync(accepted.WorkflowId, ct);
        var result = node.Output<DeployResult>();
        call.Screen.Result(new { accepted.WorkflowId, result });
        return result is null ? Exit.Ok : RunReport.Show(call.Screen, result);
    }
}
