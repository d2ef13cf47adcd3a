using Spectre.Console;
using TriOps.Cli.Output;

namespace TriOps.Cli.Tests.Output;

public sealed class SheetTests
{
    [Fact]
    public void Live_TooNarrow_LeavesOutOptionalColumnsInTheirOrder()
    {
        var sheet = new Sheet("run", "started", "device").Optional("device", "started");
        sheet.Row("train-clinic-diagnosis-v1", "2026-01-01 12:00:00Z", "42.0 s");

        Assert.Contains("42.0 s", Render(sheet, 80));
        var narrower = Render(sheet, 55);
        Assert.DoesNotContain("device", narrower);
        Assert.Contains("2026-01-01 12:00:00Z", narrower);
        var narrow = Render(sheet, 30);
        Assert.DoesNotContain("started", narrow);
        Assert.Contains("train-clinic-diagnosis-v1", narrow);
    }

    [Fact]
    public void Live_AColumnThatMayGoOn_WrapsBetweenWordsAndTheOthersDoNot()
    {
        var sheet = new Sheet("check", "what to do").Texts("what to do");
        sheet.Row("Node.js", "Install Node.js 20 or newer from nodejs.org");

        var lines = Render(sheet, 40).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.TrimEnd()).ToArray();

        Assert.All(lines, l => Assert.True(l.Length <= 40, l));
        Assert.Contains(lines, l => l.Contains("Node.js  Install Node.js", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.EndsWith("nodejs.org", StringComparison.Ordinal));
    }

    [Fact]
    public void Plain_AllColumnsOnOneLineARow_WithoutSpacesAtTheEnd()
    {
        var sheet = new Sheet("metric", "value", "").Numbers("value").Optional("value");
        sheet.Row("auc", "0.9902", "[green]held[/]");
        sheet.Row("a long metric", "1", "");

        Assert.Equal(["metric          value", "auc            0.9902  [green]held[/]", "a long metric       1"], sheet.Plain());
    }

    [Fact]
    public void Row_OtherNumberOfCells_IsRefused() => Assert.Throws<ArgumentException>(() => new Sheet("a", "b").Row("1"));

    private static string Render(Sheet sheet, int width)
    {
        var output = new StringWriter();
        var console =
            AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = width;
        console.Write(sheet.Live(width));
        return output.ToString();
    }
}
