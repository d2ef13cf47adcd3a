using TriOps.Cli.CommandLine;
using TriOps.Cli.Tests.Fakes;
using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Models;

namespace TriOps.Cli.Tests.Commands;

public sealed class ListCommandTests : IDisposable
{
    private readonly TestCli cli = new();

    [Fact]
    public async Task DataLog_QuarantinedVersion_ShowsItWithItsReasons()
    {
        await using var host = await FakeHost.StartAsync();
        host.OnList("GET /api/projects/clinic/datasets/tumours/versions",
            Samples.Version(2, VersionStatus.Quarantined, new QualityIssue("min-rows", null, "3 rows; 100 are demanded")),
            Samples.Version(1));

        var ran = await cli.RunAsync("data", "log", "tumours", "--project", "clinic", "--url", host.Url);

        Assert.Equal(Exit.Ok, ran.Code);
        Assert.Contains("quarantined", ran.Out);
        Assert.Contains("2: min-rows: 3 rows; 100 are demanded", ran.Out);
        Assert.Contains("2.0 KiB", ran.Out);
    }

    [Fact]
    public async Task Runs_Json_PutsJsonAloneOnStdout()
    {
        await using var host = await FakeHost.StartAsync();
        host.OnList("GET /api/projects/clinic/runs", Samples.Run("train-1", RunStatus.Failed, "no label column"));

        var ran = await cli.RunAsync("runs", "--project", "clinic", "--url", host.Url, "--json");

        Assert.Equal(Exit.Ok, ran.Code);
        Assert.Equal("no label column", ran.Json.GetProperty("items")[0].GetProperty("error").GetString());
        Assert.Contains("train-1", ran.Error);
    }

    [Fact]
    public async Task Runs_SeveralPages_AsksForEach()
    {
        await using var host = await FakeHost.StartAsync();
        host.On("GET /api/projects/clinic/runs", new { items = new[] { Samples.Run("train-1", RunStatus.Completed) }, next = "p 2" });
        host.On("GET /api/projects/clinic/runs", new { items = new[] { Samples.Run("train-2", RunStatus.Completed) } });

        var ran = await cli.RunAsync("runs", "--project", "clinic", "--url", host.Url);

        Assert.Contains("train-1", ran.Out);
        Assert.Contains("train-2", ran.Out);
        Assert.Contains("after=p%202", host.Requests[1].Query);
    }

    [Fact]
    public async Task Runs_PricedOne_ShowsItsCost()
    {
        await using var host = await FakeHost.StartAsync();
        host.OnList("GET /api/projects/clinic/runs", Samples.Run("train-1", RunStatus.Completed) with { Cost = new(37_500, "EUR") });

        var ran = await cli.RunAsync("runs", "--project", "clinic", "--url", host.Url, "--json");
        var cost = ran.Json.GetProperty("items")[0].GetProperty("cost");

        Assert.Equal((37_500, "EUR"), (cost.GetProperty("micros").GetInt64(), cost.GetProperty("currency").GetString()));
        Assert.Contains("0.0375 EUR", ran.Error);
    }

    [Fact]
    public async Task Models_TwoVersions_ShowsVerdictsAndTheChampion()
    {
        await using var host = await FakeHost.StartAsync();
        host.OnList("GET /api/projects/clinic/models", new ModelEntry(Samples.Clinic, Samples.Diagnosis))
            .OnList("GET /api/projects/clinic/models/diagnosis/versions", Samples.Model(2, Samples.Refused), Samples.Model(1))
            .OnList("GET /api/projects/clinic/models/diagnosis/aliases", new ModelAlias("champion", 1, Samples.Noon));

        var ran = await cli.RunAsync("models", "--project", "clinic", "--url", host.Url);

        var lines = ran.Out.Split('\n');
        Assert.Contains("refused", lines.Single(l => l.Contains("diagnosis:2", StringComparison.Ordinal)));
        var first = lines.Single(l => l.Contains("diagnosis:1", StringComparison.Ordinal));
        Assert.Contains("auc 0.991", first);
        Assert.Contains("champion", first);
    }

    [Fact]
    public async Task Runs_NoProjectNamed_TakesTheOnlyOneTheHostHas()
    {
        await using var host = await FakeHost.StartAsync();
        host.OnList("GET /api/projects", ProjectOf("clinic")).OnList("GET /api/projects/clinic/runs")
            .On("GET /api/projects/clinic", ProjectOf("clinic"));

        var ran = await cli.RunAsync("runs", "--url", host.Url);

        Assert.Equal(Exit.Ok, ran.Code);
        Assert.Contains("No run yet", ran.Out);
    }

    [Fact]
    public async Task Runs_SeveralProjectsAndNoneNamed_IsAUsageError()
    {
        await using var host = await FakeHost.StartAsync();
        host.OnList("GET /api/projects", ProjectOf("clinic"), ProjectOf("shop"));

        var ran = await cli.RunAsync("runs", "--url", host.Url);

        Assert.Equal(Exit.Usage, ran.Code);
        Assert.Contains("clinic, shop", ran.Error);
    }

    [Theory]
    [InlineData("runs")]
    [InlineData("models")]
    [InlineData("data", "log", "tumours")]
    public async Task Lists_UnknownProject_AreNotFoundInsteadOfEmpty(params string[] command)
    {
        await using var host = await FakeHost.StartAsync();
        host.OnList("GET /api/projects/nobody/runs").OnList("GET /api/projects/nobody/models")
            .OnList("GET /api/projects/nobody/datasets/tumours/versions")
            .OnProblem("GET /api/projects/nobody", 404, "project-missing", "There is no project 'nobody'.");

        var ran = await cli.RunAsync([.. command, "--project", "nobody", "--url", host.Url, "--json"]);

        Assert.Equal(Exit.NotFound, ran.Code);
        Assert.Equal("project-missing", ran.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task DataLog_DatasetTheProjectDoesNotHave_IsNotFound()
    {
        await using var host = await FakeHost.StartAsync();
        host.OnList("GET /api/projects/clinic/datasets/nope/versions").On("GET /api/projects/clinic", ProjectOf("clinic"));

        var ran = await cli.RunAsync("data", "log", "nope", "--project", "clinic", "--url", host.Url);

        Assert.Equal(Exit.NotFound, ran.Code);
        Assert.Contains("has no dataset 'nope'", ran.Error);
    }

    private static object ProjectOf(string name) => new
    {
        name, yaml = "", revision = 1, createdAt = Samples.Noon, updatedAt = Samples.Noon,
        file = new { version = 1, project = name, datasets = new { }, pipelines = new { } },
    };

    public void Dispose() => cli.Dispose();
}
