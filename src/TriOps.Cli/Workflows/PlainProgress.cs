using Spectre.Console;
using TriOps.Cli.Output;

namespace TriOps.Cli.Workflows;

/// <summary>Tells a workflow's progress as lines: each line of the tree once, when it has ended. A workflow's last line waits for the next,
/// for more steps of its name may still join it.</summary>
internal sealed class PlainProgress(Screen screen)
{
    private readonly HashSet<string> told = [];

    /// <summary>Prints what has ended since the last call, what is below before what is above.</summary>
    public void Show(TreeLine line) => Show(line, "", mayGrow: false);

    private void Show(TreeLine line, string above, bool mayGrow)
    {
        var path = above.Length == 0 ? Head(line.Text) : $"{above} › {Head(line.Text)}";
        for (var i = 0; i < line.Below.Count; i++) Show(line.Below[i], path, line.State == LineState.Running && i == line.Below.Count - 1);
        if (mayGrow || line.State is LineState.Waiting or LineState.Running || !told.Add(line.Key)) return;
        screen.Line($"  {Label(line, above)}");
    }

    private static string Label(TreeLine line, string above)
    {
        var mark = line.State == LineState.Done ? "ok" : "FAILED";
        return Human.Text(
            $"{mark,-6} {(above.Length == 0 ? "" : above + " › ")}{line.Text}{(line.Took >= TimeSpan.FromSeconds(0.05) ? $" ({Human.Duration(line.Took)})" : "")}");
    }

    /// <summary>The line's name without what changes while it runs.</summary>
    private static string Head(string text) => text.Split(':')[0];
}
