using System.Text;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Data.Packs;
using TriOps.Data.Tables;
using TriOps.Testing.Fakes;

namespace TriOps.Data.Tests.Tables;

public sealed class TabularReaderTests
{
    private readonly MemoryBlobs blobs = new();

    private async Task<ContentId> StoreAsync(params (string Name, string Text)[] files)
    {
        var manifest = new DatasetManifest(DatasetManifest.CurrentVersion, []);
        foreach (var (name, text) in files)
            manifest =
                manifest.With(
                (await new FilePacker(blobs).PackAsync(name, new MemoryStream(Encoding.UTF8.GetBytes(text)), manifest, default)).File);
        return await manifest.WriteAsync(blobs, default);
    }

    private static TrainingPlan Plan(ContentId manifest, string task, params Column[] features)
    {
        var spec = ProjectFileParser.Parse($$"""
            { version: 1, project: p, datasets: { d: { missing_values: ["NA"] } }, pipelines: { x: { dataset: d, task: {{task}}, label: y{{(task == "binary" ? ", positive: 'yes'" : "")}} } } }
            """).Pipelines.Values.Single();
        return new(new(ProjectName.Parse("p"), DatasetName.Parse("d"), 1), manifest, spec, features, ["no", "yes"], ["NA"],
            "auc", true, []);
    }

    private async Task<TabularData> ReadAsync(string task, Column[] features, params (string, string)[] files)
    {
        var manifest = await StoreAsync(files);
        return await new TabularReader(blobs).ReadAsync(manifest, Plan(manifest, task, features), default);
    }

    private static readonly Column[] Mixed =
        [new("n", ColumnKind.Number), new("b", ColumnKind.Boolean), new("c", ColumnKind.Category), new("d", ColumnKind.Category)];

    [Fact]
    public async Task Read_MixedColumns_GivesNumbersThenCategories()
    {
        var data =
            await ReadAsync("binary", Mixed, ("a.csv", "c,n,id,b,y,d\nred,1.5,1,TRUE,yes,x\nNA,NaN,2,no,no,NA\n\"a,b\",inf,3,,yes,\n"));
        Assert.Equal(3, data.Rows.Count);
        Assert.Equal([1.5f, 1, float.NaN, 0, float.NaN, float.NaN], data.Rows.Numbers);
        Assert.Equal(["red", "x", "", "", "a,b", ""], data.Rows.Categories);
        Assert.Equal(["yes", "no", "yes"], data.Labels);
        Assert.Equal(3, data.Hashes.Distinct().Count());
    }

    [Fact]
    public async Task Read_LabelMissing_LeavesTheRowOutAndCounts()
    {
        var data = await ReadAsync("binary", [new("n", ColumnKind.Number)], ("a.csv", "n,y\n1,yes\n2,\n3,NA\n4,no\n"));
        Assert.Equal(["yes", "no"], data.Labels);
        Assert.Equal([1f, 4f], data.Rows.Numbers);
        Assert.Equal(2, data.Unlabelled);
    }

    [Fact]
    public async Task Read_NaNLabelOfARegression_IsLeftOut() =>
        Assert.Equal(["1.5"], (await ReadAsync("regression", [new("n", ColumnKind.Number)], ("a.csv", "n,y\n1,NaN\n2,1.5\n"))).Labels);

    [Fact]
    public async Task Read_FilesWithColumnsInOtherOrders_GiveEqualRowsEqualHashes()
    {
        var data =
            await ReadAsync("binary", [new("n", ColumnKind.Number)], ("a.csv", "n,m,y\n1,2,yes\n2,1,yes\n"), ("b.csv", "y,m,n\nyes,2,1\n"));
        Assert.Equal([1f, 2f, 1f], data.Rows.Numbers);
        Assert.Equal(data.Hashes[0], data.Hashes[2]);
        Assert.NotEqual(data.Hashes[0], data.Hashes[1]);
    }

    [Fact]
    public async Task Read_Split_PutsEveryRowInOnePartByItsShare()
    {
        var text = new StringBuilder("n,y\n");
        for (var i = 0; i < 20_000; i++) text.Append(i).Append(i % 2 == 0 ? ",yes\n" : ",no\n");
        var data = await ReadAsync("binary", [new("n", ColumnKind.Number)], ("a.csv", text.ToString()));
        var split = new SplitSpec(0.6, 0.2, 0.2, 7);
        int Of(Part part) => data.Select(part, split).Rows.Count;
        Assert.Equal(20_000, Of(Part.Train) + Of(Part.Validation) + Of(Part.Test));
        Assert.InRange(Of(Part.Train), 11_700, 12_300);
        Assert.InRange(Of(Part.Test), 3_800, 4_200);
    }

    [Fact]
    public async Task Read_ColumnNotInTheFile_SaysWhich() =>
        Assert.Equal("column-missing",
            (await Assert.ThrowsAsync<InvalidInputException>(
            () => ReadAsync("binary", [new("z", ColumnKind.Number)], ("a.csv", "n,y\n1,yes\n")))).Code);

    [Fact]
    public async Task Read_TextInANumberColumn_SaysWhere() =>
        Assert.Contains("a.csv, line 3, column 'n': 'abc' is not a number", (await Assert.ThrowsAsync<InvalidInputException>(
            () => ReadAsync("binary", [new("n", ColumnKind.Number)], ("a.csv", "n,y\n1,yes\nabc,no\n")))).Message);
}
