using System.CommandLine;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Tests.Fakes;

namespace TriOps.Cli.Tests.Commands;

public sealed class HelpTests : IDisposable
{
    private readonly TestCli cli = new();

    public static TheoryData<string> Commands()
    {
        var paths = new TheoryData<string>();
        foreach (var command in Triops.Build(Shell.OfProcess()).Subcommands) Add(command, command.Name);
        return paths;

        void Add(Command command, string path)
        {
            paths.Add(path);
            foreach (var below in command.Subcommands) Add(below, $"{path} {below.Name}");
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_OfEveryCommand_EndsWithAnExampleAndTheExitCodes(string path)
    {
        var ran = await cli.RunAsync([.. path.Split(' '), "--help"]);

        Assert.Equal(Exit.Ok, ran.Code);
        Assert.Contains("--json", ran.Out);
        Assert.Contains($"  triops {path.Split(' ')[0]}", ran.Out);
        Assert.StartsWith("Exit 0 done · ", ran.Out.TrimEnd().Split('\n')[^1]);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _triops triops")]
    [InlineData("zsh", "#compdef triops")]
    [InlineData("fish", "complete -c triops")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName triops")]
    public async Task Completion_EveryShell_PrintsItsScript(string shell, string part)
    {
        var ran = await cli.RunAsync("completion", shell);

        Assert.Equal(Exit.Ok, ran.Code);
        Assert.Contains(part, ran.Out);
        Assert.Contains("[suggest:", ran.Out);
    }

    [Fact]
    public async Task Suggest_HalfACommand_OffersWhatItMayBecome()
    {
        var ran = await cli.RunAsync("[suggest:9]", "triops de");

        Assert.Contains("deploy", ran.Out);
        Assert.Contains("demo", ran.Out);
        Assert.DoesNotContain("runs", ran.Out);
    }

    public void Dispose() => cli.Dispose();
}
