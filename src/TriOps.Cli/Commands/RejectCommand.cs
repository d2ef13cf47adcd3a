using System.CommandLine;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Workflows;

namespace TriOps.Cli.Commands;

/// <summary>Stops a deployment.</summary>
internal static class RejectCommand
{
    private static readonly Argument<string?> Workflow = Decision.Workflow();
    private static readonly Option<string?> Comment = Decision.Comment();

    public static Command Create(Shell shell) =>
        new Command("reject", "Stop a deployment that waits for a person. The decision is yours: of whose key or sign-in sends it.") {
        Workflow, Comment }
        .With(Exit.OfHostCommands, "triops reject --comment 'too few rows'", "triops reject deploy-clinic-diagnosis-v3-auto")
        .Does(shell, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        var id = await Decision.SendAsync(call, call.Get(Workflow), approved: false, call.Get(Comment), ct);
        call.Screen.Result(new { workflowId = id, approved = false });
        return Exit.Ok;
    }
}
