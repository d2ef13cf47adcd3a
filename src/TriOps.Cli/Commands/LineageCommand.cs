using System.CommandLine;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;
using TriOps.Core.Governance;

namespace TriOps.Cli.Commands;

/// <summary>Shows what something was made from, and what came of it.</summary>
internal static class LineageCommand
{
    private static readonly Argument<string> Id =
        new("id") { Description = "What: diagnosis:3 (a model version), or as --kind says; a run's or window's id." };
    private static readonly Option<string> Kind =
        new("--kind") { Description = "What the id names.", HelpName = "KIND", DefaultValueFactory = _ => "model-version" };

    static LineageCommand() =>
        Kind.AcceptOnlyFromAmong("dataset-version", "run", "model-version", "evaluation", "deployment-revision", "window");

    public static Command Create(Shell shell) =>
        new Command("lineage", "Show what something was made from and what came of it: data, runs, versions, deployments, windows.") { Id,
        Kind, GlobalOptions.Project }
        .With(Exit.OfHostCommands, "triops lineage diagnosis:3", "triops lineage tumours:1 --kind dataset-version --json")
        .Does(shell, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        var project = await call.ProjectAsync(ct);
        var (id, kind) = (call.Get(Id), call.Get(Kind)!);
        if (kind is "dataset-version" or "model-version" or "deployment-revision" && !id.Contains('/', StringComparison.Ordinal))
            id = $"{project}/{id}";
        var edges = await call.Api.LineageAsync(project, new LineageNode(kind, id), ct);
        call.Screen.Result(new { items = edges });
        if (edges.Count == 0)
            throw new CliException(Exit.NotFound, "lineage-missing",
                $"Nothing is known of {kind} '{id}'. 'triops models', 'triops runs' and 'triops data log' list what there is.");
        if (!call.Json) ModelReport.Lineage(call.Screen, edges);
        return Exit.Ok;
    }
}
