using TriOps.Cli.CommandLine;
using TriOps.Cli.Tests.Fakes;

namespace TriOps.Cli.Tests.Commands;

public sealed class FailureTests : IDisposable
{
    private const string Key = "secret-key-8812";

    private readonly TestCli cli = new();

    [Fact]
    public async Task AnyCommand_NoHost_ExitsWith3AndSaysHowToStartOne()
    {
        var ran = await cli.RunAsync("runs", "--project", "clinic");

        Assert.Equal(Exit.Unreachable, ran.Code);
        Assert.Contains("triops up", ran.Error);
        Assert.Empty(ran.Out);
    }

    [Theory]
    [InlineData("Unrecognized command or argument 'bogus'. 'triops --help'", "bogus")]
    [InlineData("Required argument missing for command: 'push'. 'triops data push --help'", "data", "push")]
    [InlineData("'triops data --help'", "data", "pusk")]
    public async Task AnyCommand_CommandLineIsWrong_SaysItOnceAndNamesTheHelpOfTheCommand(string message, params string[] args)
    {
        var ran = await cli.RunAsync(args);

        Assert.Equal(Exit.Usage, ran.Code);
        Assert.Contains(message, ran.Error);
        Assert.DoesNotContain("Required command", ran.Error);
    }

    [Fact]
    public async Task AnyCommand_NothingListens_ExitsWith3()
    {
        await using var gone = await FakeHost.StartAsync();
        var url = gone.Url;
        await gone.DisposeAsync();

        Assert.Equal(Exit.Unreachable, (await cli.RunAsync("runs", "--project", "clinic", "--url", url)).Code);
    }

    [Theory]
    [InlineData(404, "run-missing", Exit.NotFound)]
    [InlineData(401, "key-missing", Exit.NotAllowed)]
    [InlineData(403, "key-refused", Exit.NotAllowed)]
    [InlineData(409, "busy", Exit.Error)]
    [InlineData(500, "oops", Exit.Error)]
    public async Task AnyCommand_HostRefuses_ExitCodeAndMessageAreTheProblems(int status, string code, int expected)
    {
        await using var host = await FakeHost.StartAsync();
        host.OnProblem("GET /api/projects/clinic/runs", status, code, "The reason in words.");

        var ran = await cli.RunAsync("runs", "--project", "clinic", "--url", host.Url, "--json");

        Assert.Equal(expected, ran.Code);
        Assert.Contains("The reason in words.", ran.Error);
        Assert.Equal(code, ran.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(expected, ran.Json.GetProperty("error").GetProperty("exit").GetInt32());
    }

    [Fact]
    public async Task AnyCommand_AnswerIsNoProblemDocument_ShowsStatusAndItsBeginning()
    {
        await using var host = await FakeHost.StartAsync();
        host.On("GET /api/projects/clinic/runs",
            _ => Microsoft.AspNetCore.Http.Results.Text("<html>bad gateway</html>", "text/html", null, 502));

        var ran = await cli.RunAsync("runs", "--project", "clinic", "--url", host.Url);

        Assert.Equal(Exit.Error, ran.Code);
        Assert.Contains("502", ran.Error);
        Assert.Contains("bad gateway", ran.Error);
    }

    [Fact]
    public async Task AnyCommand_AnswerOfAnotherShape_SaysThatVersionsDiffer()
    {
        await using var host = await FakeHost.StartAsync();
        host.On("GET /api/projects/clinic/runs", new { items = "none" });

        var ran = await cli.RunAsync("runs", "--project", "clinic", "--url", host.Url);

        Assert.Equal(Exit.Error, ran.Code);
        Assert.Contains("same version", ran.Error);
    }

    [Fact]
    public async Task AnyCommand_ApiKeyInEnvironment_IsSentButNeverPrinted()
    {
        await using var host = await FakeHost.StartAsync();
        host.OnProblem("GET /api/projects/clinic/runs", 403, "key-refused", "That key is not accepted.");
        cli.Variables["TRIOPS_API_KEY"] = Key;
        cli.Variables["TRIOPS_URL"] = host.Url;

        var ran = await cli.RunAsync("runs", "--project", "clinic", "--json");

        Assert.Contains(host.Requests[0].Headers, h => h.Value.EndsWith(Key, StringComparison.Ordinal));
        Assert.DoesNotContain(Key, ran.Out + ran.Error);
    }

    [Theory]
    [InlineData("no-such-command")]
    [InlineData("deploy", "diagnosis", "--url", "http://127.0.0.1:1")]
    [InlineData("deploy", "diagnosis:1", "--strategy", "hope")]
    [InlineData("predict", "diagnosis")]
    [InlineData("drift", "diagnosis", "--minutes", "0")]
    [InlineData("status", "--limit", "many")]
    [InlineData("up", "--port", "70000")]
    [InlineData("runs", "--project", "Not A Name", "--url", "http://127.0.0.1:1")]
    [InlineData("runs", "--url", "ftp://example.org")]
    [InlineData("completion", "tcsh")]
    [InlineData("demo", "--project", "unknown")]
    public async Task AnyCommand_WrongCommandLine_ExitsWith2AndSaysWhy(params string[] args)
    {
        var ran = await cli.RunAsync(args);

        Assert.Equal(Exit.Usage, ran.Code);
        Assert.NotEmpty(ran.Error);
        Assert.Empty(ran.Out);
    }

    public void Dispose() => cli.Dispose();
}
