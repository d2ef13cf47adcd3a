using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Data.Packs;
using TriOps.Data.Profiles;
using TriOps.Data.Tables;
using TriOps.Testing;
using TriOps.Testing.Fakes;

namespace TriOps.Data.Tests.Samples;

public sealed class BreastCancerSampleTests
{
    [Fact]
    public async Task Sample_ItsOwnFile_PassesItsRulesAndOffersThirtyFeatures()
    {
        var folder = Path.Combine(Repository.Root, "samples", "breast-cancer");
        var project = ProjectFileParser.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "triops.yaml")));
        var (blobs, spec, pipeline) = (new MemoryBlobs(), project.Datasets.Values.Single(), project.Pipelines.Values.Single());
        await using var csv = File.OpenRead(Path.Combine(folder, "tumours.csv"));
        var file = (await new FilePacker(blobs).PackAsync("tumours.csv", csv, null, default)).File;
        var profile = await new DatasetProfiler(new DatasetFiles(blobs)).ProfileAsync(new DatasetManifest(1, [file]), spec, default);
        Assert.Equal("", string.Join("; ", QualityRules.Check(profile, spec).Issues.Select(i => i.Message)));
        Assert.Equal((569, 0), (profile.Rows, profile.DuplicateRows));
        Assert.Equal([new("benign", 357), new("malignant", 212)], profile.Columns[^1].Top); // The counts its notice gives.
        Assert.Equal(30, FeatureSelection.Of(new(project.Project, DatasetName.Parse("tumours"), 1), pipeline, profile).Features.Count);
    }
}
