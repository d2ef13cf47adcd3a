using TriOps.Activities.Monitoring;
using TriOps.Core.Datasets;
using TriOps.Core.Projects;
using TriOps.Data.Windows;

namespace TriOps.Activities.Tests.Monitoring;

public sealed class FeedbackColumnTests
{
    [Theory] // without rules: empty; with them: a value that keeps to them
    [InlineData(false, ColumnKind.Number, "^$")]
    [InlineData(true, ColumnKind.Number, "^[0-9]{12}$")]
    [InlineData(true, ColumnKind.Text, "^feedback-[0-9a-f]{16}$")]
    [InlineData(true, ColumnKind.Boolean, "^(true|false)$")]
    public void FeedbackColumn_UnknownToTheModel_KeepsToTheRules(bool unique, ColumnKind kind, string pattern)
    {
        var rules = new Dictionary<string, ColumnRule> { ["sample_id"] = new(Unique: unique) };
        var column = new FeedbackColumn(new("sample_id", kind), Domain.Signature, new(Columns: rules));
        var rows = ServedModel.Traffic(500).Select(r => new LabelledRecord(r, "benign")).ToList();
        Assert.All(rows, r => Assert.Matches(pattern, column.Text(r)));
        if (unique && kind != ColumnKind.Boolean) Assert.Equal(500, rows.Select(column.Text).Distinct().Count());
        Assert.Equal(rows.Select(column.Text), rows.Select(column.Text));
    }
}
