using TriOps.Core;
using TriOps.LocalHost.Hosting;

namespace TriOps.LocalHost.Tests.Hosting;

public sealed class StateFolderTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("triops-state-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void State_TakenByAHost_IsRefusedToAnotherUntilItIsGivenUp()
    {
        using (var state = StateFolder.Take(root))
        {
            state.Announce(new HostFile("http://127.0.0.1:5123", 42, "here", DateTimeOffset.UnixEpoch));
            var error = Assert.Throws<ConflictException>(() => StateFolder.Take(root));
            Assert.Equal("state-taken", error.Code);
            Assert.Contains("http://127.0.0.1:5123", error.Message, StringComparison.Ordinal);
        }
        Assert.Null(StateFolder.ReadHostFile(root));
        StateFolder.Take(root).Dispose();
    }

    [Theory]
    [InlineData("--port", "65536")]
    [InlineData("--port", "-1")]
    [InlineData("--address", "everywhere")]
    [InlineData("--max-jobs", "0")]
    [InlineData("--frobnicate", "1")]
    [InlineData("--state")]
    public void Arguments_ThatAreWrong_AreRefusedWithTheUsage(params string[] arguments)
    {
        var error = Assert.Throws<InvalidInputException>(() => HostArguments.Parse(arguments));
        Assert.Contains("--storage", error.Message, StringComparison.Ordinal);
    }
}
