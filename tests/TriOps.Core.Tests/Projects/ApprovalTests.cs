using TriOps.Core.Projects;

namespace TriOps.Core.Tests.Projects;

/// <summary>Who must agree before a version goes live.</summary>
public sealed class ApprovalTests
{
    [Theory]
    [InlineData("1h", 1.0, false)]
    [InlineData("null", null, false)]
    [InlineData("{ within: 2h }", 2.0, false)]
    [InlineData("{ within: 2h, by: anyone }", 2.0, false)]
    [InlineData("{ within: 2h, by: other }", 2.0, true)]
    public void Approval_WrittenEitherWay_IsATimeAndWhoMay(string approval, double? hours, bool byOther)
    {
        var deploy = Parse(approval).Pipelines.Values.Single().Deploy!;
        Assert.Equal((hours is { } h ? TimeSpan.FromHours(h) : (TimeSpan?)null, byOther), (deploy.Approval, deploy.ApprovedByOther));
    }

    [Theory]
    [InlineData("{ by: other }", "'within' is missing")]
    [InlineData("{ within: 1h, by: others }", "'others' is not one of anyone, other. Did you mean 'other'?")]
    [InlineData("{ within: 1h, buy: other }", "unknown key 'buy'. Did you mean 'by'? Known here: within, by.")]
    [InlineData("{ within: soon }", "expected a duration")]
    public void Approval_ThatCannotBeRead_SaysWhy(string approval, string why) =>
        Assert.Contains(why, Assert.Throws<InvalidInputException>(() => Parse(approval)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("1h", "1h", "")]
    [InlineData("1h", "5h", "")]
    [InlineData("null", "1h", "")]
    [InlineData("1h", "{ within: 1h, by: other }", "")]
    [InlineData("1h", "null", "p")]
    [InlineData("{ within: 1h, by: other }", "1h", "p")]
    [InlineData("{ within: 1h, by: other }", "null", "p")]
    public void Loosened_AgainstTheFileBefore_NamesTheDeployments(string before, string after, string loosened) =>
        Assert.Equal(loosened, string.Join(' ', ApprovalRules.Loosened(Parse(before), Parse(after))));

    private static ProjectFile Parse(string approval) => ProjectFileParser.Parse($$"""
        version: 1
        project: demo
        datasets: { d: {} }
        pipelines:
          p: { dataset: d, task: regression, label: y, deploy: { approval: {{approval}} } }
        """);
}
