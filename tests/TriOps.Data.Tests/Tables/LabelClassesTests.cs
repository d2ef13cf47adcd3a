using TriOps.Core;
using TriOps.Core.Families;
using TriOps.Data.Tables;
using TriOps.Testing;

namespace TriOps.Data.Tests.Tables;

public sealed class LabelClassesTests
{
    [Theory]
    [InlineData("yes", "no", "yes")]
    [InlineData("no", "yes", "no")]
    public void Of_Binary_PutsThePositiveClassLast(string positive, string first, string last) =>
        Assert.Equal([first, last],
            LabelClasses.Of(SampleProject.Data, SampleProject.Pipeline(positive: positive), ["yes", "no", "", "yes"]));

    [Fact]
    public void Of_Multiclass_OrdersOrdinally() =>
        Assert.Equal(["10", "2", "B", "a"],
            LabelClasses.Of(SampleProject.Data, SampleProject.Pipeline(TaskKind.Multiclass, null), ["a", "2", "B", "10"]));

    [Fact]
    public void Of_Regression_HasNoClasses() =>
        Assert.Empty(LabelClasses.Of(SampleProject.Data, SampleProject.Pipeline(TaskKind.Regression, null), ["1", "2"]));

    [Theory]
    [InlineData(TaskKind.Binary, "label-one-class", "'yes'", new[] { "yes", "yes" })]
    [InlineData(TaskKind.Multiclass, "label-one-class", "no value", new[] { "", "" })]
    [InlineData(TaskKind.Binary, "label-too-many-classes", "'maybe', 'no', 'yes'", new[] { "yes", "no", "maybe" })]
    [InlineData(TaskKind.Multiclass, "label-two-spellings", "'0', '0.0'", new[] { "0", "1", "0.0", "2" })]
    [InlineData(TaskKind.Multiclass, "label-two-spellings", "'1000', '1e3'", new[] { "1e3", "1000", "a" })]
    [InlineData(TaskKind.Binary, "label-two-spellings", "'1', '1.0'", new[] { "1", "1.0" })]
    [InlineData(TaskKind.Binary, "positive-unknown", "'0', '1'", new[] { "0", "1" })]
    public void Of_LabelsThatDoNotFitTheTask_AreRefusedWithTheirValues(TaskKind task, string code, string says, string[] labels)
    {
        var error = Assert.Throws<InvalidInputException>(() => LabelClasses.Of(SampleProject.Data, SampleProject.Pipeline(task), labels));
        Assert.Equal(code, error.Code);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_MoreThanAThousandClasses_IsRefused()
    {
        var labels = Enumerable.Range(0, 1001).Select(i => $"id-{i}");
        Assert.Equal("label-too-many-classes",
            Assert.Throws<InvalidInputException>(
            () => LabelClasses.Of(SampleProject.Data, SampleProject.Pipeline(TaskKind.Multiclass, null), labels)).Code);
        Assert.Equal(1000, LabelClasses.Of(SampleProject.Data, SampleProject.Pipeline(TaskKind.Multiclass, null), labels.Take(1000)).Count);
    }
}
