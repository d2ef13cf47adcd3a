using System.Xml.Linq;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Tests.Fakes;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Core.Models;

namespace TriOps.Cli.Tests.Commands;

public sealed class GateCommandTests : IAsyncLifetime
{
    private const string Versions = "GET /api/projects/clinic/models/diagnosis/versions";

    private readonly TestCli cli = new() { Time = new HastyTime(Samples.Noon) };
    private FakeHost host = null!;

    [Fact]
    public async Task Gate_PassedVersion_ExitsWith0AndTellsEachRuleWithItsValues()
    {
        host.OnList(Versions, Samples.Model(2), Samples.Model(1, Samples.Refused));

        var ran = await RunAsync("gate", "clinic", "diagnosis");

        Assert.Equal(Exit.Ok, ran.Code);
        Assert.Contains("clinic/diagnosis:2", ran.Out);
        Assert.Matches(@"min auc\s+0\.99\s+0\.95\s+held", ran.Out);
    }

    [Fact]
    public async Task Gate_RefusedVersion_ExitsWith11AndSaysWhy()
    {
        host.OnList(Versions, Samples.Model(2, Samples.Refused));

        var ran = await RunAsync("gate", "clinic", "diagnosis", "--json");

        Assert.Equal(Exit.Refused, ran.Code);
        Assert.False(ran.Json.GetProperty("passed").GetBoolean());
        Assert.Equal(0.91, ran.Json.GetProperty("checks")[0].GetProperty("value").GetDouble());
        Assert.Contains("auc 0.91 is below the champion's 0.97", ran.Error);
    }

    [Fact]
    public async Task Gate_JUnit_HasATestcaseARuleAndAFailureWithTheValues()
    {
        var verdict =
            new GateVerdict(false,
            [.. Samples.Passed.Checks, .. Samples.Refused.Checks, new("slice min auc (site=\u0001<b>)", true, 0.9, 0.8, "held")]);
        host.OnList(Versions, Samples.Model(2, verdict));

        var ran = await RunAsync("gate", "clinic", "diagnosis", "--junit", "out/gate.xml");

        Assert.Equal(Exit.Refused, ran.Code);
        var suite = XDocument.Load(Path.Combine(cli.Folder, "out", "gate.xml")).Root!.Element("testsuite")!;
        Assert.Equal(("clinic/diagnosis:2", "3", "1", "0"),
            (Value(suite, "name"), Value(suite, "tests"), Value(suite, "failures"), Value(suite, "errors")));
        var cases = suite.Elements("testcase").ToArray();
        Assert.Equal(["min auc", "champion auc", "slice min auc (site=\uFFFD<b>)"], cases.Select(c => Value(c, "name")));
        Assert.All(cases, c => Assert.Equal("clinic.diagnosis", Value(c, "classname")));
        var failure = Assert.Single(suite.Descendants("failure"));
        Assert.Equal(("auc 0.91 is below the champion's 0.97", "measured 0.91, limit 0.97"), (Value(failure, "message"), failure.Value));
        Assert.Contains(suite.Descendants("property"), p => Value(p, "name") == "run" && Value(p, "value") == "train-clinic-diagnosis-v2");
    }

    [Fact]
    public async Task Gate_WithoutRules_PassesAndTheReportSaysThatNothingWasHeldAgainstIt()
    {
        host.OnList(Versions, Samples.Model(2, new GateVerdict(true, [])));

        var ran = await RunAsync("gate", "clinic", "diagnosis", "--junit", "gate.xml");

        Assert.Equal(Exit.Ok, ran.Code);
        var suite = XDocument.Load(Path.Combine(cli.Folder, "gate.xml")).Root!.Element("testsuite")!;
        Assert.Equal(("1", "1"), (Value(suite, "tests"), Value(suite, "skipped")));
        Assert.Equal("The pipeline's gate has no rules.", Value(Assert.Single(suite.Descendants("skipped")), "message"));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("champion")]
    public async Task Gate_VersionByNumberOrAlias_IsThatVersions(string wanted)
    {
        host.On($"{Versions}/1", Samples.Model(1, Samples.Refused))
            .OnList("GET /api/projects/clinic/models/diagnosis/aliases", new ModelAlias("champion", 1, Samples.Noon));

        Assert.Equal(Exit.Refused, (await RunAsync("gate", "clinic", "diagnosis", "--version", wanted)).Code);
    }

