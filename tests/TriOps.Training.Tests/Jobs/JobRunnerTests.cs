using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Content;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Storage;
using TriOps.Testing;
using TriOps.Training.Tables.LightGbm;

namespace TriOps.Training.Tests.Jobs;

public sealed class JobRunnerTests
{
    [Theory, InlineData(TaskKind.Binary), InlineData(TaskKind.Multiclass), InlineData(TaskKind.Regression)]
    public async Task Run_GoodJob_LeavesGraphReferenceBaselineCurvesAndOneEnd(TaskKind task)
    {
        var bench = new JobBench(task: task);
        var spec = await bench.StoreAsync();

        var end = await bench.RunAsync();

        Assert.Equal(JobOutcome.Succeeded, end!.Outcome);
        Assert.Equal(end.Trial().Metrics![bench.Plan.Objective], end.Trial().Objective);
        var onnx = await bench.Blobs.ReadBytesAsync(ModelPaths.Onnx(end.Trial().Artifacts!.Files.Graph.Id), CancellationToken.None);
        Assert.Equal(end.Trial().Artifacts!.Files.Graph.Id, ContentId.OfBytes(onnx));
        Assert.Equal(onnx.Length, end.Trial().Artifacts!.Files.Bytes);
        var reference = await bench.Blobs.ReadJsonAsync<ReferenceOutputs>(ModelPaths.Reference(end.Trial().Artifacts!.Reference),
            CancellationToken.None);
        Assert.InRange(reference.Rows.Count, 100, 256);
        Assert.Contains(reference.Rows.Numbers, float.IsNaN);
        using var judge = new OnnxJudge(onnx);
        var outputs = judge.Run(end.Trial().Artifacts!.Signature.Table, reference.Rows);
        Assert.True(reference.Outputs.SelectMany(o => o).Zip(outputs, (e, a) => Math.Abs(e - a)).Max() <= reference.Tolerance);
        var baseline =
            await bench.Blobs.ReadJsonAsync<Baseline>(ModelPaths.Baseline(end.Trial().Artifacts!.Baseline!.Value), CancellationToken.None);
        Assert.Equal(1, baseline.Version);
        Assert.InRange(baseline.Rows.Count, 450, 630); // the training part, 60 % of 900
        Assert.Equal(end.Trial().Artifacts!.Signature.Table.Numbers, baseline.Signature.Numbers);
        Assert.True(baseline.Outputs.Zip(judge.Run(baseline.Signature, baseline.Rows), (e, a) => Math.Abs(e - a))
            .Max() <= reference.Tolerance * 10);

        var curves = await bench.RunLog.MetricsAsync(spec.Work.RunId, ((TrialWork)spec.Work).Trial, CancellationToken.None);
        Assert.Equal(50, curves.Count(p => p.Key == "validation/loss"));
        Assert.Contains(curves, p => p.Key == $"validation/{bench.Plan.Objective}");
        var beat = await bench.Blobs.ReadJsonAsync<JobHeartbeat>(JobPaths.Heartbeat(spec.Id), CancellationToken.None);
        Assert.Equal(1, beat.Attempt);
        var message = Assert.Single(await bench.MessagesAsync());
        Assert.Equal(end.Trial().Artifacts!.Files.Graph.Id, message.Trial().Artifacts!.Files.Graph.Id);
    }

