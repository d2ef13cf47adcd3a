using System.CommandLine;
using TriOps.Cli.Api;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Data;
using TriOps.Cli.Output;
using TriOps.Core.Deployments;
using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Signatures;

namespace TriOps.Cli.Commands;

/// <summary>Sends rows to a deployment.</summary>
internal static class PredictCommand
{
    /// <summary>Rows a request.</summary>
    private const int Batch = 100;

    private static readonly Argument<string> Deployment = new("deployment") { Description = "The deployment." };
    private static readonly Option<string?> Row = new("--row") { Description = "One row as JSON: column to value.", HelpName = "JSON" };
    private static readonly Option<string?> Rows =
        new("--file") { Description = "Rows from a .csv file with a header, or a .json file with an array of objects.", HelpName = "FILE" };

    private static readonly Option<bool> FeaturesOnly =
        new("--features-only") { Description = "Leave out columns that are no features of the model (an identifier, the label), instead "
        + "of being refused for them." };

    public static Command Create(Shell shell)
    {
        var command =
            new Command("predict",
            "Ask a deployment. A column that its model does not know is refused; one that is left out counts as a missing value, "
            + "and is named.") { Deployment, GlobalOptions.Project, Row, Rows, FeaturesOnly };
        command.Validators.Add(result =>
        {
            if (result.GetResult(Row) is null == (result.GetResult(Rows) is null))
                result.AddError("Give the rows either with --row or with --file.");
        });
        return command.With(Exit.OfHostCommands, """triops predict diagnosis --row '{"mean_radius": 17.9, "mean_area": 1001}'""",
            "triops predict diagnosis --file rows.csv --features-only --json")
            .Does(shell, RunAsync);
    }

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        var rows = call.Get(Row) is { } row ? RowFile.ParseJson(row, "--row")
            : await RowFile.ReadAsync(Path.GetFullPath(call.Get(Rows)!, call.Shell.Directory), ct);
        var target = new DeploymentRef(await call.ProjectAsync(ct), Call.Name<DeploymentName>(call.Get(Deployment)));
        var signature = await SignatureAsync(call.Api, target, ct);
        var left = call.Get(FeaturesOnly) ? rows.SelectMany(r => r.Keys).Distinct().Except(signature.Numbers).Except(signature.Categories)
            .ToList() : [];
        var absent = new SortedSet<string>(StringComparer.Ordinal);
        var table = new Sheet("row", "prediction", "probability", "id").Numbers("row", "probability").Optional("id");
        var (all, number, served) = (new List<Prediction>(), 0, (Predictions?)null);
        foreach (var batch in rows.Chunk(Batch))
        {
            served = await call.Api.PredictAsync(target,
                [.. batch.Select(r => call.Get(FeaturesOnly) ? ModelRows.ForPredict(signature, r) : ModelRows.Whole(signature, r))], ct);
            absent.UnionWith(served.Absent);
            all.AddRange(served.Items);
            foreach (var p in served.Items)
                table.Row($"{++number}", Human.Text(p.Label ?? (p.Value is { } v ? Human.Number(v) : "")), p.Label is not null
                    && p.Probabilities?.TryGetValue(p.Label, out var share) == true ? Human.Number(share) : "", Human.Text(p.Id));
        }
        call.Screen.Result(new { predictions = all, served?.Revision, served?.ModelVersion, absent, leftOut = left });
        call.Screen.Draw(table);
        if (served is not null) call.Screen.Line($"Answered by revision {served.Revision}, model version {served.ModelVersion}.");
        if (absent.Count > 0) call.Screen.Line($"Absent, and taken as missing values: {Human.Text(string.Join(", ", absent))}.");
        if (left.Count > 0) call.Screen.Line($"Left out, as no features of the model: {Human.Text(string.Join(", ", left))}.");
        return Exit.Ok;
    }

    /// <summary>The columns of the version that serves.</summary>
    private static async Task<TableSignature> SignatureAsync(ApiClient api, DeploymentRef target, CancellationToken ct)
    {
        var deployment = await api.DeploymentAsync(target, ct);
        var active = deployment.Active
            ?? throw new CliException(Exit.Error, "deployment-empty",
            $"{target} has no active revision yet. 'triops status' shows what it waits for.");
        return (await api.ModelVersionAsync(active.Version, ct)).Artifacts.Signature.Table;
    }
}
