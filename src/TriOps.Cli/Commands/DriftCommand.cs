using System.CommandLine;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;
using TriOps.Cli.Workflows;
using TriOps.Core.Deployments;
using TriOps.Core.Names;
using TriOps.Core.Steps;

namespace TriOps.Cli.Commands;

/// <summary>Checks a deployment's recent traffic.</summary>
internal static class DriftCommand
{
    private static readonly Argument<string> Deployment = new("deployment") { Description = "The deployment." };
    private static readonly Option<int?> Minutes =
        new Option<int?>("--minutes") { Description = "How far back to look. Default: since the host's last check.",
        HelpName = "N" }.Within(1, 60 * 24 * 365);

    public static Command Create(Shell shell) =>
        new Command("drift", "Hold a deployment's recent traffic against what its model learned from, and show which columns moved.") {
        Deployment, GlobalOptions.Project, Minutes }
        .With(Exit.OfHostCommands, "triops drift diagnosis --minutes 60",
        "triops drift diagnosis --json | jq '.report.columns[] | select(.moved).message'")
        .Does(shell, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        var target = new DeploymentRef(await call.ProjectAsync(ct), Call.Name<DeploymentName>(call.Get(Deployment)));
        var now = call.Shell.Time.GetUtcNow();
        var from = call.Get(Minutes) is { } minutes ? now.AddMinutes(-minutes) : (DateTimeOffset?)null;
        var accepted = await call.Api.CheckAsync(target, from, from is null ? null : now, ct);
        var node = await new WorkflowFollower(call.Api, call.Screen, call.Shell.Time).FollowAsync(accepted.WorkflowId, ct);
        var result = node.Output<CheckResult>();
        var windowId = accepted.WindowId ?? result?.WindowId
            ?? throw new CliException(Exit.Error, "window-unknown", $"The check {accepted.WorkflowId} ended without naming its window.");
        var window = (await call.Api.WindowsAsync(target, 20, ct)).FirstOrDefault(w => w.Id == windowId);
        var report = window?.Report is null ? null : await call.Api.DriftReportAsync(target, windowId, ct);
        call.Screen.Result(new { accepted.WorkflowId, windowId, window, report, result?.Response, result?.Retrained });
        if (report is null)
            call.Screen.Line(
                $"Nothing is judged: {Human.Text(result?.Response.Message ?? $"the window holds {window?.Rows ?? 0} predictions.")}");
        else DriftView.Show(call.Screen, report);
        if (report is not null && result is not null) call.Screen.Line(Human.Text(result.Response.Message));
        foreach (var trained in result?.Retrained ?? []) RunReport.Show(call.Screen, trained);
        return Exit.Ok;
    }
}
