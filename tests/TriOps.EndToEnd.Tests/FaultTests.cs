using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.EndToEnd.Tests;

public sealed class FaultTests
{
    [Fact]
    public async Task Pipeline_AzuriteStoppedAndStartedMidRun_Completes()
    {
        await using var sandbox = await Sandbox.CreateAsync();
        await using var host = sandbox.NewHost();
        await host.StartAsync();
        await host.PushAsync(SmallProject.Name, SmallProject.Yaml, SmallProject.Dataset, "tumours.csv", SmallProject.Csv());
        await host.EventuallyAsync(async () => (await host.FindAsync("train-"))
            .Any(i => i.InstanceId.EndsWith("t00", StringComparison.Ordinal)), "the first trial has started");

        await sandbox.StopAzuriteAsync();
        await sandbox.StartAzuriteAsync();

        await CompletedWithOneVersionAsync(host);
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("STOP")]
    public async Task Pipeline_TrainerKilledOrHung_TriesAgainAndCompletes(string signal)
    {
        await using var sandbox = await Sandbox.CreateAsync();
        await using var host = sandbox.NewHost();
        await host.StartAsync();
        await host.PushAsync(SmallProject.Name, SmallProject.Yaml, SmallProject.Dataset, "tumours.csv", SmallProject.Csv());
        int? trainer = null;
        await host.EventuallyAsync(() => Task.FromResult((trainer = TrainerOf(host)) is not null), "a trainer runs");

        using (var kill = Process.Start("kill", ["-" + signal, trainer!.Value.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();

        await CompletedWithOneVersionAsync(host);
        await host.EventuallyAsync(() => Task.FromResult(TrainerOf(host) is null), "nothing of the lost attempt goes on");
        var trials = (await host.GetAsync<JsonElement>($"/api/runs/{await RunIdAsync(host)}/trials")).GetProperty("items")
            .Deserialize<List<Trial>>(TriOpsJson.Options)!;
        Assert.All(trials, t => Assert.Equal(RunStatus.Completed, t.Status));
        var steps = (await host.GetAsync<JsonElement>($"/api/workflows/{trials[0].JobId}/steps")).GetProperty("items")
            .Deserialize<List<WorkflowStep>>(TriOpsJson.Options)!;
        Assert.Equal(2, steps.Count(s => s.Name == JobSteps.Start.Value));
    }

    [Fact]
    public async Task Pipeline_TerminatedWhileATrainerHangs_LeavesNoRunOpenAndNoTrainerRunning()
    {
        await using var sandbox = await Sandbox.CreateAsync();
        await using var host = sandbox.NewHost();
        await host.StartAsync();
        await host.PushAsync(SmallProject.Name, SmallProject.Yaml, SmallProject.Dataset, "tumours.csv", SmallProject.Csv());
        int? trainer = null;
        await host.EventuallyAsync(() => Task.FromResult((trainer = TrainerOf(host)) is not null), "a trainer runs");
        using (var hang = Process.Start("kill", ["-STOP", trainer!.Value.ToString(CultureInfo.InvariantCulture)]))
            await hang.WaitForExitAsync();

        var ingest = (await host.FindAsync("ingest-")).Single();
        (await host.Http.PostAsJsonAsync($"/api/workflows/{ingest.InstanceId}/terminate", new { reason = "wrong file" }))
            .EnsureSuccessStatusCode();

        await host.EventuallyAsync(async () =>
            (await host.GetAsync<Run>($"/api/runs/{await RunIdAsync(host)}")).Status == RunStatus.Cancelled, "the run is cancelled");
        await host.EventuallyAsync(() => Task.FromResult(TrainerOf(host) is null), "the trainer is gone");
        var run = await host.GetAsync<Run>($"/api/runs/{await RunIdAsync(host)}");
        Assert.Contains("wrong file", run.Error, StringComparison.Ordinal);
        Assert.All((await host.GetAsync<JsonElement>($"/api/runs/{run.Id}/trials")).GetProperty("items")
            .Deserialize<List<Trial>>(TriOpsJson.Options)!, t => Assert.Equal(RunStatus.Cancelled, t.Status));
        Assert.All(await host.FindAsync(""), i => Assert.Equal(WorkflowStatus.Terminated, i.Status));
    }

    [Theory]
    [InlineData("a,b\n1,2\n3\n", "line 3")]
    [InlineData("", "empty")]
    [InlineData("diagnosis\nbenign\n", "min-rows")]
    public async Task Upload_OfABadFile_IsQuarantinedWithItsReasonAndNothingIsTrained(string csv, string reason)
    {
        await using var sandbox = await Sandbox.CreateAsync();
        await using var host = sandbox.NewHost();
        await host.StartAsync();
        await host.PushAsync(SmallProject.Name, SmallProject.Yaml, SmallProject.Dataset, "bad.csv", SmallProject.Text(csv));

        var ingest = await host.EndedAsync("ingest-");

        var result = ingest.Output!.Value.Deserialize<IngestResult>(TriOpsJson.Options)!;
        Assert.Equal(VersionStatus.Quarantined, result.Status);
        Assert.Contains(result.Issues, i => $"{i.Rule} {i.Message}".Contains(reason, StringComparison.OrdinalIgnoreCase));
        Assert.Empty(await host.FindAsync("train-"));
    }

    /// <summary>Waits until the small project's pipeline has ended, and asserts that it left one of everything.</summary>
    internal static async Task CompletedWithOneVersionAsync(HostUnderTest host)
    {
        var ingest = await host.EndedAsync("ingest-");
        Assert.Equal(WorkflowStatus.Completed, ingest.Status);
        var outcome = await PipelineOutcome.ReadAsync(host, SmallProject.Name, SmallProject.Dataset, "diagnosis");
        Assert.Single(outcome, l => l.StartsWith("model 1 Approved", StringComparison.Ordinal));
        Assert.Single(outcome, l => l.StartsWith("revision 1", StringComparison.Ordinal)
            && l.EndsWith("Active 100 %", StringComparison.Ordinal));
        Assert.DoesNotContain(outcome, l => l.StartsWith("model 2", StringComparison.Ordinal)
            || l.StartsWith("data 2", StringComparison.Ordinal));
    }

    private static async Task<string> RunIdAsync(HostUnderTest host) =>
        (await host.GetAsync<JsonElement>($"/api/projects/{SmallProject.Name}/runs")).GetProperty("items")[0]
            .GetProperty("id").GetString()!;

    /// <summary>The process id of a trainer of this host, by its command line.</summary>
    private static int? TrainerOf(HostUnderTest host)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _)))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(process, "cmdline")).Contains("TriOps.Trainer.dll", StringComparison.Ordinal)
                    && File.ReadAllText(Path.Combine(process, "environ")).Contains(host.StoragePort, StringComparison.Ordinal))
                    return int.Parse(Path.GetFileName(process), CultureInfo.InvariantCulture);
            }
            catch (IOException) { /* It has ended. */ }
            catch (UnauthorizedAccessException) { /* Another user's. */ }
        }
        return null;
    }
}
