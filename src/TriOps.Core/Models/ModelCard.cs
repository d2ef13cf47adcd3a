using System.Globalization;
using System.Text;
using System.Text.Json;
using TriOps.Core.Datasets;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Projects;
using static TriOps.Core.Models.MarkdownText;

namespace TriOps.Core.Models;

/// <summary>What a model card is written from.</summary>
/// <param name="Version">The registered version.</param>
/// <param name="Run">The run it comes from.</param>
/// <param name="Plan">The run's plan.</param>
/// <param name="Data">The dataset version it learned from.</param>
/// <param name="Trials">All of the run's trials.</param>
/// <param name="Evaluation">Of the candidate.</param>
public sealed record ModelCardFacts(ModelVersion Version, Run Run, TrainingPlan Plan, DatasetVersion Data, IReadOnlyList<Trial> Trials,
    Evaluation Evaluation);

/// <summary>A model version in prose and tables, in Markdown with the front matter that model hubs read.</summary>
/// <remarks>Sections after M. Mitchell et al.: Model Cards for Model Reporting, FAT* 2019; front matter as on
/// huggingface.co/docs/hub/model-cards. Column names, class names and file names come from users' data and are escaped.</remarks>
public static class ModelCard
{
    private const int MostFeatures = 20;
    private const int MostSlices = 100;

    /// <summary>The card's text; the same facts give the same text.</summary>
    public static string Write(ModelCardFacts facts)
    {
        var card = new StringBuilder();
        FrontMatter(card, facts);
        Use(card, facts);
        Data(card, facts);
        Search(card, facts);
        Metrics(card, facts);
        Gate(card, facts);
        Importance(card, facts);
        Limits(card, facts);
        Lineage(card, facts);
        HowToCall(card, facts);
        return card.ToString();
    }

    private static void FrontMatter(StringBuilder card, ModelCardFacts facts)
    {
        var v = facts.Version;
        var tag = facts.Plan.Spec.Task == TaskKind.Regression ? "tabular-regression" : "tabular-classification";
        card.Append($"---\nlibrary_name: onnx\npipeline_tag: {tag}\ntags: [triops, {v.Family.ToString().ToLowerInvariant()}]\ndatasets: "
            + $"[\"{v.Data}\"]\n");
        card.Append($"metrics: [{string.Join(", ", v.Metrics.Select(m => m.Name))}]\n---\n\n# {v.Ref}\n\n");
    }

    private static void Use(StringBuilder card, ModelCardFacts facts)
    {
        var (v, spec) = (facts.Version, facts.Plan.Spec);
        var what = spec.Task switch
        {
            TaskKind.Binary =>
                $"whether **{Escape(spec.Label)}** is {Escape(facts.Plan.Classes[^1])} rather than {Escape(facts.Plan.Classes[0])}",
            TaskKind.Multiclass => $"which of {facts.Plan.Classes.Count} classes **{Escape(spec.Label)}** is",
            _ => $"the number **{Escape(spec.Label)}**",
        };
        card.Append($"## Intended use\n\nPredicts {what} from {facts.Plan.Features.Count} columns, with a "
            + $"{FamilyCatalogue.Of(v.Family).Description}. ");
        card.Append(v.Status == ModelStatus.Approved
            ? "The version passed its gate and may be deployed.\n\n"
            : "**The version was refused by its gate and cannot be deployed**; it is kept for comparison.\n\n");
        card.Append("It was measured on rows drawn like those below, and on nothing else. Decisions about people need a person who can "
            + "overrule it.\n\n");
    }

    private static void Data(StringBuilder card, ModelCardFacts facts)
    {
        var (d, split) = (facts.Data, facts.Plan.Spec.Split);
        card.Append($"## Data\n\n{d.Ref}: {Count(d.Rows)} rows, {d.Columns.Count} columns, committed {Date(d.CreatedAt)}; its latest file "
            + $"is {Escape(d.Source.File)}. ");
        card.Append(CultureInfo.InvariantCulture,
            $"{split.Train:P0} of the rows were learned from, {split.Validation:P0} compared the trials, {split.Test:P0} were kept for "
            + $"the metrics below; a row's part follows from its content and seed {split.Seed}.\n\n");
        foreach (var note in facts.Plan.Notes) card.Append($"- {Escape(note)}\n");
        if (facts.Plan.Notes.Count > 0) card.Append('\n');
    }

    private static void Search(StringBuilder card, ModelCardFacts facts)
    {
        var (v, plan) = (facts.Version, facts.Plan);
        var trial = facts.Trials.FirstOrDefault(t => t.Number == v.Trial);
        card.Append(
            $"## Search\n\n{facts.Trials.Count} trials over {string.Join(", ", plan.Spec.Search.Families.Select(f => f.ToString()))}, "
            + $"{(plan.Maximise ? "largest" : "smallest")} {plan.Objective} on the validation rows wins; ");
        card.Append($"{facts.Trials.Count(t => t.Status == RunStatus.Completed)} completed. Trial {v.Trial} was chosen");
        card.Append(trial?.Objective is { } objective ? $" with {plan.Objective} {Number(objective)}.\n\n" : ".\n\n");
        if (trial is not null)
            Table(card, ["Parameter", "Value"], FamilyCatalogue.Of(trial.Family).Space.Resolve(trial.Parameters)
                .Select(p => (IReadOnlyList<string>)[$"`{p.Key}`", Number(p.Value)]));
    }

