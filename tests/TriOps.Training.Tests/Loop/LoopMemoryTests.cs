using TorchSharp;
using TriOps.Core.Families;
using TriOps.Training.Loop;
using TriOps.Training.Tables.Mlp;

namespace TriOps.Training.Tests.Loop;

/// <summary>Alone in the process: it counts the process's tensors and memory.</summary>
[CollectionDefinition(nameof(LoopMemoryTests), DisableParallelization = true)]
public sealed class RunsAlone;

/// <summary>What a step leaves behind shows after thousands.</summary>
[Collection(nameof(LoopMemoryTests))]
public sealed class LoopMemoryTests
{
    private const int StepsAnEpoch = 500;

    /// <summary>A batch is 256 KiB: a tensor that every step leaves would be 1 GiB in the end.</summary>
    [Fact]
    public void Run_FiveThousandSteps_LeavesTensorsAndMemoryAsTheyWere()
    {
        var seen = new List<(long Tensors, long Bytes)>();
        using var toy = new Toy(256) { Judge = epoch => Note(seen, epoch) };
        using var loop =
            toy.Loop(new ComputedBatches(256 * StepsAnEpoch, 256, 256),
            new(new Schedule(0.001), 0, Epochs: 10, Patience: 20, Seed: 1, MaxGradientNorm: 1));
        var step = 0;
        loop.Run(new Recorder(), new MemoryCheckpoints { IsDue = () => ++step % 250 == 0 }, CancellationToken.None);

        Assert.Equal(5000, step);
        Assert.All(seen.Skip(1), s => Assert.Equal(seen[1].Tensors, s.Tensors));
        Assert.InRange(seen[^1].Bytes - seen[1].Bytes, long.MinValue, 48L << 20);
    }

    /// <summary>TorchSharp's scalars have finalisers, and its calls do not keep them alive: one that nobody holds may be freed while
    /// libtorch reads it.</summary>
    [Fact]
    public void Run_CollectorRunsAllTheTime_FreesNothingThatIsInUse() => WhileCollecting(() =>
    {
        using var toy = new Toy(4);
        using var loop =
            toy.Loop(new ComputedBatches(8000, 8, 4), new(new Schedule(0.001), 0.1, Epochs: 5, Patience: 20, Seed: 1, MaxGradientNorm: 1));
        loop.Run(new Recorder(), new MemoryCheckpoints(), CancellationToken.None);
        Assert.True(float.IsFinite(toy.First));
    });

    [Fact]
    public void Mlp_CollectorRunsAllTheTime_GivesTheSameModel()
    {
        var request =
            Samples.Request(TaskKind.Binary, 600,
            new Dictionary<string, double> { ["epochs"] = 20, ["hidden"] = 8, ["batch_size"] = 8, ["dropout"] = 0.3 });
        var quiet = Outputs();
        WhileCollecting(() => Assert.Equal(quiet, Outputs()));

        float[] Outputs()
        {
            using var model = new MlpTrainer().Fit(request, new Recorder(), new MemoryCheckpoints(), CancellationToken.None);
            return model.Predict(request.Validation.Rows);
        }
    }

    private static void WhileCollecting(Action act)
    {
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try { act(); }
        finally
        {
            stop.Cancel();
            collector.Join();
        }
    }

    private static double Note(List<(long, long)> seen, int epoch)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        seen.Add((torch.Tensor.TotalCount, process.WorkingSet64));
        return 1.0 / epoch;
    }
}
