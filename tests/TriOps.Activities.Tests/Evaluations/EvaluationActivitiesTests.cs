using System.Globalization;
using System.Text;
using TriOps.Activities.Evaluations;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Datasets.Packs;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Storage;

namespace TriOps.Activities.Tests.Evaluations;

public sealed class EvaluationActivitiesTests
{
    private const string RunId = "train-demo-guess-v1";
    private readonly Domain domain = new();

    [Fact]
    public async Task EvaluateSlice_NoChampion_MeasuresTheCandidateOnTheTestRows()
    {
        var candidate = await CandidateAsync(radius => radius > 15 ? 0.9f : 0.1f);
        var found = await domain.Make<EvaluateSlice>().Run(new(candidate, "all"), default);
        Assert.InRange(found.Candidate.Rows, 60, 140); // a fifth of 500
        Assert.Equal(1, found.Candidate.Metrics.Single(m => m.Name == "auc").Value);
        Assert.Equal(1, found.Candidate.Metrics.Single(m => m.Name == "accuracy").Value);
        Assert.Equal((null, null), (found.Champion, found.ChampionNote));
    }

    [Fact]
    public async Task EvaluateSlice_OneSite_HasItsRowsOnly()
    {
        var candidate = await CandidateAsync(_ => 0.5f);
        var all = await domain.Make<EvaluateSlice>().Run(new(candidate, "all"), default);
        var a = await domain.Make<EvaluateSlice>().Run(new(candidate, "site=a"), default);
        Assert.InRange(a.Candidate.Rows, 30, all.Candidate.Rows - 20);
        Assert.Empty(a.Difference);
    }

    [Fact]
    public async Task EvaluateSlice_AllSlicesAtOnce_ReadsTheDataAndOpensEachModelOnce()
    {
        await ChampionAsync(radius => radius > 12 ? 0.9f : 0.1f, [new("radius", ColumnKind.Number), new("site", ColumnKind.Category)]);
        var candidate = await CandidateAsync(radius => radius > 15 ? 0.9f : 0.1f, champion: 1);
        var blobs = new PacksRead(domain.Blobs);
        using var scored = domain.Make<ScoredTestRows>(new TabularReader(blobs));
        await Task.WhenAll(((string[])["all", "site=a", "site=b"]).Select(slice => domain.Make<EvaluateSlice>(scored).Run(new(candidate, slice), default)));
        Assert.Equal((1, 2), (blobs.Count, domain.ModelsOpened));

        domain.Time.Advance(TimeSpan.FromMinutes(2)); // nobody asks any more: the rows are let go
        await domain.Make<EvaluateSlice>(scored).Run(new(candidate, "all"), default);
        Assert.Equal((2, 4), (blobs.Count, domain.ModelsOpened));
    }

    [Fact]
    public async Task EvaluateSlice_FirstReadFails_TheNextReadsAgain()
    {
        var candidate = await CandidateAsync(radius => radius > 15 ? 0.9f : 0.1f);
        var blobs = new PacksRead(domain.Blobs) { Failing = true };
        using var scored = domain.Make<ScoredTestRows>(new TabularReader(blobs));
        await Assert.ThrowsAsync<IOException>(() => domain.Make<EvaluateSlice>(scored).Run(new(candidate, "all"), default));
        blobs.Failing = false;
        Assert.Equal(1, (await domain.Make<EvaluateSlice>(scored).Run(new(candidate, "all"), default)).Candidate.Metrics.Single(m => m.Name == "auc").Value);
    }

    [Fact]
    public async Task EvaluateSlice_WeakerChampion_IsScoredOnTheSameRows()
    {
        await ChampionAsync(radius => radius > 12 ? 0.9f : 0.1f, [new("radius", ColumnKind.Number), new("site", ColumnKind.Category)]);
        var found = await domain.Make<EvaluateSlice>().Run(new(await CandidateAsync(radius => radius > 15 ? 0.9f : 0.1f, champion: 1), "all"), default);
        Assert.Equal(found.Candidate.Rows, found.Champion!.Rows);
        Assert.True(found.Difference.Single(d => d.Name == "accuracy").Low > 0);
    }

    [Fact]
    public async Task EvaluateSlice_ChampionWithFewerFeatures_ReadsTheRowsItsOwnWay()
    {
        await ChampionAsync(radius => radius > 15 ? 0.9f : 0.1f, [new("radius", ColumnKind.Number)], Domain.Signature with { Categories = [], Classes = ["malignant", "benign"] });
        var found = await domain.Make<EvaluateSlice>().Run(new(await CandidateAsync(radius => radius > 15 ? 0.9f : 0.1f, champion: 1), "all"), default);
        Assert.Equal(0, found.Champion!.Metrics.Single(m => m.Name == "accuracy").Value); // its classes are the other way round, and it is read so
    }

    [Fact]
    public async Task EvaluateSlice_ChampionNeedsAColumnThatIsGone_IsNotedAndNoObstacle()
    {
        await ChampionAsync(_ => 0.5f, [new("texture", ColumnKind.Number), new("site", ColumnKind.Category)]);
        var candidate = await CandidateAsync(radius => radius > 15 ? 0.9f : 0.1f, champion: 1);
        var found = await domain.Make<EvaluateSlice>().Run(new(candidate, "all"), default);
        Assert.Null(found.Champion);
        Assert.Contains("texture", found.ChampionNote);

        var gated = await domain.Make<DecideGate>().Run(new(candidate, [found]), default);
        Assert.True(gated.Verdict.Passed);
        Assert.Contains("texture", gated.Verdict.Checks.Single(c => c.Name == "champion auc").Message);
    }

