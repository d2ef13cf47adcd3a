using TriOps.Cli.CommandLine;
using TriOps.Core.Deployments;
using TriOps.Core.Experiments;
using TriOps.Core.Steps;

namespace TriOps.Cli.Output;

/// <summary>Tells what a run came to.</summary>
internal static class RunReport
{
    /// <summary>Prints it.</summary>
    /// <returns>0; 11 when the gate refused or the deployment was rolled back; 1 when the run failed.</returns>
    public static int Show(Screen screen, TrainResult result)
    {
        if (result.Status != RunStatus.Completed || result.Version is null)
        {
            screen.Line($"[red]Run {Human.Text(result.RunId)} {result.Status.ToString().ToLowerInvariant()}: "
                + $"{Human.Text(result.Error ?? "no reason given")}[/]");
            return Exit.Error;
        }
        if (result.Gate is { Passed: false } refused)
        {
            screen.Line($"[red]{result.Version} is refused by its gate:[/]");
            foreach (var check in refused.Checks.Where(c => !c.Passed)) screen.Line($"  {Human.Text($"{check.Name}: {check.Message}")}");
            return Exit.Refused;
        }
        screen.Line($"[green]{result.Version} passed its gate.[/]");
        return result.Deployment is null ? Exit.Ok : Show(screen, result.Deployment);
    }

    /// <summary>Prints what came of a deployment.</summary>
    /// <returns>0, or 11 when it was rolled back.</returns>
    public static int Show(Screen screen, DeployResult result)
    {
        if (result.State == RevisionState.Active)
        {
            screen.Line($"[green]{result.Revision?.Deployment} serves it as revision {result.Revision?.Number}.[/]");
            return Exit.Ok;
        }
        screen.Line($"[red]It was not deployed: {Human.Text(result.Reason ?? "no reason given")}[/]");
        return Exit.Refused;
    }
}
