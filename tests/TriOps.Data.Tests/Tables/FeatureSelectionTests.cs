using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Families;
using TriOps.Core.Projects;
using TriOps.Data.Tables;
using TriOps.Testing;

namespace TriOps.Data.Tests.Tables;

public sealed class FeatureSelectionTests
{
    [Fact]
    public void Of_MixedColumns_KeepsWhatCanBeLearnedFromAndSaysWhyTheRestIsNot()
    {
        var profile = new DatasetProfile(100, 0,
        [
            SampleProject.Column("site", ColumnKind.Category), SampleProject.Column("age", ColumnKind.Number),
                SampleProject.Column("smoker", ColumnKind.Boolean, distinct: 2),
            SampleProject.Column("id", ColumnKind.Number), SampleProject.Column("seen", ColumnKind.Timestamp),
            SampleProject.Column("note", ColumnKind.Text),
            SampleProject.Column("unit", ColumnKind.Category, distinct: 1),
            SampleProject.Column("only-if-sick", ColumnKind.Number, distinct: 1, missing: 40),
            SampleProject.Column("void", ColumnKind.Number, distinct: 0, missing: 100),
            SampleProject.Column("zip", ColumnKind.Category, distinct: 1001),
            SampleProject.Column("label", ColumnKind.Category, distinct: 2, missing: 7),
        ]);

        var selection = FeatureSelection.Of(SampleProject.Data, SampleProject.Pipeline(exclude: ["id"], slices: ["site"]), profile);

        Assert.Equal(["age", "smoker", "only-if-sick", "site"], selection.Features.Select(f => f.Name));
        Assert.Equal(
        [
            "7 rows without a value of 'label' are left out.", "'id' is left out: the pipeline excludes it.",
                "'seen' is left out: times are profiled, but no features.",
            "'note' is left out: free text is profiled, but no feature.", "'unit' is left out: every row has the same value.",
            "'void' is left out: it has no values.",
            "'zip' is left out: it has 1,001 distinct values, more than 1,000.", "'label' is left out: it is the label.",
        ], selection.Notes);
    }

    [Fact]
    public void Of_NoSuchLabel_NamesTheColumnsThereAre() =>
        Refuses("label-missing", "age, weight", SampleProject.Pipeline(), SampleProject.Column("age", ColumnKind.Number),
            SampleProject.Column("weight", ColumnKind.Number));

    [Fact]
    public void Of_LabelWithoutAnyValue_IsRefused() =>
        Refuses("label-empty", "100 rows", SampleProject.Pipeline(), SampleProject.Column("age", ColumnKind.Number),
            SampleProject.Column("label", ColumnKind.Category, 0, 100));

    [Fact]
    public void Of_TextLabelInRegression_IsRefusedWithItsValues() =>
        Refuses("label-not-numeric", "'a', 'b'", SampleProject.Pipeline(TaskKind.Regression, null),
            SampleProject.Column("age", ColumnKind.Number), SampleProject.Column("label", ColumnKind.Category));

    [Fact]
    public void Of_UnknownExclusion_IsRefused() =>
        Refuses("exclude-unknown", "'ids'", SampleProject.Pipeline(exclude: ["ids"]), SampleProject.Column("age", ColumnKind.Number),
            SampleProject.Column("label", ColumnKind.Category));

    [Fact]
    public void Of_NothingToLearnFrom_IsRefused() =>
        Refuses("features-none", "free text", SampleProject.Pipeline(), SampleProject.Column("note", ColumnKind.Text),
            SampleProject.Column("label", ColumnKind.Category));

    [Theory]
    [InlineData("sit", "there is no such column")]
    [InlineData("unit", "every row has the same value")]
    public void Of_SliceThatIsNoFeature_IsRefusedWithTheReason(string slice, string reason) =>
        Refuses("slice-not-a-feature", reason, SampleProject.Pipeline(slices: [slice]),
        SampleProject.Column("age", ColumnKind.Number), SampleProject.Column("unit", ColumnKind.Category, 1),
        SampleProject.Column("label", ColumnKind.Category));

    private static void Refuses(string code, string says, PipelineSpec spec, params ColumnProfile[] columns)
    {
        var error = Assert.Throws<InvalidInputException>(() => FeatureSelection.Of(SampleProject.Data, spec, new(100, 0, columns)));
        Assert.Equal(code, error.Code);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }
}
