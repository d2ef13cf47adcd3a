using TriOps.Activities.Deployments;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Deployments;
using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Names;
using TriOps.Core.Signatures;
using TriOps.Core.Steps;

namespace TriOps.Activities.Tests.Monitoring;

/// <summary>A model that serves, and what it was trained on and is asked.</summary>
internal static class ServedModel
{
    public static readonly DateTimeOffset From = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A dataset of one version, and a model of it that serves.</summary>
    public static async Task ServeAsync(this Domain domain)
    {
        var data = await domain.Get<DatasetCatalog>().CommitAsync(Domain.Project, Domain.Dataset, "ingest-1", null, number => new(
            Domain.Project, Domain.Dataset, number, VersionStatus.Committed, ContentId.OfBytes([1]), null, new("a.csv", "e", 1),
            [
                new("sample_id", ColumnKind.Number), new("radius", ColumnKind.Number), new("site", ColumnKind.Category),
                new("diagnosis", ColumnKind.Category),
            ], 1, 1, 1, ContentId.OfBytes([2]), [], From, "ingest-1"), default);
        await domain.Get<RunLog>().StartAsync(new("first", Domain.Project, PipelineName.Parse("guess"), data.Ref, RunReason.Upload,
            RunStatus.Completed, 1, ContentId.OfBytes([3]), From), default);
        var rows = Traffic(1000, seed: 9).ToList();
        var features = new FeatureRows([.. rows.SelectMany(r => r.Numbers)], [.. rows.SelectMany(r => r.Categories)], rows.Count);
        var baseline = new Baseline(1, Domain.Signature, features, [.. rows.SelectMany(r => r.Outputs)]);
        var version = await domain.RegisterAsync("first", baseline: baseline);
        var revision = await domain.Make<CreateRevision>().Run(new("deploy-1", new(version.Ref, Domain.Spec(), "test")), default);
        await domain.Make<PromoteRevision>().Run(revision, default);
    }

    public static CheckRequest Request(DateTimeOffset from) => new(Domain.Deployment, from, from.AddHours(1));

    public static IEnumerable<InferenceRecord> Traffic(int count, float shift = 0, int seed = 1, DateTimeOffset? at = null)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var radius = 14 + 4 * (Enumerable.Range(0, 12).Sum(_ => random.NextSingle()) - 6) + shift;
            float malignant = radius > 15 ? 0.9f : 0.1f;
            string[] site = [random.Next(2) == 0 ? "a" : "b"];
            var id = $"{seed}-{at?.Hour ?? 0}-{i}";
            yield return new(id, (at ?? From).AddSeconds(i), 1, 1, [radius], site, [1 - malignant, malignant], 1000);
        }
    }
}
