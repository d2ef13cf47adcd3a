using System.Text.Json;
using TriOps.Core.Experiments;
using TriOps.Core.Names;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Core.Tests.Names;

public sealed class NameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("customer-churn-2")]
    public void Parse_ValidName_KeepsItsText(string text) => Assert.Equal(text, ProjectName.Parse(text).Value);

    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("A")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a_b")]
    [InlineData("ä")]
    [InlineData("a\n")]
    public void Parse_InvalidName_SaysTheRuleAndTheNoun(string text)
    {
        var error = Assert.Throws<FormatException>(() => DatasetName.Parse(text));
        Assert.Contains("is not a dataset name", error.Message, StringComparison.Ordinal);
        Assert.Contains("1 to 63 characters", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_LongestName_IsSixtyThree()
    {
        Assert.True(ModelName.TryParse(new string('a', 63), null, out _));
        Assert.False(ModelName.TryParse(new string('a', 64), null, out _));
    }

    [Fact]
    public void Json_NameAsValueAndKey_IsReadAndChecked()
    {
        var map = new Dictionary<DatasetName, ProjectName> { [DatasetName.Parse("d")] = ProjectName.Parse("p") };
        var json = JsonSerializer.Serialize(map, TriOpsJson.Options);

        Assert.Equal("""{"d":"p"}""", json);
        Assert.Equal(map, JsonSerializer.Deserialize<Dictionary<DatasetName, ProjectName>>(json, TriOpsJson.Options));
        Assert.Throws<JsonException>(
            () => JsonSerializer.Deserialize<Dictionary<DatasetName, ProjectName>>("""{"../d":"p"}""", TriOpsJson.Options));
    }

    [Fact]
    public void Default_Name_CannotBeRead() => Assert.Throws<InvalidOperationException>(() => default(ProjectName).Value);

    [Fact]
    public void InstanceId_LongNamesWithOneBeginning_StayApart()
    {
        static string Id(string pipeline) =>
            new TrainRequest(ProjectName.Parse("p"), PipelineName.Parse(pipeline), new(ProjectName.Parse("p"), DatasetName.Parse("d"), 1),
            RunReason.Upload).InstanceId();

        Assert.NotEqual(Id("customer-churn-prediction-eu"), Id("customer-churn-prediction-us"));
        Assert.Equal("train-p-customer-churn-v1", Id("customer-churn"));
        Assert.True(Id(new string('x', 63)).Length <= InstanceIds.MaxLength);
    }
}
