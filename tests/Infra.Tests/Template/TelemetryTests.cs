using System.Text.Json;
using System.Text.RegularExpressions;

namespace TriOps.Infra.Tests.Template;

/// <summary>Alerts and the operations page ask for what the code really emits.</summary>
public sealed partial class TelemetryTests
{
    private static readonly string Workbook = Repository.Read("infra", "workbook.json"), Alerts = Repository.Read("infra", "queries.json");

    private static readonly string Sources =
        string.Concat(Directory.EnumerateFiles(Repository.At("src"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));

    [Fact]
    public void Metrics_Asked_AreThoseEmittedAndTheOtherWayRound()
    {
        var emitted = Created().Matches(Sources).Select(m => m.Groups[1].Value).ToHashSet();
        var asked = Metric().Matches(Workbook + Alerts).Select(m => m.Value).ToHashSet();

        Assert.True(emitted.Count >= 8);
        Assert.Empty(asked.Except(emitted));
        Assert.Empty(emitted.Except(asked));
    }

    /// <summary>A misspelt property would be an empty column, for ever.</summary>
    [Fact]
    public void Properties_Asked_AreTagsOfTheMetrics()
    {
        var asked = Property().Matches(Workbook + Alerts).Select(m => m.Groups[1].Value).ToHashSet();

        Assert.NotEmpty(asked);
        Assert.All(asked, tag => Assert.Matches($"(new\\(|\\{{ )\\s*\"{tag}\",|KeyValuePair<string, object\\?>\\(\\s*\"{tag}\"", Sources));
    }

    [Fact]
    public void Spans_Asked_AreStartedByTheCode()
    {
        foreach (var name in new[] { "stage file", "profile dataset", "train" })
        {
            Assert.Contains($"'{name}'", Workbook, StringComparison.Ordinal);
            Assert.Contains($"StartActivity(\"{name}\"", Sources, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("isolated")]
    public void Alerts_Deployed_AreTheQueriesAndUndeliveredUploads(string name)
    {
        using var queries = JsonDocument.Parse(Alerts);
        var expected = queries.RootElement.EnumerateArray().Select(q => q.GetProperty("name").GetString()!);
        var rules = Deployment.Of(name).OfType("Microsoft.Insights/scheduledQueryRules");

        Assert.Equal(expected, rules.Select(r => r.Name));
        Assert.Superset(new HashSet<string> { "workflow-failed", "job-failed", "drift-alert" }, rules.Select(r => r.Name).ToHashSet());
        Assert.All(rules, r =>
        {
            Assert.Equal("GreaterThan", r.Text("properties", "criteria", "allOf", 0, "operator"));
            Assert.Equal(name == "plain" ? 0 : 1, r.At("properties", "actions", "actionGroups").GetArrayLength());
        });
        Assert.Equal("DeadLetteredCount", Deployment.Of(name).Single("Microsoft.Insights/metricAlerts")
            .Text("properties", "criteria", "allOf", 0, "metricName"));
    }

    [Fact]
    public void Budget_WhenWanted_TellsTheAddress()
    {
        var budget = Deployment.Isolated.Single("Microsoft.Consumption/budgets");

        Assert.Equal("200", budget.Text("properties", "amount"));
        Assert.Equal("2026-11-01", budget.Text("properties", "timePeriod", "startDate"));
        Assert.All(budget.At("properties", "notifications")
            .EnumerateObject(), n => Assert.Equal("operations@example.com", n.Value.GetProperty("contactEmails")[0].GetString()));
        Assert.Empty(Deployment.Plain.OfType("Microsoft.Consumption/budgets"));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("isolated")]
    public void Page_ForOperations_IsDeployed(string name)
    {
        var workbook = Deployment.Of(name).Single("Microsoft.Insights/workbooks");
        using var page = JsonDocument.Parse(workbook.Text("properties", "serializedData")!);

        Assert.Equal("Notebook/1.0", page.RootElement.GetProperty("version").GetString());
        var queries = page.RootElement.GetProperty("items").EnumerateArray().Where(i => i.GetProperty("type").GetInt32() == 3).ToList();
        Assert.True(queries.Count > 8);
        Assert.All(queries, q => Assert.Equal("TimeRange", q.GetProperty("content").GetProperty("timeContextFromParameter").GetString()));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("isolated")]
    public void Telemetry_Deployed_IsTakenFromWhoSignsInOnly(string name)
    {
        Assert.Equal("True", Deployment.Of(name).Single("Microsoft.Insights/components").Text("properties", "DisableLocalAuth"));
        Assert.Equal("True", Deployment.Of(name).Single("Microsoft.OperationalInsights/workspaces")
            .Text("properties", "features", "disableLocalAuth"));
    }

    [GeneratedRegex("Create(?:Counter|Histogram|UpDownCounter|ObservableGauge|Gauge)<\\w+>\\(\"(triops\\.[a-z_.]+)\"")]
    private static partial Regex Created();

    [GeneratedRegex(@"triops\.[a-z_.]+(?=')")]
    private static partial Regex Metric();

    [GeneratedRegex(@"Properties\['(\w+)'\]")]
    private static partial Regex Property();
}
