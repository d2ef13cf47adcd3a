namespace TriOps.Core.Projects;

/// <summary>The keys of triops.yaml, part by part: what the parser accepts and the JSON Schema lists.</summary>
public static class ProjectKeys
{
    /// <summary>Parts by their place in the file; '*' stands for a name the user chooses.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Parts { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        [""] = ["version", "project", "description", "datasets", "pipelines"],
        ["datasets.*"] = ["types", ProjectKey.MissingValues, "quality", "privacy"],
        ["datasets.*.quality"] = ["min_rows", "max_missing", "max_duplicate_rows", "required", "columns"],
        ["datasets.*.quality.columns.*"] = ["min", "max", "max_missing", "allowed", "unique"],
        ["datasets.*.privacy"] = ["deny", "allow"],
        ["pipelines.*"] = ["dataset", "task", ProjectKey.Label, "positive", "exclude", "model", ProjectKey.Compute, ProjectKey.Split,
            "search", "evaluation", "gate", "deploy"],
        ["pipelines.*.split"] = ["train", "validation", "test", "seed"],
        ["pipelines.*.search"] = ["trials", ProjectKey.Parallel, ProjectKey.Families, "objective", ProjectKey.TrialTimeout, "seed"],
        ["pipelines.*.evaluation"] = ["slices", "confidence"],
        ["pipelines.*.gate"] = ["min", "max", "slice_min", "champion"],
        ["pipelines.*.gate.champion"] = ["metric", "margin"],
        ["pipelines.*.deploy"] = ["name", "strategy", "steps", "hold", "approval", "health", "monitor"],
        ["pipelines.*.deploy.approval"] = ["within", "by"],
        ["pipelines.*.deploy.health"] = ["max_error_rate", "max_latency_ratio", "min_requests"],
        ["pipelines.*.deploy.monitor"] = ["schedule", "min_rows", "threshold", "significance", "share", "retrain"],
        ["pipelines.*.deploy.monitor.retrain"] = ["on_drift", "cooldown", "min_labels"],
    };
}