    [Fact]
    public async Task Gate_UnknownModelOrAlias_ExitsWith10()
    {
        host.OnList(Versions).OnList("GET /api/projects/clinic/models/diagnosis/aliases", new ModelAlias("champion", 1, Samples.Noon));

        Assert.Equal(Exit.NotFound, (await RunAsync("gate", "clinic", "diagnosis")).Code);
        var ran = await RunAsync("gate", "clinic", "diagnosis", "--version", "candidate");
        Assert.Equal(Exit.NotFound, ran.Code);
        Assert.Contains("it has: champion", ran.Error);
    }

    [Fact]
    public async Task Gate_RunThatIsAwaited_IsUnknownThenRunsThenEndsWithItsVersionsVerdict()
    {
        host.OnProblem("GET /api/runs/train-1", 404, "run-missing", "There is no run 'train-1'.")
            .On("GET /api/runs/train-1", Samples.Run("train-1", RunStatus.Running))
            .On("GET /api/runs/train-1", Samples.Run("train-1", RunStatus.Completed))
            .On("GET /api/projects/clinic", Project()).On($"{Versions}/1", Samples.Model(1, Samples.Refused));

        var ran = await RunAsync("gate", "clinic", "--run", "train-1", "--wait");

        Assert.Equal(Exit.Refused, ran.Code);
        Assert.Contains("run train-1 goes on", ran.Out);
        Assert.Equal(3, host.Requests.Count(r => r.Path == "/api/runs/train-1"));
    }

    [Fact]
    public async Task Gate_RunThatNeverAppears_ExitsWith10()
    {
        host.OnProblem("GET /api/runs/train-1", 404, "run-missing", "There is no run 'train-1'.");

        Assert.Equal(Exit.NotFound, (await RunAsync("gate", "clinic", "--run", "train-1", "--wait")).Code);
    }

    [Fact]
    public async Task Gate_RunThatGoesOnAndIsNotAwaited_ExitsWith1()
    {
        host.On("GET /api/runs/train-1", Samples.Run("train-1", RunStatus.Running));

        var ran = await RunAsync("gate", "clinic", "--run", "train-1");

        Assert.Equal(Exit.Error, ran.Code);
        Assert.Contains("--wait", ran.Error);
    }

    [Fact]
    public async Task Gate_RunThatFailed_ExitsWith1AndReportsAnError()
    {
        host.On("GET /api/runs/train-1", Samples.Run("train-1", RunStatus.Failed, "every trial failed"));

        var ran = await RunAsync("gate", "clinic", "--run", "train-1", "--wait", "--junit", "gate.xml");

        Assert.Equal(Exit.Error, ran.Code);
        var suite = XDocument.Load(Path.Combine(cli.Folder, "gate.xml")).Root!.Element("testsuite")!;
        Assert.Equal(("train-1", "1", "1"), (Value(suite, "name"), Value(suite, "tests"), Value(suite, "errors")));
        Assert.Equal("every trial failed", Value(Assert.Single(suite.Descendants("error")), "message"));
    }

    [Fact]
    public async Task Gate_RunOfAnotherProject_IsNotFound()
    {
        host.On("GET /api/runs/train-1", Samples.Run("train-1", RunStatus.Completed));

        Assert.Equal(Exit.NotFound, (await RunAsync("gate", "shop", "--run", "train-1")).Code);
    }

    [Theory]
    [InlineData("gate", "clinic")]
    [InlineData("gate", "clinic", "diagnosis", "--run", "train-1")]
    [InlineData("gate", "clinic", "diagnosis", "--wait")]
    [InlineData("gate", "clinic", "--run", "train-1", "--version", "2")]
    public async Task Gate_CommandLineThatNamesNothingOrTwoThings_IsAUsageError(params string[] args) =>
        Assert.Equal(Exit.Usage, (await RunAsync(args)).Code);

    [Fact]
    public async Task Gate_NoHost_ExitsWith3() => Assert.Equal(Exit.Unreachable, (await cli.RunAsync("gate", "clinic", "diagnosis")).Code);

    public async ValueTask InitializeAsync() => host = await FakeHost.StartAsync();

    public async ValueTask DisposeAsync()
    {
        cli.Dispose();
        await host.DisposeAsync();
    }

    private Task<Ran> RunAsync(params string[] args) => cli.RunAsync([.. args, "--url", host.Url]);

    private static string? Value(XElement element, string attribute) => element.Attribute(attribute)?.Value;

    private static object Project() => new
    {
        name = "clinic", yaml = "", revision = 1, createdAt = Samples.Noon, updatedAt = Samples.Noon,
        file = new { version = 1, project = "clinic", datasets = new { },
        pipelines = new { diagnosis = new { dataset = "tumours", model = "diagnosis", label = "diagnosis", task = "binary" } } },
    };
}
