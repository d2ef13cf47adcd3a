using System.Globalization;
using System.Text;
using TriOps.Activities.Evaluations;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Signatures;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Data.Packs;
using TriOps.Data.Tables;

namespace TriOps.Activities.Tests.Evaluations;

public sealed class EvaluationActivitiesTests
{
    private const string RunId = "train-demo-guess-v1";
    private readonly Domain domain = new();

    [Fact]
    public async Task Evaluate_NoChampion_MeasuresTheCandidateOnTheTestRowsSliceBySlice()
    {
        var (found, evaluation) = await EvaluateAsync(await CandidateAsync(radius => radius > 15 ? 0.9f : 0.1f));
        Assert.InRange(found.Rows, 60, 140); // a fifth of 500
        Assert.Equal(3, found.Slices);
        Assert.Equal(["all", "site=a", "site=b"], evaluation.Slices.Select(s => s.Slice).Order());
        Assert.Equal([found.Rows, found.Rows], new[] { evaluation.Slices[0].Rows, evaluation.Slices.Skip(1).Sum(s => s.Rows) });
        Assert.All(evaluation.Slices, s => Assert.Equal([1, 1], s.Metrics.Where(m => m.Name is "auc" or "accuracy").Select(m => m.Value)));
        Assert.Equal((0, 0, null), (evaluation.Champion.Count, evaluation.Difference.Count, evaluation.ChampionNote));
    }

    [Fact]
    public async Task Evaluate_ChampionWithTheSameFeatures_ReadsTheDataOnceAndOpensEachModelOnce()
    {
        await ChampionAsync(radius => radius > 12 ? 0.9f : 0.1f, [new("radius", ColumnKind.Number), new("site", ColumnKind.Category)]);
        var candidate = await CandidateAsync(radius => radius > 15 ? 0.9f : 0.1f, champion: 1);
        var packs = new PacksRead(domain.Blobs);
        var test = new TestRows(new(packs), domain.Get<IScorers>());
        await domain.Make<EvaluateCandidate>(test, domain.Make<ChampionOnRows>(test)).Run(candidate, default);
        Assert.Equal((1, 2), (packs.Count, domain.ModelsOpened));
    }

    [Fact]
    public async Task Evaluate_WeakerChampion_IsScoredOnTheSameRows()
    {
        await ChampionAsync(radius => radius > 12 ? 0.9f : 0.1f, [new("radius", ColumnKind.Number), new("site", ColumnKind.Category)]);
        var (_, evaluation) = await EvaluateAsync(await CandidateAsync(radius => radius > 15 ? 0.9f : 0.1f, champion: 1));
        Assert.Equal(evaluation.Slices.Select(s => (s.Slice, s.Rows)), evaluation.Champion.Select(s => (s.Slice, s.Rows)));
        Assert.True(evaluation.Difference.Single(d => d.Name == "accuracy").Low > 0);
    }

    [Fact]
    public async Task Evaluate_ChampionWithFewerFeatures_ReadsTheRowsItsOwnWay()
    {
        await ChampionAsync(radius => radius > 15 ? 0.9f
            : 0.1f, [new("radius", ColumnKind.Number)], Domain.Signature with { Categories = [], Classes = ["malignant", "benign"] });
        var (_, evaluation) = await EvaluateAsync(await CandidateAsync(radius => radius > 15 ? 0.9f : 0.1f, champion: 1));
        // its classes are the other way round, and it is read so
        Assert.Equal(0, evaluation.Champion[0].Metrics.Single(m => m.Name == "accuracy").Value);
    }

    [Fact]
    public async Task Evaluate_ChampionNeedsAColumnThatIsGone_IsNotedAndNoObstacle()
    {
        await ChampionAsync(_ => 0.5f, [new("texture", ColumnKind.Number), new("site", ColumnKind.Category)]);
        var (_, evaluation) = await EvaluateAsync(await CandidateAsync(radius => radius > 15 ? 0.9f : 0.1f, champion: 1));
        Assert.Empty(evaluation.Champion);
        Assert.Contains("texture", evaluation.ChampionNote);
    }

    [Fact]
    public async Task Evaluate_Twice_StoresOneEvaluation()
    {
        var candidate = await CandidateAsync(radius => radius > 15 ? 0.9f : 0.1f);
        Assert.Equal((await EvaluateAsync(candidate)).Found, (await EvaluateAsync(candidate)).Found);
    }

    [Fact]
    public async Task Evaluate_LabelThatThePlanDoesNotKnow_SaysSo()
    {
        var candidate = await CandidateAsync(_ => 0.5f, classes: ["benign", "borderline"]);
        Assert.Equal("label-unknown", (await Assert.ThrowsAsync<InvalidInputException>(() => EvaluateAsync(candidate))).Code);
    }

    [Fact]
    public async Task Evaluate_TrialWithoutAModel_SaysSo()
    {
        var candidate = await CandidateAsync(_ => 0.5f);
        var error = await Assert.ThrowsAsync<NotFoundException>(() => EvaluateAsync(candidate with { Trial = 7 }));
        Assert.Equal("trial-without-model", error.Code);
    }

