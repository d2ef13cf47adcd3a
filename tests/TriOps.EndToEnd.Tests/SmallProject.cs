using System.Text;

namespace TriOps.EndToEnd.Tests;

/// <summary>The breast-cancer sample with a search small enough to run many times, one trial at a time, so that its outcome is one and the
/// same.</summary>
internal static class SmallProject
{
    public const string Name = "kill", Dataset = "tumours";

    public const string Yaml = """
        version: 1
        project: kill
        datasets:
          tumours:
            quality: { min_rows: 100, required: [diagnosis] }
        pipelines:
          diagnosis:
            dataset: tumours
            task: binary
            label: diagnosis
            positive: malignant
            exclude: [sample_id]
            search: { trials: 2, parallel: 1, families: [linear, lightgbm], objective: auc, trial_timeout: 5m }
            evaluation: { slices: [mean_texture] }
            gate: { min: { auc: 0.9 } }
            deploy:
              strategy: canary
              steps: [50]
              hold: 1s
              monitor: { schedule: "0 0 1 1 *", min_rows: 50, threshold: 0.2, retrain: { on_drift: false, cooldown: 1h, min_labels: 30 } }
        """;

    public static byte[] Csv() => File.ReadAllBytes(Path.Combine(Sandbox.Root, "samples", "breast-cancer", "tumours.csv"));

    /// <summary>A second file for the dataset: the sample's first hundred rows, numbered on.</summary>
    public static byte[] MoreCsv()
    {
        var lines = Encoding.UTF8.GetString(Csv()).Split('\n');
        return Text(
            string.Join('\n',
            [lines[0], .. lines[1..101].Select((line, i) => $"{1000 + i}{line[line.IndexOf(',', StringComparison.Ordinal)..]}")]) + "\n");
    }

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
