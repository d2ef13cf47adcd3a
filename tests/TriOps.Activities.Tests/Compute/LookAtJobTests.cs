using Microsoft.Extensions.Time.Testing;
using TriOps.Activities.Compute;
using TriOps.Core.Compute;
using TriOps.Core.Content;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Names;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.Testing.Fakes;

namespace TriOps.Activities.Tests.Compute;

public sealed class LookAtJobTests
{
    private const string Id = "train-demo-diagnosis-v1-t00";
    private readonly FakeTimeProvider time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly MemoryBlobs blobs = new();
    private readonly FakeCompute compute = new();
    private readonly DateTimeOffset begun;

    public LookAtJobTests() => begun = time.GetUtcNow();

    [Fact]
    public async Task Look_EndFile_IsTheEndWhateverElseShows()
    {
        await Write(JobPaths.End(Id), new JobEnd(Id, 1, JobOutcome.Failed, Error: "no rows"));
        compute.States[(Id, 1)] = AttemptState.Unknown;

        var look = await Look(1);

        Assert.Equal((JobOutcome.Failed, false), (look.End!.Outcome, look.Lost));
    }

    [Fact]
    public async Task Look_EarlierAttemptWasCancelled_IsNotThisOnesEnd()
    {
        await Write(JobPaths.End(Id), new JobEnd(Id, 1, JobOutcome.Cancelled));
        await Start(2);

        Assert.Equal(new JobLook(null, false, null), await Look(2));
    }

    [Theory]
    [InlineData(AttemptState.Running, "fitting", 15)] // until now
    [InlineData(AttemptState.Ended, "fitting", 5)] // until its last sign of life
    [InlineData(AttemptState.Running, JobHeartbeat.Queued, 0)]
    public async Task Look_NoEnd_SaysHowLongTheAttemptHasHadItsDevice(AttemptState state, string phase, double seconds)
    {
        compute.States[(Id, 1)] = state;
        time.Advance(TimeSpan.FromSeconds(5));
        await Write(JobPaths.Heartbeat(Id), new JobHeartbeat(1, time.GetUtcNow(), phase, 0.5));
        time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(seconds, (await Look(1)).DeviceSeconds);
    }

    [Theory]
    [InlineData(JobOutcome.Succeeded)]
    [InlineData(JobOutcome.Failed)]
    public async Task Look_EarlierAttemptEnded_IsTheEnd(JobOutcome outcome)
    {
        await Write(JobPaths.End(Id), new JobEnd(Id, 1, outcome));
        await Start(2);

        Assert.Equal(1, (await Look(2)).End!.Attempt);
    }

    [Theory]
    [InlineData(20, false)]
    [InlineData(21, true)]
    public async Task Look_SilentRunningJob_IsLostAfterTheSilenceAllowed(int seconds, bool lost)
    {
        await Start(1);
        time.Advance(TimeSpan.FromSeconds(30));
        await Beat(1);
        time.Advance(TimeSpan.FromSeconds(seconds));

        var look = await Look(1);

        Assert.Equal(lost, look.Lost);
        Assert.Equal(lost, look.Reason is not null);
        Assert.Equal("fitting", look.Heartbeat!.Phase);
    }

    [Theory]
    [InlineData(90, false)]
    [InlineData(91, true)]
    public async Task Look_NoHeartbeatEver_IsLostAfterTheStartUpAllowed(int seconds, bool lost)
    {
        await Start(1);
        time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(lost, (await Look(1)).Lost);
    }

    [Fact]
    public async Task Look_EarlierAttemptsHeartbeat_IsNoSignOfLife()
    {
        await Beat(1);
        await Start(2);
        time.Advance(TimeSpan.FromSeconds(91));

        var look = await Look(2);

        Assert.True(look.Lost);
        Assert.Null(look.Heartbeat);
    }

    [Fact]
    public async Task Look_HeartbeatFromBeforeTheStart_CountsFromTheStart()
    {
        await Start(1);
        await Beat(1);
        time.Advance(TimeSpan.FromSeconds(60));

        Assert.False((await new LookAtJob(blobs, compute, time).Run(new(Id, 1, time.GetUtcNow().AddSeconds(-10)), default)).Lost);
    }

