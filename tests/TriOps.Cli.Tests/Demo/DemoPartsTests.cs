using TriOps.Cli.CommandLine;
using TriOps.Cli.Demo;
using TriOps.Cli.Host;
using TriOps.Cli.Tests.Fakes;

namespace TriOps.Cli.Tests.Demo;

public sealed class DemoPartsTests : IDisposable
{
    private readonly TestCli cli = new();

    [Fact]
    public async Task Scenarios_EachOne_HasASampleWithItsColumnsBesideTheProgram()
    {
        foreach (var scenario in DemoScenario.All)
        {
            var sample = await DemoSample.LoadAsync(scenario, SampleFolder.Find(scenario.Name, cli.Folder, AppContext.BaseDirectory), 2000,
                cli.Folder, CancellationToken.None);
            var rows = await sample.RowsAsync(CancellationToken.None);
            var later = await sample.LaterAsync(rows, 7, CancellationToken.None);

            Assert.Equal(scenario.BatchRows, later.Count);
            Assert.All(later, r => Assert.NotNull(r.Label));

            Assert.Contains(sample.Pipeline.Label, rows[0].Keys);
            Assert.All(scenario.Shifts, s => Assert.Contains(s.Column, rows[0].Keys));
            Assert.NotNull(sample.Deployment);
            Assert.True(scenario.BatchRows >= sample.Pipeline.Deploy!.Monitor.MinRows);
            Assert.True(scenario.BatchRows >= sample.Pipeline.Deploy.Monitor.Retrain.MinLabels);
        }
    }

    [Fact]
    public void SampleFolder_AboveTheStart_IsFound()
    {
        var sample = Directory.CreateDirectory(Path.Combine(cli.Folder, "samples", "x")).FullName;
        File.WriteAllText(Path.Combine(sample, "triops.yaml"), "");
        var below = Directory.CreateDirectory(Path.Combine(cli.Folder, "a", "b")).FullName;

        Assert.Equal(sample, SampleFolder.Find("x", below));
    }

    [Fact]
    public void SampleFolder_Nowhere_SaysWhereItLooked()
    {
        var e = Assert.Throws<CliException>(() => SampleFolder.Find("none-of-that-name", cli.Folder));

        Assert.Contains(cli.Folder, e.Message);
    }

    [Fact]
    public async Task Memory_WrittenAndChanged_TellsTheSameBytesFromOthers()
    {
        var state = new StateDirectory(cli.Folder);
        var file = cli.Write("x.csv", "a\n1\n");
        new DemoMemory(await DemoMemory.HashAsync(file, default), "ingest-1").Write(state, "x");

        Assert.Equal(await DemoMemory.HashAsync(file, default), DemoMemory.Read(state, "x")!.Sha256);
        cli.Write("x.csv", "a\n2\n");
        Assert.NotEqual(await DemoMemory.HashAsync(file, default), DemoMemory.Read(state, "x")!.Sha256);
        Assert.Null(DemoMemory.Read(state, "y"));
    }

    public void Dispose() => cli.Dispose();
}
