using System.CommandLine;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;
using TriOps.Core.Deployments;
using TriOps.Core.Names;

namespace TriOps.Cli.Commands;

/// <summary>Lists a deployment's alerts.</summary>
internal static class AlertsCommand
{
    private static readonly Argument<string> Deployment = new("deployment") { Description = "The deployment." };

    public static Command Create(Shell shell) =>
        new Command("alerts", "List what a deployment's traffic gave cause to look at, latest first, and what followed.") { Deployment,
        GlobalOptions.Project }
        .With(Exit.OfHostCommands, "triops alerts diagnosis", "triops alerts diagnosis --json | jq -r '.items[0].message'")
        .Does(shell, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        var alerts =
            await call.Api.AlertsAsync(new DeploymentRef(await call.ProjectAsync(ct), Call.Name<DeploymentName>(call.Get(Deployment))), ct);
        call.Screen.Result(new { items = alerts });
        var table = new Sheet("at", "kind", "what", "window", "what followed").Texts("what", "what followed").Optional("window", "kind");
        foreach (var a in alerts)
            table.Row(Human.Time(a.At), Human.Text(a.Kind), Human.Text(a.Message), Human.Text(a.WindowId), Human.Text(a.Action));
        if (alerts.Count == 0) call.Screen.Line("No alert. 'triops drift' holds the recent traffic against the training data now.");
        else call.Screen.Draw(table);
        return Exit.Ok;
    }
}
