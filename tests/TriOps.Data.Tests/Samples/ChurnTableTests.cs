using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Projects;
using TriOps.Data.Packs;
using TriOps.Data.Profiles;
using TriOps.Data.Samples;
using TriOps.Testing;
using TriOps.Testing.Fakes;

namespace TriOps.Data.Tests.Samples;

public sealed class ChurnTableTests
{
    private static async Task<byte[]> TableAsync(int rows, int seed = 1, double shift = 0)
    {
        using var stream = new MemoryStream();
        await ChurnTable.WriteAsync(stream, rows, seed, shift);
        return stream.ToArray();
    }

    private static async Task<(DatasetProfile Profile, DatasetSpec Spec)> ProfileAsync(byte[] table)
    {
        var (blobs, spec) =
            (new MemoryBlobs(),
            ProjectFileParser.Parse(
            await File.ReadAllTextAsync(Path.Combine(Repository.Root, "samples", "churn", "triops.yaml"))).Datasets.Values.Single());
        var file = (await new FilePacker(blobs).PackAsync("t.csv", new MemoryStream(table), null, default)).File;
        return (await new DatasetProfiler(new DatasetFiles(blobs)).ProfileAsync(new DatasetManifest(1, [file]), spec, default), spec);
    }

    [Fact]
    public async Task Table_SameArguments_IsTheSame()
    {
        Assert.Equal(ContentId.OfBytes(await TableAsync(500)), ContentId.OfBytes(await TableAsync(500)));
        Assert.NotEqual(ContentId.OfBytes(await TableAsync(500)), ContentId.OfBytes(await TableAsync(500, seed: 2)));
    }

    [Fact]
    public async Task Table_AsTraining_PassesItsRulesWithTheKindsItPromises()
    {
        var (profile, spec) = await ProfileAsync(await TableAsync(5000));
        Assert.Equal(5000, profile.Rows);
        Assert.Equal("", string.Join("; ", QualityRules.Check(profile, spec).Issues.Select(i => i.Message)));
        ColumnKind[] kinds =
            [ColumnKind.Text, ColumnKind.Timestamp, ColumnKind.Category, ColumnKind.Category, ColumnKind.Category, ColumnKind.Number,
            ColumnKind.Number, ColumnKind.Number, ColumnKind.Number, ColumnKind.Boolean, ColumnKind.Category, ColumnKind.Boolean];
        Assert.Equal(kinds, profile.Columns.Select(c => c.Kind).ToArray());
        Assert.InRange(profile.Columns[^1].Top.Single(v => v.Value == "true").Count, 1000, 2500);
    }

    [Fact]
    public async Task Table_Shifted_MovesFeesAndCallsButNotTenure()
    {
        double Mean(DatasetProfile p, string column) => p.Columns.Single(c => c.Name == column).Numbers!.Mean;
        var (usual, _) = await ProfileAsync(await TableAsync(3000));
        var (moved, spec) = await ProfileAsync(await TableAsync(3000, seed: 2, shift: 1));
        Assert.True(QualityRules.Check(moved, spec).Passed);
        Assert.True(Mean(moved, "monthly_fee") > Mean(usual, "monthly_fee") + 10);
        Assert.True(Mean(moved, "support_calls") > Mean(usual, "support_calls") + 1);
        Assert.True(Mean(moved, "usage_hours") < Mean(usual, "usage_hours") - 15);
        Assert.InRange(Mean(moved, "tenure_months") - Mean(usual, "tenure_months"), -4, 4);
    }
}
