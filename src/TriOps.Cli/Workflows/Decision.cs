using System.CommandLine;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;
using TriOps.Core.Steps;

namespace TriOps.Cli.Workflows;

/// <summary>A person's decision on a deployment that waits for one.</summary>
internal static class Decision
{
    /// <summary>The workflow, or nothing for the only one that waits.</summary>
    public static Argument<string?> Workflow() =>
        new("workflow") { Description = "The deployment's workflow. Default: the only one that waits.", Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => null };

    /// <summary>Why.</summary>
    public static Option<string?> Comment() => new("--comment") { Description = "Why; it is kept with the decision.", HelpName = "TEXT" };

    /// <summary>Sends it, as the caller's.</summary>
    /// <exception cref="CliException">None waits (exit 10), or several do and none is named (exit 2).</exception>
    public static async Task<string> SendAsync(Call call, string? workflow, bool approved, string? comment, CancellationToken ct)
    {
        var id = workflow is { Length: > 0 } ? workflow : await OnlyAsync(call, ct);
        var accepted = await call.Api.DecideAsync(id, approved, comment, ct);
        call.Screen.Line($"{Human.Text(id)} is {(approved ? "[green]approved[/]" : "[red]rejected[/]")}.");
        return accepted.WorkflowId;
    }

    private static async Task<string> OnlyAsync(Call call, CancellationToken ct)
    {
        var waiting = (await call.Api.WorkflowsAsync("deploy-", 200, ct)).Where(DeploySteps.AwaitsApproval).ToList();
        return waiting switch
        {
            [var only] => only.InstanceId,
            [] => throw new CliException(Exit.NotFound, "nothing-waits",
                "No deployment waits for a decision. 'triops status' shows what runs."),
            _ => throw new CliException(Exit.Usage, "which-deployment", $"{waiting.Count} deployments wait for a decision. Name one.",
            [.. waiting.Select(w => w.InstanceId)]),
        };
    }
}