    [Fact]
    public async Task DecideGate_SameSlicesTwice_StoresOneEvaluation()
    {
        var candidate = await CandidateAsync(radius => radius > 15 ? 0.9f : 0.1f);
        var slices = new[] { await domain.Make<EvaluateSlice>().Run(new(candidate, "all"), default), await domain.Make<EvaluateSlice>().Run(new(candidate, "site=a"), default) };
        var first = await domain.Make<DecideGate>().Run(new(candidate, slices), default);
        var second = await domain.Make<DecideGate>().Run(new(candidate, slices), default);
        Assert.Equal(first.Evaluation, second.Evaluation);
        var stored = await domain.Blobs.ReadJsonAsync<Evaluation>(ModelPaths.Evaluation(first.Evaluation), default);
        Assert.Equal(["all", "site=a"], stored.Slices.Select(s => s.Slice));
        Assert.True(first.Verdict.Passed);
    }

    [Fact]
    public async Task DecideGate_PoorCandidate_IsRefusedWithValues()
    {
        var candidate = await CandidateAsync(_ => 0.5f);
        var gated = await domain.Make<DecideGate>().Run(new(candidate, [await domain.Make<EvaluateSlice>().Run(new(candidate, "all"), default)]), default);
        Assert.False(gated.Verdict.Passed);
        Assert.Equal("auc is 0.5; at least 0.9 is demanded.", gated.Verdict.Checks.Single(c => !c.Passed).Message);
    }

    private async Task<Candidate> CandidateAsync(Func<float, float> malignant, int? champion = null)
    {
        var plan = await PlanAsync([new("radius", ColumnKind.Number), new("site", ColumnKind.Category)]);
        await domain.Get<RunLog>().AddTrialAsync(new(RunId, 0, ModelFamily.Linear, new Dictionary<string, double>(), RunStatus.Completed, "job", Artifacts: await domain.ArtifactsAsync("candidate", malignant)), default);
        return new(RunId, plan, 0, champion, ["all", "site=a"]);
    }

    private async Task ChampionAsync(Func<float, float> malignant, IReadOnlyList<Column> features, ModelSignature? signature = null)
    {
        var plan = await PlanAsync(features);
        await domain.Get<RunLog>().StartAsync(new("champion-run", Domain.Project, PipelineName.Parse("guess"), new(Domain.Project, Domain.Dataset, 1), RunReason.Manual, RunStatus.Completed, 1, plan, domain.Time.GetUtcNow()), default);
        var artifacts = await domain.ArtifactsAsync("champion", malignant, signature: signature);
        await domain.Get<ModelRegistry>().RegisterAsync(Domain.Project, Domain.Model, "champion-run", number => new(Domain.Project, Domain.Model, number, ModelStatus.Approved, "champion-run", 0, ModelFamily.Linear,
            new(Domain.Project, Domain.Dataset, 1), artifacts, plan, [], new(true, []), plan, "card", domain.Time.GetUtcNow()), default);
    }

    private async Task<ContentId> PlanAsync(IReadOnlyList<Column> features)
    {
        var random = new Random(1);
        var csv = new StringBuilder("radius,site,diagnosis\n");
        for (var i = 0; i < 500; i++)
        {
            var radius = 5 + random.NextDouble() * 20;
            csv.AppendLine(CultureInfo.InvariantCulture, $"{radius:R},{(random.Next(2) == 0 ? "a" : "b")},{(radius > 15 ? "malignant" : "benign")}");
        }
        var file = await domain.Make<FilePacker>().PackAsync("a.csv", new MemoryStream(Encoding.UTF8.GetBytes(csv.ToString())), null, default);
        var manifest = await new DatasetManifest(DatasetManifest.CurrentVersion, [file.File]).WriteAsync(domain.Blobs, default);
        Dictionary<string, double> none = [];
        var spec = new PipelineSpec(Domain.Dataset, TaskKind.Binary, "diagnosis", "malignant", [], Domain.Model, new(), new(1, 1, [ModelFamily.Linear], null, TimeSpan.FromMinutes(1)),
            new(["site"]), new(new Dictionary<string, double> { ["auc"] = 0.9 }, none, none, new("auc")), null);
        return await domain.StoreAsync(ModelPaths.Plan, new TrainingPlan(new(Domain.Project, Domain.Dataset, 1), manifest, spec, features, ["benign", "malignant"], [], "auc", true, []));
    }

    /// <summary>Counts how often a pack is opened.</summary>
    private sealed class PacksRead(IBlobs blobs) : IBlobs
    {
        private int count;
        public int Count => count;
        public bool Failing { get; set; }

        public Task<Stream> OpenReadAsync(BlobPath path, CancellationToken ct, long offset = 0, long? length = null, string? ifMatch = null)
        {
            if (path.Name.StartsWith("packs/", StringComparison.Ordinal)) Interlocked.Increment(ref count);
            return Failing ? throw new IOException("The network is away.") : blobs.OpenReadAsync(path, ct, offset, length, ifMatch);
        }

        public Task<BlobInfo?> FindAsync(BlobPath path, CancellationToken ct) => blobs.FindAsync(path, ct);
        public Task<BlobInfo> WriteAsync(BlobPath path, Stream content, WriteMode mode, CancellationToken ct) => blobs.WriteAsync(path, content, mode, ct);
        public Task<BlobInfo> WriteAsync(BlobPath path, ReadOnlyMemory<byte> content, WriteMode mode, CancellationToken ct) => blobs.WriteAsync(path, content, mode, ct);
        public IAsyncEnumerable<BlobInfo> ListAsync(string container, string prefix, CancellationToken ct) => blobs.ListAsync(container, prefix, ct);
        public Task DeleteAsync(BlobPath path, CancellationToken ct) => blobs.DeleteAsync(path, ct);
    }
}
