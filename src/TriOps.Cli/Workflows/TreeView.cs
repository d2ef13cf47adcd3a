using Spectre.Console;
using Spectre.Console.Rendering;
using TriOps.Cli.Output;

namespace TriOps.Cli.Workflows;

/// <summary>Draws a workflow's tree.</summary>
internal static class TreeView
{
    /// <summary>The tree for a terminal.</summary>
    public static IRenderable Render(TreeLine line)
    {
        var tree = new Tree(Label(line)) { Guide = TreeGuide.Line };
        Fill(tree, line.Below);
        return tree;
    }

    /// <summary>One line's markup.</summary>
    public static string Label(TreeLine line)
    {
        var time = line.Took >= TimeSpan.FromSeconds(0.05) ? $" [grey]{Human.Duration(line.Took)}[/]" : "";
        return line.State switch
        {
            LineState.Done => $"[green]✓[/] {Human.Text(line.Text)}{time}",
            LineState.Failed => $"[red]✗ {Human.Text(line.Text)}[/]{time}",
            LineState.Running => $"[yellow]●[/] {Human.Text(line.Text)}{time}",
            _ => $"[grey]○ {Human.Text(line.Text)}[/]",
        };
    }

    private static void Fill(IHasTreeNodes parent, IReadOnlyList<TreeLine> lines)
    {
        foreach (var line in lines) Fill(parent.AddNode(Label(line)), line.Below);
    }
}
