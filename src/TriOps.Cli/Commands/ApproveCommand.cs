using System.CommandLine;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;
using TriOps.Cli.Workflows;
using TriOps.Core.Steps;

namespace TriOps.Cli.Commands;

/// <summary>Lets a deployment go on.</summary>
internal static class ApproveCommand
{
    private static readonly Argument<string?> Workflow = Decision.Workflow();
    private static readonly Option<string?> Comment = Decision.Comment();
    private static readonly Option<bool> Wait = new("--wait") { Description = "Follow the deployment to its end." };

    public static Command Create(Shell shell) =>
        new Command("approve",
        "Let a deployment that waits for a person go on. The decision is yours: of whose key or sign-in sends it.") { Workflow,
        Comment, Wait }
        .With([.. Exit.OfHostCommands, Exit.Refused], "triops approve",
        "triops approve deploy-clinic-diagnosis-v3-auto --comment 'as agreed' --wait")
        .Does(shell, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        var id = await Decision.SendAsync(call, call.Get(Workflow), approved: true, call.Get(Comment), ct);
        if (!call.Get(Wait))
        {
            call.Screen.Result(new { workflowId = id, approved = true });
            return Exit.Ok;
        }
        var result = (await new WorkflowFollower(call.Api, call.Screen, call.Shell.Time).FollowAsync(id, ct)).Output<DeployResult>();
        call.Screen.Result(new { workflowId = id, approved = true, result });
        return result is null ? Exit.Ok : RunReport.Show(call.Screen, result);
    }
}
