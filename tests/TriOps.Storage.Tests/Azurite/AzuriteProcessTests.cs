using System.Diagnostics;
using Azure.Data.Tables;
using TriOps.Azurite;
using TriOps.Core;
using TriOps.Testing;

namespace TriOps.Storage.Tests.Azurite;

public sealed class AzuriteProcessTests(AzuriteFixture shared) : IClassFixture<AzuriteFixture>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("triops-azurite-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Azurite_StoppedAndStarted_KeepsItsPortsAndItsData()
    {
        AzuriteEndpoints before;
        await using (var first = await StartAsync())
        {
            before = first.Endpoints;
            await Table(first).CreateAsync();
            await Table(first).AddEntityAsync(new TableEntity("p", "r") { ["value"] = 7 });
        }
        await using var second = await StartAsync();
        Assert.Equal(before, second.Endpoints);
        Assert.Equal(7, (await Table(second).GetEntityAsync<TableEntity>("p", "r")).Value["value"]);
    }

    [Fact]
    public async Task Azurite_EarlierOneStillRunning_IsWaitedFor()
    {
        await using var first = await StartAsync();
        var second = StartAsync();
        await first.DisposeAsync();
        await using var started = await second;
        Assert.Equal(first.Endpoints, started.Endpoints);
    }

    [Fact]
    public async Task Azurite_ItsOldPortTaken_TakesAnother()
    {
        AzuriteEndpoints before;
        await using (var first = await StartAsync()) before = first.Endpoints;
        using var squatter = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, before.Table);
        squatter.Start();
        await using var second = await StartAsync();
        Assert.NotEqual(before.Table, second.Endpoints.Table);
    }

    [Fact]
    public async Task Azurite_ItsParentKilled_EndsInOrder()
    {
        if (!OperatingSystem.IsLinux()) return;
        var install = await AzuriteInstall.EnsureAsync(null, CancellationToken.None);
        // A shell stands for the parent: it holds the write end of the pipe until it is killed.
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(
            $"""sleep 1000 | node "{install.Wrapper}" "{install.Main}" --silent --disableTelemetry --location "{folder}" --blobPort 0 --queuePort 0 --tablePort 0 & wait""");
        using var parent = Process.Start(start)!;
        while (await parent.StandardOutput.ReadLineAsync() is { } line
            && !line.Contains("Table service is successfully listening", StringComparison.Ordinal)) { }
        using (var sleeper = Children(parent.Id).Single(p => p.ProcessName == "sleep")) sleeper.Kill();
        var rest = await parent.StandardOutput.ReadToEndAsync(); // Ends when Azurite has.
        Assert.Contains("Table service successfully closed", rest, StringComparison.Ordinal);
        await parent.WaitForExitAsync();
    }

    /// <summary>What the system does to a process that was killed: all its pipes close at once, with clients still connected.</summary>
    [Fact]
    public async Task Azurite_AllPipesOfItsParentClosed_SavesWhatItAcknowledged()
    {
        var install = await AzuriteInstall.EnsureAsync(null, CancellationToken.None);
        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true,
            RedirectStandardError = true, UseShellExecute = false };
        string[] arguments = [install.Wrapper, install.Main, "--silent", "--disableTelemetry", "--skipApiVersionCheck", "--location",
            folder, "--blobPort", "0", "--queuePort", "0", "--tablePort", "0"];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var azurite = Process.Start(start)!;
        var (ports, last) = (new List<int>(), "");
        while (!last.Contains("Table service is successfully listening", StringComparison.Ordinal))
            if ((last = await azurite.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("Azurite ended."))
                .Contains("listening at", StringComparison.Ordinal))
                ports.Add(int.Parse(last[(last.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
        using var busy = new System.Net.Sockets.TcpClient("127.0.0.1", ports[0]);
        // And never goes on.
        await busy.GetStream().WriteAsync("PUT /devstoreaccount1/x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"u8.ToArray());
        var before = new AzuriteEndpoints(ports[0], ports[1], ports[2]).ConnectionString;
        var container = new Azure.Storage.Blobs.BlobContainerClient(before, "data");
        await container.CreateAsync();
        await container.UploadBlobAsync("acknowledged", BinaryData.FromString("yes"));
        azurite.StandardInput.Close();
        azurite.StandardOutput.Close();
        azurite.StandardError.Close();
        await azurite.WaitForExitAsync();
        Assert.Equal(0, azurite.ExitCode);

        await using var again = await StartAsync();
        Assert.Equal("yes",
            (await new Azure.Storage.Blobs.BlobClient(again.ConnectionString, "data", "acknowledged")
            .DownloadContentAsync()).Value.Content.ToString());
    }

    [Fact]
    public async Task Azurite_ThatOnlyBegins_IsKnownToTheNextOneAlready()
    {
        using var stop = new CancellationTokenSource();
        var starting = AzuriteProcess.StartAsync(await AzuriteInstall.EnsureAsync(null, CancellationToken.None), folder, stop.Token);
        var file = Path.Combine(folder, "process.json");
        while (!File.Exists(file) && !starting.IsCompleted) await Task.Delay(5);
        Assert.False(starting.IsCompleted); // It does not listen yet.
        var id = System.Text.Json.JsonDocument.Parse(await File.ReadAllBytesAsync(file)).RootElement.GetProperty("processId").GetInt32();
        using (var process = Process.GetProcessById(id)) Assert.Equal("node", process.ProcessName);
        await (await starting).DisposeAsync();
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Azurite_ThatCannotStart_SaysWhatItPrinted()
    {
        var broken = new AzuriteInstall(folder);
        await File.WriteAllTextAsync(broken.Wrapper, "console.error('the disk is full'); process.exit(1);");
        var error = await Assert.ThrowsAsync<TriOpsException>(() => AzuriteProcess.StartAsync(broken, folder, CancellationToken.None));
        Assert.Equal("azurite-start", error.Code);
        Assert.Contains("the disk is full", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fixture_TwoScopes_ShareTheEmulatorUnderOtherNames()
    {
        var (a, b) = (shared.NewScope(), shared.NewScope());
        Assert.Equal(a.ConnectionString, b.ConnectionString);
        Assert.NotEqual(a.Prefix, b.Prefix);
    }

    private async Task<AzuriteProcess> StartAsync() =>
        await AzuriteProcess.StartAsync(await AzuriteInstall.EnsureAsync(null, CancellationToken.None), folder, CancellationToken.None);

    private static TableClient Table(AzuriteProcess azurite) => new(azurite.ConnectionString, "things");

    private static IEnumerable<Process> Children(int parent) =>
        File.ReadAllText($"/proc/{parent}/task/{parent}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => Process.GetProcessById(int.Parse(id, System.Globalization.CultureInfo.InvariantCulture)));
}