    private static void Metrics(StringBuilder card, ModelCardFacts facts)
    {
        var (e, spec) = (facts.Evaluation, facts.Plan.Spec.Evaluation);
        card.Append(CultureInfo.InvariantCulture, $"## Metrics\n\nOn the test rows, with {spec.Confidence:P0} confidence intervals.\n\n");
        Table(card, ["Metric", "Value", "Interval", "Rows"], facts.Version.Metrics.Select(Estimate));
        if (e.ChampionNote is { } note)
            card.Append($"The champion, version {e.ChampionVersion}, could not be scored on these rows: {Escape(note)}\n\n");
        else if (e.ChampionVersion is { } champion)
        {
            card.Append($"Difference from the champion, version {champion}, on the same rows:\n\n");
            Table(card, ["Metric", "Difference", "Interval", "Rows"], e.Difference.Select(Estimate));
        }
        var slices = e.Slices.Skip(1).ToList();
        if (slices.Count == 0) return;
        var names = e.Slices.SelectMany(s => s.Metrics).Select(m => m.Name).Distinct().ToList();
        card.Append("### Slices\n\n");
        Table(card, ["Slice", "Rows", .. names], slices.Take(MostSlices).Select(s => (IReadOnlyList<string>)
            [Escape(s.Slice), Count(s.Rows),
                .. names.Select(n => s.Metrics.FirstOrDefault(m => m.Name == n) is { } m ? Number(m.Value) : "–")]));
        if (slices.Count > MostSlices) card.Append($"{slices.Count - MostSlices} more slices are in the evaluation.\n\n");
    }

    private static IReadOnlyList<string> Estimate(MetricEstimate m) =>
        [$"`{m.Name}`", Number(m.Value), $"{Number(m.Low)} to {Number(m.High)}", Count(m.Rows)];

    private static void Gate(StringBuilder card, ModelCardFacts facts)
    {
        var gate = facts.Version.Gate;
        card.Append(
            $"## Gate\n\n{(gate.Passed ? "Passed" : "Refused")}.{(gate.Checks.Count == 0 ? " The pipeline sets no thresholds." : "")}\n\n");
        if (gate.Checks.Count > 0)
            Table(card, ["Check", "Measured", "Limit", "", "Meaning"], gate.Checks.Select(c => (IReadOnlyList<string>)
                [Escape(c.Name), Number(c.Value), Number(c.Limit), c.Passed ? "held" : "**broken**", Escape(c.Message)]));
    }

    private static void Importance(StringBuilder card, ModelCardFacts facts)
    {
        var features = facts.Version.Artifacts.Importance;
        if (features.Count == 0) return;
        card.Append(
            $"## What it looks at\n\nShares of the model's "
            + $"decisions{(features.Count > MostFeatures ? $"; the first {MostFeatures} of {features.Count} features" : "")}.\n\n");
        Table(card, ["Feature", "Share"], features.Take(MostFeatures)
            .Select(f => (IReadOnlyList<string>)[Escape(f.Feature), f.Share.ToString("P1", CultureInfo.InvariantCulture)]));
    }

    private static void Limits(StringBuilder card, ModelCardFacts facts)
    {
        var rows = facts.Evaluation.Slices.Count > 0 ? facts.Evaluation.Slices[0].Rows : 0;
        card.Append($"## Limits\n\n- The metrics rest on {Count(rows)} test rows: read them with their intervals.\n");
        card.Append("- Values of a category that were not in the training rows are treated as one unknown value; missing values are "
            + "allowed in every column.\n");
        card.Append(
            "- The metrics hold while the data look like the training data; a deployment's windows show when they no longer do.\n\n");
    }

    private static void Lineage(StringBuilder card, ModelCardFacts facts)
    {
        var v = facts.Version;
        card.Append("## Lineage\n\n");
        Table(card, ["What", "Which"],
        [
            ["Run", $"`{v.RunId}`, trial {v.Trial}, started by {facts.Run.Reason.ToString().ToLowerInvariant()}"],
                ["Registered", Date(v.CreatedAt)],
            ["Project file", $"revision {facts.Run.ProjectRevision}"], ["Dataset version", $"{v.Data}, manifest `{facts.Plan.Manifest}`"],
            ["Plan", $"`{facts.Run.Plan}`"], ["ONNX graph", $"`{v.Artifacts.Files.Graph.Id}`, {Count(v.Artifacts.Files.Bytes)} bytes"],
            ["Evaluation", $"`{v.Evaluation}`"], ["Baseline", $"`{v.Baseline}`"],
        ]);
    }

    private static void HowToCall(StringBuilder card, ModelCardFacts facts)
    {
        var (v, signature) = (facts.Version, facts.Version.Artifacts.Signature.Table);
        var deployment = facts.Plan.Spec.Deploy?.Name.Value ?? v.Model.Value;
        var row = signature.Numbers.Take(3).ToDictionary(n => n, _ => (object)0.5);
        foreach (var name in signature.Categories.Take(3)) row[name] = signature.CategoryValues.TryGetValue(name, out var values)
            && values.Count > 0 ? values[0] : "";
        card.Append(
            $"## How to call\n\nDeployed as `{v.Project}/{deployment}`, by column names; columns that are left out count as missing:\n\n");
        // JSON escapes control characters and backticks, so no column name ends the fence.
        card.Append($"```http\nPOST /api/projects/{v.Project}/deployments/{deployment}/predict\nContent-Type: "
            + $"application/json\n\n{JsonSerializer.Serialize(new { rows = new[] { row } })}\n```\n\n");
        card.Append($"Or with any client of the Open Inference Protocol v2, as model `{v.Project}.{deployment}`.\n");
    }

    private static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
