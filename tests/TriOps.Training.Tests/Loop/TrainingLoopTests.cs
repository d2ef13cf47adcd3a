using TriOps.Training.Loop;

namespace TriOps.Training.Tests.Loop;

public sealed class TrainingLoopTests
{
    private static readonly Schedule Rate = new(0.01);

    [Fact]
    public void Run_AnEpoch_IsBatchForwardLossEvaluateCheckpointLogInThatOrder()
    {
        using var toy = new Toy(4);
        using var loop = toy.Loop(new ComputedBatches(16, 8, 4, toy), new(Rate, 0, Epochs: 1, Patience: 5, Seed: 1));
        loop.Run(new Recorder { OnStep = _ => toy.Calls.Add("log") },
            new MemoryCheckpoints { Due = true, OnSave = _ => toy.Calls.Add("checkpoint") }, CancellationToken.None);
        Assert.Equal(["batch", "forward", "loss", "checkpoint", "batch", "forward", "loss", "evaluate", "checkpoint", "log"], toy.Calls);
    }

    [Fact]
    public void Run_LearnableItems_Learns()
    {
        using var toy = new Toy(4);
        using var loop = toy.Loop(new ComputedBatches(64, 8, 4), new(Rate, 0, Epochs: 40, Patience: 50, Seed: 1));
        var recorder = new Recorder();
        loop.Run(recorder, new MemoryCheckpoints(), CancellationToken.None);
        var losses = recorder.Points.Where(p => p.Key == "train/loss").Select(p => p.Value).ToList();
        Assert.InRange(losses[^1], 0, losses[0] / 100);
        Assert.Equal(1, recorder.Progress);
    }

    /// <summary>Losses fall to the third epoch, then rise: patience of 4 ends it with the seventh, and the third's parameters are
    /// kept.</summary>
    [Fact]
    public void Run_LossStopsFalling_StopsAndKeepsTheBestParameters()
    {
        using var toy = new Toy(4) { Judge = epoch => Math.Abs(epoch - 3) };
        using var loop = toy.Loop(new ComputedBatches(16, 8, 4), new(Rate, 0, Epochs: 100, Patience: 4, Seed: 1));
        var best = 0f;
        loop.Run(new Recorder { OnStep = epoch => best = epoch == 3 ? toy.First : best }, new MemoryCheckpoints(), CancellationToken.None);
        Assert.Equal(7, toy.Epochs);
        Assert.Equal(best, loop.Best.Single().Tensor.cpu().data<float>()[0]);
        Assert.NotEqual(best, toy.First);
    }

    [Fact]
    public void Run_MoreItemsThanMemoryHolds_StopsWithinAStepAndResumesAtTheNextItem()
    {
        const long items = 1L << 40;
        using var stop = new CancellationTokenSource();
        var checkpoints = new MemoryCheckpoints { IsDue = Counted(20, stop.Cancel) };
        using (var toy = new Toy(4))
        using (var loop = toy.Loop(new ComputedBatches(items, 8, 4), new(Rate, 0, Epochs: 1, Patience: 1, Seed: 1)))
            Assert.Throws<OperationCanceledException>(() => loop.Run(new Recorder(), checkpoints, stop.Token));

        using var again = new CancellationTokenSource();
        using var second = new Toy(4);
        var batches = new ComputedBatches(items, 8, 4);
        using var resumed = second.Loop(batches, new(Rate, 0, Epochs: 1, Patience: 1, Seed: 1));
        Assert.Throws<OperationCanceledException>(
            () => resumed.Run(new Recorder(),
            new MemoryCheckpoints { State = checkpoints.State, IsDue = Counted(5, again.Cancel) }, again.Token));
        Assert.Equal(new(0, 8 * (20 + 5)), batches.Cursor);
    }

    [Theory, InlineData(double.PositiveInfinity, 100, 1e9), InlineData(0.5, 0.499, 0.501)]
    public void Run_GradientsAreLarge_AreScaledDownToTheNorm(double most, double low, double high)
    {
        using var toy = new Toy(4) { Scale = 1e4f };
        using var loop = toy.Loop(new ComputedBatches(8, 8, 4), new(Rate, 0, Epochs: 1, Patience: 1, Seed: 1, most));
        loop.Run(new Recorder(), new MemoryCheckpoints(), CancellationToken.None);
        Assert.InRange(toy.GradientNorm, low, high);
    }

    /// <summary>AdamW's first step moves every weight by the learning rate, whatever the gradient.</summary>
    [Fact]
    public void Run_Schedule_DecidesHowFarAStepGoes()
    {
        using var toy = new Toy(4);
        using var loop =
            toy.Loop(new ComputedBatches(8, 8, 4), new(new Schedule(0.1, WarmupSteps: 10), 0, Epochs: 1, Patience: 1, Seed: 1));
        loop.Run(new Recorder(), new MemoryCheckpoints(), CancellationToken.None);
        Assert.Equal(0.01, Math.Abs(toy.First), 5);
    }

    private static Func<bool> Counted(int steps, Action then)
    {
        var count = 0;
        return () =>
        {
            if (++count == steps) then();
            return false;
        };
    }
}

public sealed class ScheduleTests
{
    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(9, 1)]
    [InlineData(10, 1)]
    [InlineData(60, 0.55)] // Half of the way: half of the fall.
    [InlineData(110, 0.1)]
    [InlineData(5000, 0.1)]
    public void At_WarmupThenCosine_IsAsWritten(long step, double rate) => Assert.Equal(rate, new Schedule(1, 10, 110, 0.1).At(step), 12);

    [Fact]
    public void At_NothingButAPeak_IsConstant() => Assert.Equal((0.3, 0.3), (new Schedule(0.3).At(0), new Schedule(0.3).At(1_000_000)));
}
