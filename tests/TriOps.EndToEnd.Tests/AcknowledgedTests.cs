using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Workflows;

namespace TriOps.EndToEnd.Tests;

/// <summary>The host with an Azurite of its own, killed as soon as it has said yes: what it acknowledged is there in its next
/// life.</summary>
public sealed class AcknowledgedTests
{
    private const string Dataset = "people";

    [Fact]
    public Task Host_KilledThreeTimesRightAfterItSaidYes_HasLostNothing() => KillAsync(3);

    [SlowFact]
    public Task Host_KilledTwentyTimesRightAfterItSaidYes_HasLostNothing() => KillAsync(20);

    /// <summary>Killed while its Azurite begins, the next host waits for that one to be gone.</summary>
    [Fact]
    public async Task Host_KilledWhileItsAzuriteBegins_LeavesNoSecondOneOnTheFolder()
    {
        var state = Testing.TempFolders.Create("begun");
        await using var host = new HostUnderTest(state, null, Sandbox.Program("TriOps.KillableHost"));
        var begun = Path.Combine(state, "azurite", "process.json");
        var starting = host.StartAsync();
        while (!File.Exists(begun)) await Task.Delay(5);
        await host.KillAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => starting);
        await host.StartAsync();
        Assert.Single(Emulators(state));
    }

    private static async Task KillAsync(int kills)
    {
        var state = Testing.TempFolders.Create("acknowledged");
        await using var host = new HostUnderTest(state, null, Sandbox.Program("TriOps.KillableHost"));
        await host.StartAsync();
        for (var n = 0; n < kills; n++)
        {
            (await host.Http.PutAsync($"/api/projects/p{n}",
                new StringContent($"version: 1\nproject: p{n}\ndatasets:\n  {Dataset}: {{}}\n"))).EnsureSuccessStatusCode();
            if (n % 2 == 0) await host.UploadAsync($"p{n}", Dataset, "a.csv", "age,ok\n30,yes\n40,no\n"u8.ToArray());
            await host.KillAsync();
            await host.StartAsync();
            Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync($"/api/projects/p{n}")).StatusCode);
            if (n % 2 == 0) await IngestedAsync(host, n);
            await host.KillAsync(); // Right after a version was made, too.
            await host.StartAsync();
        }
        for (var n = 0; n < kills; n += 2)
        {
            var check = await host.GetAsync<JsonElement>($"/api/projects/p{n}/datasets/{Dataset}/check?read=true");
            Assert.Equal((1, 0), (check.GetProperty("versions").GetInt32(), check.GetProperty("faults").GetArrayLength()));
        }
        Assert.Single(Emulators(state));
    }

    private static async Task IngestedAsync(HostUnderTest host, int n)
    {
        var ingest = await host.EndedAsync($"ingest-p{n}-");
        Assert.Equal((WorkflowStatus.Completed, null), (ingest.Status, ingest.Failure?.Message));
        var versions = (await host.GetAsync<JsonElement>($"/api/projects/p{n}/datasets/{Dataset}/versions")).GetProperty("items")
            .Deserialize<List<DatasetVersion>>(TriOpsJson.Options)!;
        Assert.Equal(VersionStatus.Committed, Assert.Single(versions).Status);
    }

    /// <summary>The Azurites that have this state's folder open.</summary>
    private static List<string> Emulators(string state) =>
        [.. Directory.GetDirectories("/proc").Where(p => int.TryParse(Path.GetFileName(p), out _)).Select(CommandOf)
            .Where(c => c.StartsWith("node\0", StringComparison.Ordinal)
            && c.Contains(Path.Combine(state, "azurite"), StringComparison.Ordinal))];

    private static string CommandOf(string process)
    {
        try { return File.ReadAllText(Path.Combine(process, "cmdline")); }
        catch (IOException) { return ""; } // It has ended since.
    }
}
