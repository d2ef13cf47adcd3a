using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using TriOps.Core.Workflows;

namespace TriOps.EndToEnd.Tests;

/// <summary>The host with an Azurite of its own on a disk that fills up. Where nothing may be mounted, TriOps.LocalHost.Tests alone holds
/// the parts.</summary>
public sealed class FullDiskTests
{
    private const long Little = 2 << 20;

    [SmallDiskFact]
    public async Task Pipeline_DiskFullMidRun_ChangesAreRefusedAndItCompletesWhenThereIsRoom()
    {
        await using var disk = await SmallDisk.MountAsync();
        await using var host = new HostUnderTest(Path.Combine(disk.Folder, "state"), null, Sandbox.Program("TriOps.LocalHost"));
        await host.StartAsync();
        await host.PushAsync(SmallProject.Name, SmallProject.Yaml, SmallProject.Dataset, "tumours.csv", SmallProject.Csv());
        await host.EventuallyAsync(async () => (await host.FindAsync("train-"))
            .Any(i => i.InstanceId.EndsWith("t00", StringComparison.Ordinal)), "the first trial has started");

        disk.Fill(Little);
        HttpResponseMessage? refused = null;
        await host.EventuallyAsync(async () => (refused = await UploadLinkAsync(host)).StatusCode == HttpStatusCode.InsufficientStorage,
            "changes are refused");

        var problem = await refused!.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("disk-full", problem.GetProperty("code").GetString());
        Assert.Contains("64 MiB must stay free", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("64 MiB must stay free", host.Output, StringComparison.Ordinal);
        Assert.Equal(WorkflowStatus.Running, (await host.FindAsync("ingest-")).Single().Status);

        disk.Free();
        await FaultTests.CompletedWithOneVersionAsync(host);
        Assert.Equal(HttpStatusCode.OK, (await UploadLinkAsync(host)).StatusCode);
        var before = await PipelineOutcome.ReadAsync(host, SmallProject.Name, SmallProject.Dataset, "diagnosis");

        await host.StopAsync();
        await host.StartAsync();
        Assert.Equal(before, await PipelineOutcome.ReadAsync(host, SmallProject.Name, SmallProject.Dataset, "diagnosis"));
    }

    [SmallDiskFact]
    public async Task Host_StartedOnAFullDisk_SaysHowMuchIsMissing()
    {
        await using var disk = await SmallDisk.MountAsync();
        disk.Fill(Little);
        await using var host = new HostUnderTest(Path.Combine(disk.Folder, "state"), null, Sandbox.Program("TriOps.LocalHost"));

        var ended = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());

        Assert.Contains("ended with code 1", ended.Message, StringComparison.Ordinal);
        Assert.Contains("2 MiB left; 64 MiB must stay free", ended.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Message, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> UploadLinkAsync(HostUnderTest host) =>
        host.Http.PostAsJsonAsync($"/api/projects/{SmallProject.Name}/datasets/{SmallProject.Dataset}/uploads", new { file = "more.csv" });
}
