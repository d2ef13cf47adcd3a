using System.CommandLine;
using System.Globalization;
using TriOps.Cli.Api;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;
using TriOps.Cli.Workflows;
using TriOps.Core.Deployments;
using TriOps.Core.Names;
using TriOps.Core.Steps;

namespace TriOps.Cli.Commands;

/// <summary>Takes a deployment one step back.</summary>
internal static class RollbackCommand
{
    private static readonly Argument<string> Deployment = new("deployment") { Description = "The deployment." };
    private static readonly Option<string> Reason =
        new("--reason") { Description = "Why; it is kept with a revision that is taken out.", HelpName = "TEXT",
        DefaultValueFactory = _ => "Rolled back by hand." };
    private static readonly Option<bool> Wait = new("--wait") { Description = "Follow the deployment of the version before to its end." };

    public static Command Create(Shell shell) =>
        new Command("rollback",
        "Take out the revision that is on its way, and all traffic returns to the one that serves; or, when none is, deploy the version "
        + "that served before at once.")
    {
        Deployment, GlobalOptions.Project, Reason, Wait,
    }.With([.. Exit.OfHostCommands, Exit.Refused], "triops rollback diagnosis --wait",
    "triops rollback diagnosis --reason 'wrong labels' --json").Does(shell, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        var target = new DeploymentRef(await call.ProjectAsync(ct), Call.Name<DeploymentName>(call.Get(Deployment)));
        var deployment = await call.Api.DeploymentAsync(target, ct);
        if (deployment.Revisions.LastOrDefault(r => r.State is RevisionState.Created or RevisionState.Canary) is { } coming)
        {
            await call.Api.TerminateAsync(coming.WorkflowId, call.Get(Reason)!, ct);
            call.Screen.Line(
                $"Revision {coming.Number} ({coming.Version}) is taken "
                + $"out{(deployment.Active is { } stays ? $"; {stays.Version} serves" : "")}.");
            call.Screen.Result(new { takenOut = coming.Version, serves = deployment.Active?.Version, coming.WorkflowId });
            return Exit.Ok;
        }
        if (deployment.Active is not { } active || deployment.ReplacedBy(active.Number) is not { } before)
            throw new CliException(Exit.NotFound, "nothing-before",
                $"{target} has no version that served before. 'triops models' lists those there are; 'triops deploy MODEL:VERSION' "
                + $"brings one in.");
        var body = new DeployBody(target.Project, deployment.Model, before.Version.Number.ToString(CultureInfo.InvariantCulture),
            target.Name, "immediate");
        var accepted = await call.Api.DeployAsync(body, ct);
        call.Screen.Line($"{before.Version} takes the place of {active.Version}: {Human.Text(accepted.WorkflowId)}");
        var result = call.Get(Wait)
            ? (await new WorkflowFollower(call.Api, call.Screen, call.Shell.Time).FollowAsync(accepted.WorkflowId, ct))
            .Output<DeployResult>() : null;
        call.Screen.Result(new { takenOut = active.Version, serves = before.Version, accepted.WorkflowId, result });
        return result is null ? Exit.Ok : RunReport.Show(call.Screen, result);
    }
}
