using TriOps.Storage;

namespace TriOps.Functions.Tests;

public sealed class LocalTrainersTests
{
    [Fact]
    public void Jobs_OfLocalTrainers_LieOutsideWhatTheHostWatches()
    {
        var folder = LocalTrainers.Options(StorageOptions.Parse("UseDevelopmentStorage=true"), null).Folder;
        Assert.True(Path.IsPathFullyQualified(folder));
        foreach (var watched in new[] { AppContext.BaseDirectory, Environment.CurrentDirectory, Repository.Root })
            Assert.StartsWith("..", Path.GetRelativePath(watched, folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Jobs_OfTwoApps_LieApart()
    {
        Assert.NotEqual(LocalTrainers.Folder("/apps/one"), LocalTrainers.Folder("/apps/two"));
        Assert.Equal(LocalTrainers.Folder("/apps/one"), LocalTrainers.Folder("/apps/one/"));
    }
}
