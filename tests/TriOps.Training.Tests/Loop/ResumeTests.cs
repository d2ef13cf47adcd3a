using TriOps.Core.Families;
using TriOps.Training.Tables.Mlp;

namespace TriOps.Training.Tests.Loop;

/// <summary>A fit that is killed, with SIGKILL or with its machine, and goes on from its last checkpoint.</summary>
public sealed class ResumeTests
{
    private static readonly Dictionary<string, double> Small =
        new() { ["epochs"] = 4, ["hidden"] = 8, ["batch_size"] = 32, ["dropout"] = 0.3 };

    /// <summary>At every single step, at the worst moment: the checkpoint is written, and what the step would log is not.</summary>
    [Theory, InlineData(TaskKind.Binary), InlineData(TaskKind.Multiclass), InlineData(TaskKind.Regression)]
    public void Mlp_KilledAfterAnyStep_GivesTheSameCurveAndModelBitForBit(TaskKind task)
    {
        var request = Samples.Request(task, 90, Small);
        var recorder = new Recorder();
        var killed = new List<(byte[] State, int Logged)>();
        var checkpoints = new MemoryCheckpoints { Due = true, OnSave = state => killed.Add((state, recorder.Points.Count)) };
        using var whole = new MlpTrainer().Fit(request, recorder, checkpoints, CancellationToken.None);
        var (curve, bytes) = (Curve(recorder.Points), Bytes(whole));
        Assert.Equal(4 * 3, killed.Count); // 90 rows by 32: three steps an epoch.
        Assert.Equal(4 * 3, curve.Count);  // Train, validation and objective in each.

        foreach (var (state, logged) in killed)
        {
            var after = new Recorder();
            using var resumed = new MlpTrainer().Fit(request, after, new MemoryCheckpoints { State = state }, CancellationToken.None);
            Assert.Empty(after.Notes);
            Assert.Equal(curve, Curve([.. recorder.Points.Take(logged), .. after.Points]));
            Assert.Equal(bytes, Bytes(resumed));
        }
    }

    /// <summary>Points travel to the run in batches. What was logged since the checkpoint before the last one may be lost with the
    /// process.</summary>
    [Fact]
    public void Mlp_PointsSinceTheCheckpointBeforeAreLost_LeaveNoHoleInTheCurve()
    {
        var request = Samples.Request(TaskKind.Binary, 90, Small);
        var recorder = new Recorder();
        var killed = new List<(byte[] State, int Logged)>();
        var step = 0;
        using var whole = new MlpTrainer().Fit(request, recorder,
            new MemoryCheckpoints { IsDue = () => ++step % 4 == 0, OnSave = state => killed.Add((state, recorder.Points.Count)) },
            CancellationToken.None);
        Assert.Equal(3, killed.Count);

        for (var last = 1; last < killed.Count; last++)
        {
            var after = new Recorder();
            using var resumed = new MlpTrainer()
                .Fit(request, after, new MemoryCheckpoints { State = killed[last].State }, CancellationToken.None);
            Assert.Equal(Curve(recorder.Points), Curve([.. recorder.Points.Take(killed[last - 1].Logged), .. after.Points]));
        }
    }

    // As the run's log keeps it: the later point stands. Values by their bits.
    private static List<(string, long, long)> Curve(IEnumerable<(string Key, long Step, double Value)> points)
    {
        var latest = new SortedDictionary<(string, long), double>();
        foreach (var (key, step, value) in points) latest[(key, step)] = value;
        return [.. latest.Select(p => (p.Key.Item1, p.Key.Item2, BitConverter.DoubleToInt64Bits(p.Value)))];
    }

    private static byte[] Bytes(Tables.FittedModel model)
    {
        using var stream = new MemoryStream();
        model.ExportOnnx(stream);
        return stream.ToArray();
    }
}
