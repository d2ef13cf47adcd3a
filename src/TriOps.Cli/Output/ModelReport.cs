using Spectre.Console;
using TriOps.Cli.Workflows;
using TriOps.Core.Evaluations;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Steps;

namespace TriOps.Cli.Output;

/// <summary>Tells what a model version is worth and where it comes from.</summary>
internal static class ModelReport
{
    /// <summary>Metrics with their intervals.</summary>
    public static void Metrics(Screen screen, ModelVersion version)
    {
        screen.Line($"[bold]{version.Ref}[/]: {TreeLine.Family(version.Family)}, trial {version.Trial} of {Human.Text(version.RunId)}, "
            + $"learned from {version.Data}");
        var table = new Sheet("metric", "value", "interval", "test rows").Numbers("value", "test rows").Optional("test rows");
        foreach (var m in version.Metrics) table.Row(Human.Text(m.Name), Human.Number(m.Value), Interval(m), $"{m.Rows:N0}");
        screen.Draw(table);
    }

    /// <summary>The verdict, check by check.</summary>
    public static void Gate(Screen screen, GateVerdict verdict)
    {
        screen.Line(verdict.Passed ? "Gate: [green]passed[/]" : "Gate: [red]refused[/]");
        var table = new Sheet("check", "measured", "limit", "").Numbers("measured", "limit").Texts("check");
        foreach (var c in verdict.Checks)
            table.Row(Human.Text(c.Name), Human.Number(c.Value), Human.Number(c.Limit), c.Passed ? "[green]held[/]" : "[red]broken[/]");
        screen.Draw(table);
        foreach (var c in verdict.Checks.Where(c => !c.Passed)) screen.Line($"[red]{Human.Text($"{c.Name}: {c.Message}")}[/]");
    }

    /// <summary>Candidate minus champion on the same rows.</summary>
    public static void Difference(Screen screen, Evaluation evaluation)
    {
        if (evaluation.ChampionVersion is not { } champion || evaluation.Difference.Count == 0) return;
        screen.Line($"Against the champion, version {champion}, on the same {evaluation.Slices[0].Rows:N0} test rows:");
        var table = new Sheet("metric", "candidate", "champion", "difference", "interval").Numbers("candidate", "champion", "difference")
            .Optional("interval");
        foreach (var d in evaluation.Difference)
            table.Row(Human.Text(d.Name), Value(evaluation.Slices, d.Name), Value(evaluation.Champion, d.Name),
                Human.Number(d.Value), Interval(d));
        screen.Draw(table);
    }

    /// <summary>What was made from what, as a tree from the data down.</summary>
    public static void Lineage(Screen screen, IReadOnlyList<LineageEdge> edges)
    {
        var roots = edges.Select(e => e.From).Distinct().Where(n => edges.All(e => e.To != n)).ToArray();
        var tree = new Tree("lineage");
        var seen = new HashSet<LineageNode>();
        foreach (var root in roots) Grow(tree, root, "", edges, seen);
        screen.Draw(tree);
    }

    private static void Grow(IHasTreeNodes parent, LineageNode node, string relation, IReadOnlyList<LineageEdge> edges,
        HashSet<LineageNode> seen)
    {
        var known = !seen.Add(node);
        var branch =
            parent.AddNode($"{(relation.Length == 0 ? "" : $"[grey]{Human.Text(relation)}[/] ")}{Human.Text(node.Kind)} "
            + $"[bold]{Human.Text(Human.Short(node.Id))}[/]{(known ? " [grey](see above)[/]" : "")}");
        if (known) return;
        foreach (var edge in edges.Where(e => e.From == node)) Grow(branch, edge.To, edge.Relation, edges, seen);
    }

    private static string Interval(MetricEstimate m) => $"{Human.Number(m.Low)} .. {Human.Number(m.High)}";

    private static string Value(IReadOnlyList<SliceResult> slices, string metric) =>
        slices is [var all, ..] && all.Metrics.FirstOrDefault(m => m.Name == metric) is { } found ? Human.Number(found.Value) : "-";
}
