using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Projects;

namespace TriOps.Core.Tests.Experiments;

public sealed class FeatureSelectionTests
{
    [Fact]
    public void Of_MixedColumns_KeepsWhatCanBeLearnedFromAndSaysWhyTheRestIsNot()
    {
        var profile = new DatasetProfile(100, 0,
        [
            Samples.Column("site", ColumnKind.Category), Samples.Column("age", ColumnKind.Number), Samples.Column("smoker", ColumnKind.Boolean, distinct: 2),
            Samples.Column("id", ColumnKind.Number), Samples.Column("seen", ColumnKind.Timestamp), Samples.Column("note", ColumnKind.Text),
            Samples.Column("unit", ColumnKind.Category, distinct: 1), Samples.Column("only-if-sick", ColumnKind.Number, distinct: 1, missing: 40),
            Samples.Column("void", ColumnKind.Number, distinct: 0, missing: 100), Samples.Column("zip", ColumnKind.Category, distinct: 1001),
            Samples.Column("label", ColumnKind.Category, distinct: 2, missing: 7),
        ]);

        var selection = FeatureSelection.Of(Samples.Data, Samples.Pipeline(exclude: ["id"], slices: ["site"]), profile);

        Assert.Equal(["age", "smoker", "only-if-sick", "site"], selection.Features.Select(f => f.Name));
        Assert.Equal(
        [
            "7 rows without a value of 'label' are left out.", "'id' is left out: the pipeline excludes it.", "'seen' is left out: times are profiled, but no features.",
            "'note' is left out: free text is profiled, but no feature.", "'unit' is left out: every row has the same value.", "'void' is left out: it has no values.",
            "'zip' is left out: it has 1,001 distinct values, more than 1,000.", "'label' is left out: it is the label.",
        ], selection.Notes);
    }

    [Fact]
    public void Of_NoSuchLabel_NamesTheColumnsThereAre() =>
        Refuses("label-missing", "age, weight", Samples.Pipeline(), Samples.Column("age", ColumnKind.Number), Samples.Column("weight", ColumnKind.Number));

    [Fact]
    public void Of_LabelWithoutAnyValue_IsRefused() =>
        Refuses("label-empty", "100 rows", Samples.Pipeline(), Samples.Column("age", ColumnKind.Number), Samples.Column("label", ColumnKind.Category, 0, 100));

    [Fact]
    public void Of_TextLabelInRegression_IsRefusedWithItsValues() =>
        Refuses("label-not-numeric", "'a', 'b'", Samples.Pipeline(TaskKind.Regression, null), Samples.Column("age", ColumnKind.Number), Samples.Column("label", ColumnKind.Category));

    [Fact]
    public void Of_UnknownExclusion_IsRefused() =>
        Refuses("exclude-unknown", "'ids'", Samples.Pipeline(exclude: ["ids"]), Samples.Column("age", ColumnKind.Number), Samples.Column("label", ColumnKind.Category));

    [Fact]
    public void Of_NothingToLearnFrom_IsRefused() =>
        Refuses("features-none", "free text", Samples.Pipeline(), Samples.Column("note", ColumnKind.Text), Samples.Column("label", ColumnKind.Category));

    [Theory]
    [InlineData("sit", "there is no such column")]
    [InlineData("unit", "every row has the same value")]
    public void Of_SliceThatIsNoFeature_IsRefusedWithTheReason(string slice, string reason) => Refuses("slice-not-a-feature", reason, Samples.Pipeline(slices: [slice]),
        Samples.Column("age", ColumnKind.Number), Samples.Column("unit", ColumnKind.Category, 1), Samples.Column("label", ColumnKind.Category));

    private static void Refuses(string code, string says, PipelineSpec spec, params ColumnProfile[] columns)
    {
        var error = Assert.Throws<InvalidInputException>(() => FeatureSelection.Of(Samples.Data, spec, new(100, 0, columns)));
        Assert.Equal(code, error.Code);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }
}
