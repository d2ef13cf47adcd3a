using System.CommandLine;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;
using TriOps.Cli.Workflows;
using TriOps.Core.Models;

namespace TriOps.Cli.Commands;

/// <summary>Lists model versions with their aliases.</summary>
internal static class ModelsCommand
{
    public static Command Create(Shell shell) =>
        new Command("models", "List a project's model versions, their metrics, verdicts and aliases.") { GlobalOptions.Project }
        .With(Exit.OfHostCommands, "triops models --json | jq '.items[].versions[0].metrics'")
        .Does(shell, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        var project = await call.ProjectAsync(ct);
        var items = new List<ModelListing>();
        var models = await call.Api.ModelsAsync(project, ct);
        if (models.Count == 0) _ = await call.Api.ProjectAsync(project, ct); // is there none at all, or no such project?
        foreach (var entry in models)
            items.Add(
                new(entry.Model.Value, await call.Api.ModelVersionsAsync(project, entry.Model, ct),
                await call.Api.AliasesAsync(project, entry.Model, ct)));
        call.Screen.Result(new { items });
        if (items.Count == 0) call.Screen.Line("No model yet. Runs register them; see 'triops runs'.");
        var table = new Sheet("version", "family", "data", "metrics", "gate", "registered", "aliases").Texts("metrics")
            .Optional("registered", "data", "family");
        foreach (var model in items)
            foreach (var v in model.Versions)
                table.Row($"{v.Model}:{v.Number}", TreeLine.Family(v.Family), $"{v.Data.Dataset}:{v.Data.Number}",
                    string.Join("  ", v.Metrics.Take(3).Select(m => Human.Text($"{m.Name} {Human.Number(m.Value)}"))),
                    v.Status == ModelStatus.Approved ? "[green]passed[/]" : "[red]refused[/]", Human.Time(v.CreatedAt),
                    string.Join(", ", model.Aliases.Where(a => a.Number == v.Number).Select(a => Human.Text(a.Alias))));
        if (items.Count > 0) call.Screen.Draw(table);
        return Exit.Ok;
    }

    private sealed record ModelListing(string Model, IReadOnlyList<ModelVersion> Versions, IReadOnlyList<ModelAlias> Aliases);
}
