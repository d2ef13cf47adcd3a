using Spectre.Console;
using TriOps.Cli.Output;

namespace TriOps.Cli.Demo;

/// <summary>A stage and how long it took.</summary>
internal sealed record StageTime(string Stage, double Seconds);

/// <summary>Announces the demo's stages and times them.</summary>
internal sealed class StageClock(Screen screen, TimeProvider time)
{
    private readonly List<StageTime> times = [];

    /// <summary>The stages that have ended.</summary>
    public IReadOnlyList<StageTime> Times => times;

    /// <summary>The stage that runs or ran last.</summary>
    public string Current { get; private set; } = "start";

    /// <summary>Runs a stage under its heading.</summary>
    public async Task<T> RunAsync<T>(string stage, string heading, Func<Task<T>> work)
    {
        Current = stage;
        screen.Line();
        if (screen.IsLive) screen.Draw(new Rule($"[bold]{Human.Text(heading)}[/]") { Justification = Justify.Left });
        else screen.Line($"== {Human.Text(heading)}");
        var start = time.GetTimestamp();
        try { return await work(); }
        finally { times.Add(new(stage, Math.Round(time.GetElapsedTime(start).TotalSeconds, 2))); }
    }

    /// <summary>Prints how long each stage took.</summary>
    public void Print()
    {
        var table = new Sheet("stage", "took").Numbers("took");
        foreach (var (stage, seconds) in times) table.Row(Human.Text(stage), Human.Duration(TimeSpan.FromSeconds(seconds)));
        table.Row("[bold]all[/]", $"[bold]{Human.Duration(TimeSpan.FromSeconds(times.Sum(t => t.Seconds)))}[/]");
        screen.Draw(table);
    }
}
