using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;
using TriOps.Cli.CommandLine;
using TriOps.Core;

namespace TriOps.Cli.Output;

/// <summary>What people and programs read. With --json, stdout carries JSON alone and people's text goes to stderr.</summary>
internal sealed class Screen
{
    /// <summary>Columns of text that is not shown in a terminal: wide enough that no row wraps.</summary>
    private const int PlainWidth = 4_000;

    /// <summary>The dialect of the API, without escapes that only a web page needs.</summary>
    private static readonly JsonSerializerOptions Dialect =
        new(TriOpsJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Shell shell;

    public Screen(Shell shell, bool json)
    {
        this.shell = shell;
        IsJson = json;
        IsLive = shell.Interactive && !json;
        Console = Create(json ? shell.Error : shell.Out);
        Errors = Create(shell.Error);
    }

    /// <summary>Whether a program reads stdout.</summary>
    public bool IsJson { get; }

    /// <summary>Whether output may be redrawn in place.</summary>
    public bool IsLive { get; }

    /// <summary>Where text for people goes.</summary>
    public IAnsiConsole Console { get; }

    private IAnsiConsole Errors { get; }

    /// <summary>One line of Spectre markup.</summary>
    public void Line(string markup = "") => Console.MarkupLine(markup);

    /// <summary>An error that the host logs while something else is shown.</summary>
    public void HostTrouble(string line) => Line($"[red]host: {Human.Text(line)}[/]");

    /// <summary>Something drawn, on lines of its own.</summary>
    public void Draw(IRenderable what) => Console.Write(what);

    /// <summary>A table, as wide as the terminal lets it be.</summary>
    public void Draw(Sheet sheet)
    {
        if (IsLive) Draw(sheet.Live(Console.Profile.Width));
        else foreach (var line in sheet.Plain()) Line(line);
    }

    /// <summary>Markup for an address on the host: in a terminal its path, with the whole as a link; elsewhere the whole.</summary>
    public string Address(Uri url) => IsLive ? $"[link={Human.Text(url)}]{Human.Text(url.AbsolutePath)}[/]" : Human.Text(url);

    /// <summary>The result for programs, on one line. Nothing happens without --json.</summary>
    public void Result<T>(T value)
    {
        if (!IsJson) return;
        shell.Out.WriteLine(JsonSerializer.Serialize(value, Dialect));
        shell.Out.Flush();
    }

    /// <summary>Shows how far a transfer is while <paramref name="work"/> runs.</summary>
    public async Task<T> ProgressAsync<T>(string what, long total, Func<IProgress<long>, Task<T>> work)
    {
        if (!IsLive)
        {
            var result = await work(new Progress<long>());
            Line($"  {Human.Text(what)}: done");
            return result;
        }
        return await Console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
            .AutoClear(true).StartAsync(context =>
        {
            var task = context.AddTask(Human.Text(what), maxValue: Math.Max(total, 1));
            return work(new Direct(sent => task.Value = sent));
        });
    }

    /// <summary>Shows that <paramref name="work"/> is under way, and what it says of itself; without a terminal, says it when it
    /// changes.</summary>
    public Task<T> StatusAsync<T>(string what, Func<Action<string>, Task<T>> work)
    {
        if (IsLive)
            return Console.Status()
                .StartAsync(Human.Text(what),
                context => work(now => context.Status($"{Human.Text(what)} [grey]{Human.Text(Shorten(now))}[/]")));
        return work(now => Line($"  {Human.Text(now)}"));
    }

    /// <summary>Says why a command failed: on stderr for people, and as {"error":…} on stdout for programs.</summary>
    public void Failure(CliException failure)
    {
        Errors.MarkupLine($"[red]{Human.Text(failure.Message)}[/]");
        foreach (var detail in failure.Details) Errors.MarkupLine($"[grey]  {Human.Text(detail)}[/]");
        Result(new { error = new { code = failure.Code, message = failure.Message, details = failure.Details, exit = failure.ExitCode } });
    }

    private string Shorten(string text) => text.Length <= Console.Profile.Width - 40 ? text
        : text[..Math.Max(0, Console.Profile.Width - 41)] + "…";

    private sealed class Direct(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }

    private IAnsiConsole Create(TextWriter writer)
    {
        var plain = !IsLive;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = plain ? InteractionSupport.No : InteractionSupport.Yes,
            ColorSystem = plain || shell.Variable("NO_COLOR") is { Length: > 0 } ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (plain) console.Profile.Width = PlainWidth;
        return console;
    }
}