    [Fact]
    public async Task Run_SpecificationOfAnotherVersion_FailsAndSaysWhich()
    {
        var bench = new JobBench();
        await bench.StoreAsync();
        var spec = JsonNode.Parse(await bench.Blobs.ReadBytesAsync(JobPaths.Spec("job-1"), CancellationToken.None))!;
        spec["version"] = 3;
        await bench.Blobs.WriteAsync(JobPaths.Spec("job-1"), Encoding.UTF8.GetBytes(spec.ToJsonString()), WriteMode.Replace,
            CancellationToken.None);
        var end = await bench.RunAsync();
        Assert.Equal(JobOutcome.Failed, end!.Outcome);
        Assert.Contains("version 3", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_LabelWithOneClass_FailsWithTheTextForPeople()
    {
        var bench = new JobBench(oneClass: true);
        await bench.StoreAsync();
        var end = await bench.RunAsync();
        Assert.Equal(JobOutcome.Failed, end!.Outcome);
        Assert.Contains("a classifier needs two classes", end.Error, StringComparison.Ordinal);
        Assert.Equal(JobOutcome.Failed, Assert.Single(await bench.MessagesAsync()).Outcome);
    }

    [Fact]
    public async Task Run_ParameterOutsideItsRange_Fails()
    {
        var bench = new JobBench();
        await bench.StoreAsync(
            s => s with { Work = (TrialWork)s.Work with { Parameters = new Dictionary<string, double> { ["num_leaves"] = 1e9 } } });
        Assert.Contains("num_leaves", (await bench.RunAsync())!.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_JobHasAnEnd_AnnouncesItAgainAndDoesNotFit()
    {
        var bench = new JobBench(trainer: new ScriptedTrainer((_, _, _, _) => throw new InvalidOperationException("fitted again")));
        await bench.StoreAsync();
        await bench.Blobs.WriteJsonAsync(JobPaths.End("job-1"), new JobEnd("job-1", 1, JobOutcome.Succeeded, new TrialResult(0.5)),
            WriteMode.IfAbsent, CancellationToken.None);
        var end = await bench.RunAsync(attempt: 2);
        Assert.Equal((1, 0.5), (end!.Attempt, end.Trial().Objective));
        Assert.Equal(1, Assert.Single(await bench.MessagesAsync()).Attempt);
    }

    [Fact]
    public async Task Run_FitCrashes_LeavesNoEnd()
    {
        var bench = new JobBench(trainer: new ScriptedTrainer((_, _, _, _) => throw new InvalidOperationException("a fault")));
        await bench.StoreAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => bench.RunAsync());
        Assert.Null(await bench.Blobs.FindAsync(JobPaths.End("job-1"), CancellationToken.None));
        Assert.Empty(await bench.MessagesAsync());
    }

    public static TheoryData<Exception, string> Exhausted => new()
    {
        { new InsufficientMemoryException(), "ran out of memory" },
        { new IOException("No space left on device", 28), "The disk is full" },
    };

    [Theory, MemberData(nameof(Exhausted))]
    public async Task Run_MachineIsExhausted_FailsWithTheNextMove(Exception fault, string text)
    {
        var bench = new JobBench(trainer: new ScriptedTrainer((_, _, _, _) => throw fault));
        await bench.StoreAsync();
        Assert.Contains(text, (await bench.RunAsync())!.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_StoppedWhileFitting_SavesACheckpointFromWhichTheNextAttemptResumes()
    {
        using var stop = new CancellationTokenSource();
        var bench = new JobBench(trainer: new ScriptedTrainer((request, progress, checkpoints, ct) =>
            new LightGbmTrainer().Fit(request, new Recorder { OnStep = step => { if (step == 20) stop.Cancel(); } }, checkpoints, ct)));
        var spec = await bench.StoreAsync();
        Assert.Null(await bench.RunAsync(1, stop.Token));
        Assert.Null(await bench.Blobs.FindAsync(JobPaths.End("job-1"), CancellationToken.None));
        var gone = Assert.Single(await bench.MessagesAsync());
        Assert.Equal(("job-1", 1, JobOutcome.Lost), (gone.JobId, gone.Attempt, gone.Outcome));
        Assert.Contains("resumes from its last checkpoint", gone.Error, StringComparison.Ordinal);

        var second = new JobBench();
        await second.StoreAsync();
        await second.Blobs.WriteAsync(JobPaths.Checkpoint("job-1"),
            await bench.Blobs.ReadBytesAsync(JobPaths.Checkpoint("job-1"), CancellationToken.None), WriteMode.Replace,
            CancellationToken.None);
        var end = await second.RunAsync(2);
        Assert.Equal((2, JobOutcome.Succeeded), (end!.Attempt, end.Outcome));
        var steps = (await second.RunLog.MetricsAsync(spec.Work.RunId, ((TrialWork)spec.Work).Trial, CancellationToken.None))
            .Where(p => p.Key == "validation/loss").Select(p => p.Step);
        Assert.Equal(Enumerable.Range(21, 30).Select(s => (long)s), steps);
    }

    [Fact]
    public async Task Run_StoppedBeforeItHasReadAnything_IsGoneNotCrashed()
    {
        var bench = new JobBench();
        await bench.StoreAsync();

        Assert.Null(await bench.RunAsync(1, new CancellationToken(canceled: true)));
        Assert.Equal(JobOutcome.Lost, Assert.Single(await bench.MessagesAsync()).Outcome);
    }

    [Fact]
    public async Task Run_PastItsTimeLimit_FailsWithTheLimit()
    {
        var time = new FakeTimeProvider();
        var fitting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var bench = new JobBench(time, new ScriptedTrainer((_, _, _, ct) =>
        {
            fitting.SetResult();
            ct.WaitHandle.WaitOne();
            throw new OperationCanceledException(ct);
        }));
        await bench.StoreAsync();
        var running = bench.RunAsync();
        await fitting.Task;
        time.Advance(TimeSpan.FromMinutes(5));
        var end = await running;
        Assert.Equal(JobOutcome.Failed, end!.Outcome);
        Assert.Contains("00:05:00", end.Error, StringComparison.Ordinal);
        Assert.Equal(300, end.DeviceSeconds);
    }

    [Fact]
    public async Task Run_FitHangs_KeepsBeatingWithoutProgressUntilItIsLeftBehind()
    {
        var time = new FakeTimeProvider();
        var fitting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var release = new ManualResetEventSlim();
        var bench = new JobBench(time, new ScriptedTrainer((_, progress, _, _) =>
        {
            progress.Report(0.4);
            fitting.SetResult();
            release.Wait(CancellationToken.None);
            throw new OperationCanceledException();
        }));
        await bench.StoreAsync();
        using var stop = new CancellationTokenSource();
        var first = bench.Blobs.Next(JobPaths.Heartbeat("job-1"));
        var running = bench.RunAsync(1, stop.Token);
        await first;
        await fitting.Task;

        for (var i = 0; i < 3; i++)
        {
            var next = bench.Blobs.Next(JobPaths.Heartbeat("job-1"));
            // The loop may not wait for the timer yet when the clock moves: then it moves again.
            while (!next.IsCompleted)
            {
                time.Advance(JobTiming.Heartbeat);
                await Task.WhenAny(next, Task.Yield().AsTask());
            }
        }
        var beat = await bench.Blobs.ReadJsonAsync<JobHeartbeat>(JobPaths.Heartbeat("job-1"), CancellationToken.None);
        Assert.Equal(("fitting", 0.4), (beat.Phase, beat.Progress));

        await stop.CancelAsync();
        while (!running.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.WhenAny(running, Task.Yield().AsTask());
        }
        Assert.Null(await running);
        release.Set();
    }
}

file static class YieldExtensions
{
    public static async Task AsTask(this System.Runtime.CompilerServices.YieldAwaitable yield) => await yield;
}
