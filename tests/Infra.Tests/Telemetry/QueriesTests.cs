using System.Text.Json;

namespace TriOps.Infra.Tests.Telemetry;

/// <summary>
/// Alerts are deployed with skipQueryValidation, since their tables come with the first line that is written to them: a misspelt column
/// would be an alert that never fires, and nobody would be told. So each column that a query names is held against the published ones.
/// </summary>
public sealed class QueriesTests
{
    public static IEnumerable<object[]> Queries => Alerts().Concat(Tiles()).Select(q => new object[] { q.Name, q.Text });

    [Theory, MemberData(nameof(Queries))]
    public void Columns_OfAQuery_AreThoseOfItsTables(string name, string query)
    {
        var read = KqlQuery.Parse(query);

        Assert.NotEmpty(read.Tables);
        Assert.NotEmpty(read.Columns);
        Assert.True(read.Missing().Count == 0, $"'{name}' asks for {string.Join(", ", read.Missing())}, which is not there.");
    }

    /// <summary>The reader finds what it is for, and takes neither the query's own names nor the language's for columns.</summary>
    [Theory]
    [InlineData("ContainerAppSystemLogs | summarize Failures = dcount(ExecutionName) by JobName | where Failures > 0",
        "ContainerAppSystemLogs.ExecutionName")]
    [InlineData("AppMetrics | summarize Sum = sum(Sum) by bin(Time, 1h)", "AppMetrics.Time")]
    [InlineData("union AppDependencies, AppRequests | where Url == 'Nothing' and Success == false", "AppDependencies.Url")]
    [InlineData("AppMetrics | where Name == 'Nothing' | project TimeGenerated, Who = tostring(Properties['workflow']) | order by Who desc",
        "")]
    public void Columns_ThatAreNotThere_AreFound(string query, string missing) =>
        Assert.Equal(missing, string.Join(' ', KqlQuery.Parse(query).Missing()));

    private static IEnumerable<(string Name, string Text)> Alerts()
    {
        using var file = JsonDocument.Parse(Repository.Read("infra", "queries.json"));
        return [.. from query in file.RootElement.EnumerateArray()
                   select (query.GetProperty("name").GetString()!, query.GetProperty("query").GetString()!)];
    }

    private static IEnumerable<(string Name, string Text)> Tiles()
    {
        using var page = JsonDocument.Parse(Repository.Read("infra", "workbook.json"));
        return [.. from item in page.RootElement.GetProperty("items").EnumerateArray()
                   where item.GetProperty("type").GetInt32() == 3
                   select (item.GetProperty("name").GetString()!, item.GetProperty("content").GetProperty("query").GetString()!)];
    }
}