    [Fact]
    public async Task Look_ProcessEndedWithoutAnEnd_IsLostAndNamesTheLog()
    {
        await Start(1);
        compute.States[(Id, 1)] = AttemptState.Ended;

        var look = await Look(1);

        Assert.True(look.Lost);
        Assert.Contains("log-1.txt", look.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_ProcessEndsBetweenTheReads_FindsItsEnd()
    {
        await Start(1);
        compute.States[(Id, 1)] = AttemptState.Ended;
        compute.BeforeState = () => Write(JobPaths.End(Id), new JobEnd(Id, 1, JobOutcome.Succeeded, new TrialResult(0.9)));

        var look = await Look(1);

        Assert.Equal((JobOutcome.Succeeded, false), (look.End!.Outcome, look.Lost));
    }

    [Fact]
    public async Task Look_TargetForgotTheAttempt_LostUnlessItStillBeats()
    {
        Assert.True((await Look(1)).Lost);

        await Beat(1);
        Assert.False((await Look(1)).Lost);

        time.Advance(TimeSpan.FromSeconds(21));
        Assert.True((await Look(1)).Lost);
    }

    [Fact]
    public async Task Look_QueuedAttempt_WaitsInLineHoweverLong()
    {
        compute.Reports[(Id, 1)] = new(AttemptState.Queued);
        time.Advance(TimeSpan.FromHours(1));

        var look = await Look(1);

        Assert.Equal((false, JobHeartbeat.Queued), (look.Lost, look.Heartbeat!.Phase));
    }

    [Fact]
    public async Task Look_QueuedAttemptThatBeats_IsRunning()
    {
        compute.Reports[(Id, 1)] = new(AttemptState.Queued);
        await Beat(1);

        Assert.Equal("fitting", (await Look(1)).Heartbeat!.Phase);
    }

    [Theory]
    [InlineData(AttemptFate.Evicted)]
    [InlineData(AttemptFate.TimeLimit)]
    [InlineData(AttemptFate.StartUp)]
    [InlineData(AttemptFate.Vanished)]
    public async Task Look_FateThatAnotherAttemptMayEscape_IsLostWithItsReason(AttemptFate fate)
    {
        compute.Reports[(Id, 1)] = new(AttemptState.Ended, fate, "was evicted");

        var look = await Look(1);

        Assert.Equal((true, null, "attempt 1 was evicted"), (look.Lost, look.End, look.Reason));
    }

    [Theory]
    [InlineData(AttemptFate.ImagePull)]
    [InlineData(AttemptFate.OutOfMemory)]
    [InlineData(AttemptFate.UserError)]
    public async Task Look_FateThatWouldRepeat_IsTheJobsFailure(AttemptFate fate)
    {
        compute.Reports[(Id, 1)] = new(AttemptState.Ended, fate, "cannot fetch its image");

        var look = await Look(1);

        Assert.Equal((JobOutcome.Failed, 1, "attempt 1 cannot fetch its image", false),
            (look.End!.Outcome, look.End.Attempt, look.End.Error, look.Lost));
        Assert.Empty(compute.Stopped);
    }

    [Fact]
    public async Task Look_FinalFateOfAnAttemptThatStillTries_StopsIt()
    {
        compute.Reports[(Id, 1)] = new(AttemptState.Queued, AttemptFate.ImagePull, "cannot fetch its image");

        Assert.Equal(JobOutcome.Failed, (await Look(1)).End!.Outcome);
        Assert.Equal([(Id, 1)], compute.Stopped);
    }

    [Fact]
    public async Task Look_FinalFateButTheEndIsThere_IsTheEnd()
    {
        compute.Reports[(Id, 1)] = new(AttemptState.Ended, AttemptFate.OutOfMemory, "needed more memory");
        compute.BeforeState = () => Write(JobPaths.End(Id), new JobEnd(Id, 1, JobOutcome.Succeeded, new TrialResult(0.9)));

        Assert.Equal(JobOutcome.Succeeded, (await Look(1)).End!.Outcome);
    }

    [Fact]
    public async Task Look_HeartbeatThatIsNoJson_CountsAsNone()
    {
        await Start(1);
        await blobs.WriteAsync(JobPaths.Heartbeat(Id), "{\"attempt\":"u8.ToArray(), WriteMode.Replace, default);
        Assert.Equal(new JobLook(null, false, null), await Look(1));
    }

    [Fact]
    public async Task StartAndStop_Repeated_ReachTheTargetForThatAttempt()
    {
        await Start(1);
        await Start(1);
        await new StopJob(compute).Run(new(Id, 1, begun), default);

        Assert.Equal([(Id, 1)], compute.Started);
        Assert.Equal([(Id, 1)], compute.Stopped);
    }

    private Task<JobLook> Look(int attempt) => new LookAtJob(blobs, compute, time).Run(new(Id, attempt, begun), default);

    private async Task<Done> Start(int attempt)
    {
        var runs = new RunLog(new MemoryDocuments<Run>(), new MemoryDocuments<RunEntry>(), new MemoryDocuments<Trial>(),
            new MemoryDocuments<MetricBatch>());
        await runs.StartAsync(
            new("run", ProjectName.Parse("demo"), PipelineName.Parse("diagnosis"),
            new(ProjectName.Parse("demo"), DatasetName.Parse("tumours"), 1), RunReason.Upload, RunStatus.Running, 1, null, begun), default);
        await Write(JobPaths.Spec(Id),
            new JobSpec(Id, new TrialWork("run", 0, ContentId.OfBytes([1]), ModelFamily.Linear, new Dictionary<string, double>(), 1),
            TimeSpan.FromMinutes(1)));
        return await new StartJob(compute, blobs, runs).Run(new(Id, attempt, begun), default);
    }

    private Task<BlobInfo> Beat(int attempt) => Write(JobPaths.Heartbeat(Id), new JobHeartbeat(attempt, time.GetUtcNow(), "fitting", 0.5));

    private Task<BlobInfo> Write<T>(BlobPath path, T value) => blobs.WriteJsonAsync(path, value, WriteMode.Replace, default);
}
