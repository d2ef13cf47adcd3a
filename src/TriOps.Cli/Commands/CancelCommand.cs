using System.CommandLine;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;

namespace TriOps.Cli.Commands;

/// <summary>Ends a workflow from outside.</summary>
internal static class CancelCommand
{
    private static readonly Argument<string> Workflow =
        new("workflow") { Description = "Its id, as 'triops status' shows it; a run's id is its workflow's." };
    private static readonly Option<string> Reason =
        new("--reason") { Description = "Why; it is kept with what is ended.", HelpName = "TEXT",
        DefaultValueFactory = _ => "Cancelled by hand." };

    public static Command Create(Shell shell) =>
        new Command("cancel",
        "End a run, a deployment or any other workflow, with all it started: jobs stop, revisions on their way are taken out.") {
        Workflow, Reason }
        .With(Exit.OfHostCommands, "triops cancel train-clinic-diagnosis-v3 --reason 'wrong file'")
        .Does(shell, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        var accepted = await call.Api.TerminateAsync(call.Get(Workflow), call.Get(Reason)!, ct);
        call.Screen.Line($"{Human.Text(accepted.WorkflowId)} is ended.");
        call.Screen.Result(accepted);
        return Exit.Ok;
    }
}
