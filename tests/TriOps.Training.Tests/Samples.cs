using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Training.Tables;

namespace TriOps.Training.Tests;

/// <summary>Tables made from a seed: three numbers (one with gaps, one of few distinct values, one of thousands) and two categories that
/// matter.</summary>
internal static class Samples
{
    private static readonly string[] Sites = ["", "north", "south", "Östlich"];
    private static readonly string[] Grades = ["a", "b"];

    public static TableSignature Signature(TaskKind task) => new(task, "label", ["gappy", "stepped", "large"], ["site", "grade"],
        task switch { TaskKind.Binary => ["no", "yes"], TaskKind.Multiclass => ["low", "mid", "high"], _ => [] },
        new Dictionary<string, IReadOnlyList<string>>());

    public static string Objective(TaskKind task) => task == TaskKind.Regression ? "rmse" : "log_loss";

    public static TrainingTable Table(TaskKind task, int rows, int seed)
    {
        var random = new Random(seed);
        var (numbers, categories, targets) = (new float[rows * 3], new string[rows * 2], new float[rows]);
        for (var i = 0; i < rows; i++)
        {
            var (gappy, stepped, large) = (random.NextSingle() < 0.15 ? float.NaN : random.NextSingle() * 4 - 2, random.Next(8) / 4f,
                5000 + 1000 * random.NextSingle());
            var (site, grade) = (random.Next(Sites.Length), random.Next(Grades.Length));
            (numbers[i * 3], numbers[i * 3 + 1], numbers[i * 3 + 2]) = (gappy, stepped, large);
            (categories[i * 2], categories[i * 2 + 1]) = (Sites[site], Grades[grade]);
            var signal = (float.IsNaN(gappy) ? 1 : gappy) + stepped * (grade == 0 ? 1 : -1) + (large - 5500) / 500 + (site == 3 ? 1.5 : 0)
                + 0.3 * (random.NextDouble() - 0.5);
            targets[i] = task switch
                { TaskKind.Binary => signal > 0.5 ? 1 : 0, TaskKind.Multiclass => signal < -0.5 ? 0 : signal < 1.2
                ? 1 : 2, _ => (float)(signal * 100 + 1000) };
        }
        return new(new(numbers, categories, rows), targets);
    }

    /// <summary>What serving may bring: NaN and infinities in any column, unknown and empty categories, values far outside.</summary>
    public static FeatureRows Hostile { get; } = new(
        [float.NaN, float.NaN, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 5500, 0, 0.25f, float.NaN, -0f, 1e-40f, -1e6f,
        2, 1.75f, 1e7f],
        ["never seen", "z", "", "", "north", "A", "NORTH", "a", "Östlich", "b"], 5);

    public static FitRequest Request(TaskKind task, int rows = 600, IReadOnlyDictionary<string, double>? parameters = null,
        int seed = 11) =>
        new(Signature(task), Table(task, rows, 1), Table(task, rows / 3, 2), Objective(task), parameters
            ?? new Dictionary<string, double>(), seed);
}

/// <summary>Remembers what a fit says.</summary>
internal sealed class Recorder : ITrainingProgress
{
    public List<(string Key, long Step, double Value)> Points { get; } = [];
    public double Progress { get; private set; }
    public Action<long>? OnStep { get; init; }

    public void Report(double progress) => Progress = progress;

    public List<string> Notes { get; } = [];

    public void Note(string text) => Notes.Add(text);

    public void Log(string key, long step, double value)
    {
        Points.Add((key, step, value));
        if (key == "validation/loss") OnStep?.Invoke(step);
    }
}

/// <summary>Checkpoints in memory.</summary>
internal sealed class MemoryCheckpoints : ICheckpoints
{
    public byte[]? State { get; set; }
    public bool Due { get => IsDue(); set => IsDue = () => value; }
    public Func<bool> IsDue { get; set; } = () => false;
    public Action<byte[]>? OnSave { get; init; }
    public Stream? Open() => State is null ? null : new MemoryStream(State, writable: false);

    public void Save(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        State = stream.ToArray();
        OnSave?.Invoke(State);
    }
}