    private async Task<(EvaluatedCandidate Found, Evaluation Evaluation)> EvaluateAsync(Candidate candidate)
    {
        var found = await domain.Make<EvaluateCandidate>().Run(candidate, default);
        return (found, await domain.Blobs.ReadJsonAsync<Evaluation>(ModelPaths.Evaluation(found.Evaluation), default));
    }

    private async Task<Candidate> CandidateAsync(Func<float, float> malignant, int? champion = null, IReadOnlyList<string>? classes = null)
    {
        var plan = await PlanAsync([new("radius", ColumnKind.Number), new("site", ColumnKind.Category)], classes);
        await domain.Get<RunLog>()
            .AddTrialAsync(
            new(RunId, 0, ModelFamily.Linear, new Dictionary<string, double>(), RunStatus.Completed, "job",
            Artifacts: await domain.ArtifactsAsync("candidate", malignant)), default);
        return new(RunId, plan, 0, champion);
    }

    private async Task ChampionAsync(Func<float, float> malignant, IReadOnlyList<Column> features, TableSignature? signature = null)
    {
        var plan = await PlanAsync(features);
        await domain.Get<RunLog>()
            .StartAsync(
            new("champion-run", Domain.Project, PipelineName.Parse("guess"), new(Domain.Project, Domain.Dataset, 1), RunReason.Manual,
            RunStatus.Completed, 1, plan, domain.Time.GetUtcNow()), default);
        var artifacts = await domain.ArtifactsAsync("champion", malignant, signature: signature);
        await domain.Get<ModelRegistry>()
            .RegisterAsync(Domain.Project, Domain.Model, "champion-run",
            number => new(Domain.Project, Domain.Model, number, ModelStatus.Approved, "champion-run", 0, ModelFamily.Linear,
            new(Domain.Project, Domain.Dataset, 1), artifacts, plan, [], new(true, []), plan, "card", domain.Time.GetUtcNow()), default);
    }

    private async Task<ContentId> PlanAsync(IReadOnlyList<Column> features, IReadOnlyList<string>? classes = null)
    {
        var random = new Random(1);
        var csv = new StringBuilder("radius,site,diagnosis\n");
        for (var i = 0; i < 500; i++)
        {
            var radius = 5 + random.NextDouble() * 20;
            csv.AppendLine(CultureInfo.InvariantCulture,
                $"{radius:R},{(random.Next(2) == 0 ? "a" : "b")},{(radius > 15 ? "malignant" : "benign")}");
        }
        var file = await domain.Make<FilePacker>()
            .PackAsync("a.csv", new MemoryStream(Encoding.UTF8.GetBytes(csv.ToString())), null, default);
        var manifest = await new DatasetManifest(DatasetManifest.CurrentVersion, [file.File]).WriteAsync(domain.Blobs, default);
        Dictionary<string, double> none = [];
        var spec = new PipelineSpec(Domain.Dataset, TaskKind.Binary, "diagnosis", "malignant", [], Domain.Model, new(),
            new(1, 1, [ModelFamily.Linear], null, TimeSpan.FromMinutes(1)),
            new(["site"]), new(new Dictionary<string, double> { ["auc"] = 0.9 }, none, none, new("auc")), null);
        return await domain.StoreAsync(ModelPaths.Plan,
            new TrainingPlan(new(Domain.Project, Domain.Dataset, 1), manifest, spec, features, classes ?? ["benign", "malignant"], [],
            "auc", true, []));
    }

    /// <summary>Counts how often a pack is opened.</summary>
    private sealed class PacksRead(IBlobs blobs) : IBlobs
    {
        private int count;
        public int Count => count;

        public Task<Stream> OpenReadAsync(BlobPath path, CancellationToken ct, long offset = 0, long? length = null, string? ifMatch = null)
        {
            if (path.Name.StartsWith("packs/", StringComparison.Ordinal)) Interlocked.Increment(ref count);
            return blobs.OpenReadAsync(path, ct, offset, length, ifMatch);
        }

        public Task<BlobInfo?> FindAsync(BlobPath path, CancellationToken ct) => blobs.FindAsync(path, ct);
        public Task<BlobInfo> WriteAsync(BlobPath path, Stream content, WriteMode mode, CancellationToken ct) =>
            blobs.WriteAsync(path, content, mode, ct);
        public Task<BlobInfo> WriteAsync(BlobPath path, ReadOnlyMemory<byte> content, WriteMode mode, CancellationToken ct) =>
            blobs.WriteAsync(path, content, mode, ct);
        public IAsyncEnumerable<BlobInfo> ListAsync(string container, string prefix, CancellationToken ct) =>
            blobs.ListAsync(container, prefix, ct);
        public Task DeleteAsync(BlobPath path, CancellationToken ct) => blobs.DeleteAsync(path, ct);
    }
}
