using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Names;
using TriOps.Testing.Fakes;

namespace TriOps.Core.Tests.Storage;

public sealed class DatasetCatalogTests
{
    private static readonly ProjectName Project = ProjectName.Parse("demo");
    private static readonly DatasetName Dataset = DatasetName.Parse("tumours");
    private readonly InterruptedDocuments<DatasetVersion> versions = new(new MemoryDocuments<DatasetVersion>());
    private readonly DatasetCatalog catalog;

    public DatasetCatalogTests() => catalog = new(versions, new MemoryDocuments<DatasetEntry>());

    [Fact]
    public async Task Commit_SameWorkflowTwice_ReturnsTheFirstVersion()
    {
        var first = await Commit("ingest-1", null);
        await Commit("ingest-2", 1);

        Assert.Equal(first.Number, (await Commit("ingest-1", null)).Number);
        Assert.Equal([2, 1], (await catalog.ListAsync(Project, Dataset, new(), default)).Items.Select(v => v.Number));
        Assert.Equal([Dataset], (await catalog.ListDatasetsAsync(Project, new(), default)).Items.Select(d => d.Dataset));
    }

    [Fact]
    public async Task Commit_HeadMovedSinceStaging_IsRefused()
    {
        await Commit("ingest-1", null);
        var error = await Assert.ThrowsAsync<ConflictException>(() => Commit("ingest-2", null));
        Assert.Equal("dataset-head-moved", error.Code);
        Assert.Contains("from version none to 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commit_HeadMovesBetweenReadAndWrite_IsRefused()
    {
        versions.BeforeWrite = () => Commit("faster", null);

        await Assert.ThrowsAsync<ConflictException>(() => Commit("slower", null));
        Assert.Equal("faster", (await catalog.HeadAsync(Project, Dataset, default))!.WorkflowId);
    }

    [Fact]
    public async Task Commit_SameWorkflowAtTheSameTime_MakesOneVersion()
    {
        versions.BeforeWrite = () => Commit("ingest-1", null);

        Assert.Equal(1, (await Commit("ingest-1", null)).Number);
        Assert.Single((await catalog.ListAsync(Project, Dataset, new(), default)).Items);
    }

    [Fact]
    public async Task Commit_Quarantined_TakesANumberButNotTheHead()
    {
        await Commit("ingest-1", null);
        await Commit("ingest-2", 1, VersionStatus.Quarantined);
        await Commit("ingest-3", 1);

        Assert.Equal(3, (await catalog.HeadAsync(Project, Dataset, default))!.Number);
        Assert.Equal(VersionStatus.Quarantined, (await catalog.GetAsync(new(Project, Dataset, 2), default)).Status);
    }

    [Fact]
    public async Task Get_NoSuchVersion_SaysWhich() =>
        Assert.Contains("demo/tumours:9",
            (await Assert.ThrowsAsync<NotFoundException>(() => catalog.GetAsync(new(Project, Dataset, 9), default))).Message,
            StringComparison.Ordinal);

    private Task<DatasetVersion> Commit(string workflow, int? parent, VersionStatus status = VersionStatus.Committed) =>
        catalog.CommitAsync(Project, Dataset, workflow, parent, number =>
        new(Project, Dataset, number, status, ContentId.OfBytes("m"u8), parent, new("x.csv", workflow, 1), [], 1, 1, 1,
            ContentId.OfBytes("p"u8), [], default, workflow), default);
}
