using TriOps.Core.Datasets;
using TriOps.Core.Families;
using TriOps.Core.Names;
using TriOps.Core.Projects;

namespace TriOps.Testing;

/// <summary>A pipeline and its data, as tests of planning start from.</summary>
public static class SampleProject
{
    public static DatasetVersionRef Data { get; } = new(ProjectName.Parse("demo"), DatasetName.Parse("tumours"), 3);

    public static PipelineSpec Pipeline(TaskKind task = TaskKind.Binary, string? positive = "yes", IReadOnlyList<string>? exclude = null,
        IReadOnlyList<string>? slices = null) =>
        new(Data.Dataset, task, "label", positive, exclude ?? [], ModelName.Parse("diagnosis"), new(),
            new(8, 2, [ModelFamily.Linear], null, TimeSpan.FromMinutes(5)),
            new(slices ?? []),
            new(new Dictionary<string, double>(), new Dictionary<string, double>(), new Dictionary<string, double>(), null), null);

    public static ColumnProfile Column(string name, ColumnKind kind, long distinct = 10, long missing = 0) =>
        new(name, kind, missing, distinct, null, [], new Dictionary<string, long>(), ["a", "b"]);
}
