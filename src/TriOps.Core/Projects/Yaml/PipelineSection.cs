using TriOps.Core.Families;
using TriOps.Core.Names;

namespace TriOps.Core.Projects.Yaml;

/// <summary>Reads one entry of pipelines.</summary>
internal static class PipelineSection
{
    private static readonly Dictionary<string, TaskKind> Tasks = Enum.GetValues<TaskKind>()
        .ToDictionary(t => t.ToString().ToLowerInvariant());
    private static readonly Dictionary<string, ModelFamily> Families = Enum.GetValues<ModelFamily>()
        .ToDictionary(f => f.ToString().ToLowerInvariant());

    /// <summary>The pipeline, or null when what is wrong leaves nothing to return.</summary>
    public static PipelineSpec? Read(Part part, PipelineName name, IReadOnlyList<string> datasets)
    {
        var source = part.RequiredText("dataset", datasets.Count > 0 ? datasets[0] : "tumours");
        if (source.Length > 0 && !datasets.Contains(source))
            part.Report("dataset",
                $"there is no dataset '{source}' under datasets.{NearestName.Hint(source, datasets)} Described are: "
                + $"{string.Join(", ", datasets)}.");
        var word = part.Word("task", [.. Tasks.Keys]);
        if (part.Node("task") is null) part.Report("task", "'task' is missing. Add one of: binary, multiclass, regression.");
        var label = part.RequiredText("label", "diagnosis");
        var task = word is null ? (TaskKind?)null : Tasks[word];

        var positive = part.Text("positive");
        if (task == TaskKind.Binary && positive is null)
            part.Report("positive",
                "a binary task needs the positive class: the label's value that is looked for. Add, for example: positive: malignant");
        if (task is TaskKind.Multiclass or TaskKind.Regression && positive is not null)
            part.Report("positive", $"a {word} task has no positive class. Remove the key, or set task: binary.");
        var exclude = part.Texts("exclude");
        if (label.Length > 0 && exclude.Contains(label))
            part.Report("exclude", $"'{label}' is the label. It is never a feature; take it off the list.");

        var model = part.Node("model") is null ? ModelName.Parse(name.Value) : part.Name<ModelName>("model");
        var (split, search, evaluation) =
            (Split(part.Inner("split")), Search(part.Inner("search"), task), Evaluation(part.Inner("evaluation")));
        var gate = Gate(part.Inner("gate"), task);
        var deploy = part.Node("deploy") is null ? null : DeploySection.Read(part.Inner("deploy"), name);
        return DatasetName.TryParse(source, null, out var dataset) && task is { } known && model is { } registered
            ? new PipelineSpec(dataset, known, label, positive, exclude, registered, split, search, evaluation, gate, deploy,
                part.Node("compute") is null ? null : part.Name<ProfileName>("compute")) : null;
    }

    private static SplitSpec Split(Part part)
    {
        var otherwise = new SplitSpec();
        var split = new SplitSpec(part.Number("train", 0, 1) ?? otherwise.Train, part.Number("validation", 0, 1) ?? otherwise.Validation,
            part.Number("test", 0, 1) ?? otherwise.Test, part.Whole("seed", otherwise.Seed, 0, int.MaxValue));
        var sum = split.Train + split.Validation + split.Test;
        if (Math.Abs(sum - 1) > 1e-9) part.Report("train", $"train + validation + test = {sum:0.######}; the shares must sum to 1.");
        else if (split.Train <= 0 || split.Validation <= 0 || split.Test <= 0) part.Report("train",
            "train, validation and test must each be above 0: a run fits, compares and evaluates on different rows.");
        return split;
    }

    private static SearchSpec Search(Part part, TaskKind? task)
    {
        var families = new List<ModelFamily>();
        foreach (var text in part.Texts("families"))
            if (Families.TryGetValue(text, out var family) && !families.Contains(family)) families.Add(family);
            else part.Report("families", families.Contains(family) && Families.ContainsKey(text) ? $"'{text}' is listed twice."
                : $"'{text}' is not a model family: {string.Join(", ", Families.Keys)}.{NearestName.Hint(text, Families.Keys)}");
        if (part.Node("families") is YamlList { Items.Count: 0 })
            part.Report("families", "the list is empty. Name at least one family, or remove the key to try all.");
        var objective = part.Text("objective");
        if (objective is not null) Metric(part, "objective", objective, task);
        var timeout = part.Time("trial_timeout") ?? TimeSpan.FromMinutes(10);
        if (timeout < TimeSpan.FromSeconds(1)) part.Report("trial_timeout", "a trial needs at least 1s.");
        return new SearchSpec(part.Whole("trials", 20, 1, 1000), part.Whole("parallel", 2, 1, 64), families.Count > 0 ? families
            : FamilyCatalogue.For(task),
            objective, timeout, part.Whole("seed", 7, 0, int.MaxValue));
    }

    private static EvaluationSpec Evaluation(Part part) => new(part.Texts("slices"), part.Number("confidence", 0.5, 0.9999) ?? 0.95);

    private static GateSpec Gate(Part part, TaskKind? task)
    {
        var champion = part.Node("champion") is null ? null : part.Inner("champion");
        ChampionRule? rule = null;
        if (champion is not null)
        {
            rule = new ChampionRule(champion.RequiredText("metric", task == TaskKind.Regression ? "rmse" : "auc"),
                champion.Number("margin") ?? 0);
            if (rule.Metric.Length > 0) Metric(champion, "metric", rule.Metric, task);
        }
        return new GateSpec(Limits(part, "min", task, higher: true), Limits(part, "max", task, higher: false),
            Limits(part, "slice_min", task, higher: true), rule);
    }

    private static Dictionary<string, double> Limits(Part part, string key, TaskKind? task, bool higher)
    {
        var limits = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (metric, value) in part.Entries(key))
        {
            if (part.Number(value, $"{part.At(key)}.{metric.Text}") is { } limit) limits[metric.Text] = limit;
            if (Metric(part, key, metric.Text, task, metric) && MetricNames.MoreIsBetter(metric.Text) != higher)
                part.Mistakes.Add(metric, part.At(key), higher ? $"{metric.Text} falls as a model gets better: put its limit under max."
                    : $"{metric.Text} rises as a model gets better: put its limit under min.");
        }
        return limits;
    }

    private static bool Metric(Part part, string key, string metric, TaskKind? task, YamlNode? at = null)
    {
        var known = task is { } t ? MetricNames.Of(t) : [.. MetricNames.Classification, .. MetricNames.Regression];
        if (known.Contains(metric)) return true;
        var text = $"'{metric}' is not a metric{(task is { } k ? $" of a {k.ToString().ToLowerInvariant()} task" : "")}: "
            + $"{string.Join(", ", known)}.{NearestName.Hint(metric, known)}";
        if (at is null) part.Report(key, text);
        else part.Mistakes.Add(at, part.At(key), text);
        return false;
    }
}
