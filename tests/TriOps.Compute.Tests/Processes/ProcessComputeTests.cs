using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Storage;
using TriOps.Testing.Fakes;

namespace TriOps.Compute.Tests;

/// <summary>Shell scripts stand for the trainer.</summary>
public sealed class ProcessComputeTests : IDisposable
{
    private static readonly CancellationToken Ct = CancellationToken.None;
    private readonly string folder = Directory.CreateTempSubdirectory("triops-compute-").FullName;
    private readonly MemoryBlobs blobs = new();
    private readonly List<ProcessCompute> started = [];

    public void Dispose()
    {
        foreach (var compute in started)
        {
            compute.StopAsync(Ct).Wait();
            compute.Dispose();
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Attempt_ThatEnds_LeavesItsLogAndStaysEnded()
    {
        var compute = Create("""echo "job $2 attempt $4 storage $TRIOPS_STORAGE key [$TRIOPS_API_KEY]"; echo oops >&2""");
        Assert.Equal(AttemptState.Unknown, await compute.StateAsync("job-1", 1, Ct));
        await compute.StartAsync("job-1", 1, Ct);
        await UntilAsync(compute, "job-1", 1, AttemptState.Ended);
        await compute.LookAfterAsync(Ct);
        Assert.Equal("job job-1 attempt 1 storage here key []\noops\n",
            System.Text.Encoding.UTF8.GetString(await blobs.ReadBytesAsync(JobPaths.Log("job-1", 1), Ct)));
        await compute.StartAsync("job-1", 1, Ct);
        Assert.Equal(AttemptState.Ended, await compute.StateAsync("job-1", 1, Ct));
        Assert.Equal(AttemptState.Unknown, await compute.StateAsync("job-1", 2, Ct));
    }

    [Fact]
    public async Task Attempt_StartedTwice_IsOneProcess()
    {
        var compute = Create("echo run >> \"$MARKS\"; sleep 600");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => compute.StartAsync("job-1", 1, Ct))));
        await UntilFileAsync(Marks);
        await compute.StartAsync("job-1", 1, Ct);
        await StopAsync(compute, "job-1", 1);
        Assert.Equal(["run"], await File.ReadAllLinesAsync(Marks));
    }

    [Fact]
    public async Task Attempt_OfAHostThatDied_IsFoundWatchedAndNotStartedAgain()
    {
        var first = Create("echo run >> \"$MARKS\"; sleep 600");
        await first.StartAsync("job-1", 1, Ct);
        await UntilFileAsync(Marks);
        // The first host does nothing more, as if it had died; its trainer runs on.
        var second = Create("echo another >> \"$MARKS\"");
        Assert.Equal(AttemptState.Running, await second.StateAsync("job-1", 1, Ct));
        await second.StartAsync("job-1", 1, Ct);
        await StopAsync(second, "job-1", 1);
        Assert.Equal(["run"], await File.ReadAllLinesAsync(Marks));
        Assert.Equal(AttemptState.Ended, await second.StateAsync("job-1", 1, Ct));
    }

    [Fact]
    public async Task Attempt_WhoseProcessNoteWasWrittenByAnother_IsNotStartedTwice()
    {
        // A host died between starting a process and knowing it. That process writes its note while the next host is about to start the
        // attempt.
        using var other = Process.Start(new ProcessStartInfo("/bin/sleep", "600"))!;
        var compute =
            Create("echo twice >> \"$MARKS\"",
            whileStarting: () => File.WriteAllText(Path.Combine(folder, "job-1-1.pid"), $"{other.Id}\n"));
        await compute.StartAsync("job-1", 1, Ct);
        for (var i = 0; i < 20; i++)
        {
            await compute.LookAfterAsync(Ct);
            Assert.Equal(AttemptState.Running, await compute.StateAsync("job-1", 1, Ct));
            await Task.Delay(10);
        }
        other.Kill();
        await UntilAsync(compute, "job-1", 1, AttemptState.Ended);
        Assert.False(File.Exists(Marks));
    }

    [Fact]
    public async Task Attempt_ThatIgnoresBeingAsked_IsKilled()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        var compute = Create("trap '' TERM; echo run >> \"$MARKS\"; while true; do sleep 1; done", time: time);
        await compute.StartAsync("job-1", 1, Ct);
        await UntilFileAsync(Marks);
        await compute.StopAsync("job-1", 1, Ct);
        await compute.LookAfterAsync(Ct);
        Assert.Equal(AttemptState.Running, await compute.StateAsync("job-1", 1, Ct));
        time.Advance(TimeSpan.FromSeconds(6));
        await compute.LookAfterAsync(Ct);
        await UntilAsync(compute, "job-1", 1, AttemptState.Ended);
    }

    [Fact]
    public async Task Attempts_AboveTheLimit_WaitInLineWithAHeartbeat()
    {
        var compute = Create("echo \"$2\" >> \"$MARKS\"; sleep 600", parallel: 1);
        await compute.StartAsync("job-1", 1, Ct);
        await UntilFileAsync(Marks);
        await compute.StartAsync("job-2", 1, Ct);
        await compute.StartAsync("job-3", 1, Ct);
        await compute.LookAfterAsync(Ct);
        Assert.Equal(JobHeartbeat.Queued, (await blobs.ReadJsonAsync<JobHeartbeat>(JobPaths.Heartbeat("job-2"), Ct)).Phase);
        Assert.Equal(AttemptState.Running, await compute.StateAsync("job-2", 1, Ct));
        await compute.StopAsync("job-2", 1, Ct); // While it waits: it never runs.
        await StopAsync(compute, "job-1", 1);
        await UntilAsync(() => File.ReadAllLines(Marks).Length == 2);
        Assert.Equal(["job-1", "job-3"], await File.ReadAllLinesAsync(Marks));
        Assert.Equal(AttemptState.Ended, await compute.StateAsync("job-2", 1, Ct));
    }

    [Fact]
    public async Task Host_EndingInOrder_KillsItsTrainersAndTheNextSeesThemEnded()
    {
        var first = Create("trap 'echo asked >> \"$MARKS\"' TERM; echo run >> \"$MARKS\"; sleep 600");
        await first.StartAsync("job-1", 1, Ct);
        await UntilFileAsync(Marks);
        await first.StopAsync(Ct);
        Assert.Equal(AttemptState.Ended, await Create("true").StateAsync("job-1", 1, Ct));
        Assert.Equal(["run"], await File.ReadAllLinesAsync(Marks)); // Not asked: that would take its time.
    }

    [Fact]
    public async Task Attempt_WhoseTrainerIsMissing_FailsWhereItIsAskedForAndMayBeAskedForAgain()
    {
        var there = false;
        var compute =
            Create("echo run >> \"$MARKS\"",
            whileStarting: () => { if (!there) throw new NotFoundException("trainer-missing", "no trainer"); });
        Assert.Equal("no trainer", (await Assert.ThrowsAsync<NotFoundException>(() => compute.StartAsync("job-1", 1, Ct))).Message);
        Assert.Equal(AttemptState.Unknown, await compute.StateAsync("job-1", 1, Ct));
        there = true;
        await compute.StartAsync("job-1", 1, Ct);
        await UntilFileAsync(Marks);
    }

    [Fact]
    public async Task Attempt_WhoseTrainerIsMissingWhenItsTurnComes_EndsAsFailedWithTheReason()
    {
        var asked = 0;
        var compute =
            Create("sleep 600", parallel: 1,
            whileStarting: () => { if (++asked > 1) throw new NotFoundException("trainer-missing", "no trainer"); });
        await compute.StartAsync("job-1", 1, Ct);
        await compute.StartAsync("job-2", 1, Ct);
        await StopAsync(compute, "job-1", 1);
        await compute.LookAfterAsync(Ct);
        Assert.Equal((1, JobOutcome.Failed, "no trainer"), await EndOf("job-2"));
        Assert.Equal(AttemptState.Ended, await compute.StateAsync("job-2", 1, Ct));
    }

    [Fact]
    public async Task Attempt_WhoseProgramCannotBeRun_EndsAsFailedWithTheReason()
    {
        var compute = Create("", command: ["/no/such/trainer"]);
        await compute.StartAsync("job-1", 1, Ct);
        await UntilAsync(
            () => { compute.LookAfterAsync(Ct).Wait(); return compute.StateAsync("job-1", 1, Ct).Result == AttemptState.Ended; });
        var (attempt, outcome, error) = await EndOf("job-1");
        Assert.Equal((1, JobOutcome.Failed), (attempt, outcome));
        Assert.Contains("could not be run: the shell ended with 127", error, StringComparison.Ordinal);
        Assert.Contains("/no/such/trainer", System.Text.Encoding.UTF8.GetString(await blobs.ReadBytesAsync(JobPaths.Log("job-1", 1), Ct)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attempt_WithAHostileId_KeepsToItsFolder()
    {
        var compute = Create("echo \"$2\" > \"$MARKS\"");
        await compute.StartAsync("../../etc/$(touch x)'\"; rm -rf", 1, Ct);
        await UntilAsync(compute, "../../etc/$(touch x)'\"; rm -rf", 1, AttemptState.Ended);
        Assert.Equal("../../etc/$(touch x)'\"; rm -rf\n", await File.ReadAllTextAsync(Marks));
        await compute.LookAfterAsync(Ct);
        Assert.Equal(["..%2F..%2Fetc%2F%24%28touch%20x%29%27%22%3B%20rm%20-rf-1.ended", "marks"], Directory.GetFiles(folder)
            .Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private string Marks => Path.Combine(folder, "marks");

    private ProcessCompute Create(string script, int parallel = 4, TimeProvider? time = null, Action? whileStarting = null,
        string[]? command = null)
    {
        Assert.False(OperatingSystem.IsWindows(), "These tests use a shell as the trainer.");
        var environment = new Dictionary<string, string> { ["TRIOPS_STORAGE"] = "here", ["TRIOPS_API_KEY"] = "secret", ["MARKS"] = Marks };
        var options = new ProcessComputeOptions(() => { whileStarting?.Invoke(); return command ?? ["/bin/sh", "-c", script, "trainer"]; },
            folder, environment, parallel);
        var compute = new ProcessCompute(options, new AttemptFolder(folder, time ?? TimeProvider.System), blobs, time
            ?? TimeProvider.System, NullLogger<ProcessCompute>.Instance);
        started.Add(compute);
        return compute;
    }

    private async Task<(int, JobOutcome, string?)> EndOf(string job) => await blobs.ReadJsonAsync<JobEnd>(JobPaths.End(job), Ct) is var end
        ? (end.Attempt, end.Outcome, end.Error) : default;

    private static async Task StopAsync(ProcessCompute compute, string job, int attempt)
    {
        await compute.StopAsync(job, attempt, Ct);
        await UntilAsync(compute, job, attempt, AttemptState.Ended);
        await compute.LookAfterAsync(Ct);
    }

    private static Task UntilAsync(ProcessCompute compute, string job, int attempt, AttemptState state) =>
        UntilAsync(() => compute.StateAsync(job, attempt, Ct).Result == state);

    private static Task UntilFileAsync(string file) => UntilAsync(() => File.Exists(file) && new FileInfo(file).Length > 0);

    /// <summary>Other processes tell nobody what they do: their traces are looked for until they are there.</summary>
    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition()) await Task.Delay(10, limit.Token);
    }
}
