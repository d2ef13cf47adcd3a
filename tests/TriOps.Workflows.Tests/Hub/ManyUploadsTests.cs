using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TriOps.Activities;
using TriOps.Activities.Triggers;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Datasets;
using TriOps.Core.Governance;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.Data.Packs;
using TriOps.Durable;
using TriOps.LocalHost.Workflows;
using TriOps.Serving;
using TriOps.Testing.Durable;
using TriOps.Testing.Fakes;

namespace TriOps.Workflows.Tests;

/// <summary>Uploads that come together, through the orchestration and activities as the hosts register them, over memory and the test's
/// clock.</summary>
public sealed class ManyUploadsTests : IDisposable
{
    private const string Yaml = """
        version: 1
        project: demo
        datasets:
          people: { quality: { columns: { age: { max: 130 } } } }
        """;

    private static readonly ProjectName Project = ProjectName.Parse("demo");
    private static readonly DatasetName People = DatasetName.Parse("people");

    private readonly FakeTimeProvider time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly ServiceProvider services;
    private readonly DurableHub hub;
    private readonly DurableWorkflows workflows;

    public ManyUploadsTests()
    {
        var connection = new DurableConnection();
        workflows = new DurableWorkflows(connection, time);
        services = new ServiceCollection().AddMemoryStores(time).AddTriOpsActivities().AddTriOpsServing()
            .AddSingleton<IComputeTarget>(new FakeCompute()).AddSingleton<IWorkflows>(workflows)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>)).BuildServiceProvider();
        var registry = new WorkflowRegistry();
        Registrations.AddAll(registry);
        hub = new(registry, time, services);
        connection.Use(new HubClient(hub));
    }

    public void Dispose() => services.Dispose();

    [Theory]
    [InlineData(20, 1)]
    [InlineData(1200, 3)]
    public async Task Uploads_AtOnce_ShareVersionsAndNoneIsLost(int uploads, int versions)
    {
        await UploadAsync(uploads, _ => "age,ok\n30,yes\n");
        var results = await ResultsAsync();

        Assert.Equal((uploads, versions), (results.Count, results.Select(r => r.Version).Distinct().Count()));
        Assert.All(results, r => Assert.Equal(VersionStatus.Committed, r.Status));
        Assert.Equal(versions, results.Count(r => r.By is null)); // One ingestion made each, and says so to the others.
        Assert.Equal(uploads, (await HeadAsync()).Files.Count);
        Assert.Equal(uploads, (await Catalog.HeadAsync(Project, People, default))!.Rows);
    }

    [Fact]
    public async Task Uploads_SomeOfWhichBreakRules_QuarantineThoseAndNoOther()
    {
        int[] bad = [3, 4, 17, 40];
        await UploadAsync(60, i => bad.Contains(i) ? "age,ok\n300,yes\n" : "age,ok\n30,yes\n");
        await ResultsAsync();

        var quarantined = (await VersionsAsync()).Where(v => v.Status == VersionStatus.Quarantined).ToList();
        Assert.Equal(bad.Select(i => $"{i}.csv").Order(), quarantined.SelectMany(v => v.Others.Append(v.Source))
            .Select(s => s.File).Order());
        Assert.Equal(Enumerable.Range(0, 60).Except(bad).Select(i => $"{i}.csv")
            .Order(), (await HeadAsync()).Files.Select(f => f.Name).Order());
    }

    [Fact]
    public async Task Uploads_AllBroken_CostOneProfileEachAfterTheFirst()
    {
        await UploadAsync(50, _ => "age,ok\n300,yes\n");
        Assert.All(await ResultsAsync(), r => Assert.Equal((VersionStatus.Quarantined, "range"), (r.Status, r.Issues[0].Rule)));
        var profiles = 0;
        foreach (var instance in await AllAsync()) profiles += (await workflows.StepsAsync(instance.InstanceId, default))
            .Count(s => s.Name == "ProfileDataset");
        // Each looks once whether it is its turn, and once in its turn; the first halves six times.
        Assert.InRange(profiles, 50, 50 + 50 + 6);
    }

    [Fact]
    public async Task Uploads_WhoseFirstIsTerminatedInItsTurn_GoOnWithoutIt()
    {
        await UploadAsync(3, _ => "age,ok\n30,yes\n");
        var line = services.GetRequiredService<CommitLine>();
        await line.EnlistAsync(Project, People,
            new("gone", new("gone.csv", "e", 1), await PartAsync("gone.csv"), 1, time.GetUtcNow()), default);
        Assert.NotNull(await line.TakeAsync(Project, People, "gone", 1, default)); // And nothing more is heard of it.
        await hub.SettleAsync();
        Assert.All(await AllAsync(), i => Assert.Equal(WorkflowStatus.Running, i.Status));
        await hub.AdvanceAsync(TimeSpan.FromMinutes(7));

        Assert.Equal(3, (await ResultsAsync()).Count);
        Assert.Equal(["0.csv", "1.csv", "2.csv", "gone.csv"], (await HeadAsync()).Files.Select(f => f.Name)); // It had been accepted.
    }

    [Fact]
    public async Task Upload_OfTheBytesThatAreThere_MakesNoVersionAndTrainsNothing()
    {
        await services.GetRequiredService<ProjectStore>()
            .ApplyAsync(Yaml + "\npipelines:\n  kinds: { dataset: people, task: regression, label: age }\n", "test", default);
        await UploadAsync(1, _ => "age,ok\n30,yes\n", apply: false);
        await hub.SettleAsync();
        var trainings = (await AllAsync()).Count(i => i.Workflow == "TrainModel");
        await UploadAsync(1, _ => "age,ok\n30,yes\n", apply: false);
        await hub.SettleAsync();

        Assert.Single(await VersionsAsync());
        Assert.Equal((1, 1), (trainings, (await AllAsync()).Count(i => i.Workflow == "TrainModel")));
        var second = (await ResultsOfAsync("IngestDataset")).Single(r => r.Trained.Count == 0);
        Assert.Equal((1, 0), (second.Version.Number, second.Trained.Count));
    }

    [Fact]
    public async Task Removal_OfOneOfTwoFiles_LetsTheColumnsChange()
    {
        await UploadAsync(2, _ => "age,ok\n30,yes\n");
        await ResultsAsync();
        var removal = new IngestRequest(Project, People, new("1.csv", "removal-1", 0), Remove: true);
        await workflows.StartAsync(IngestSteps.Workflow, removal, removal.InstanceId, default);
        await UploadAsync(1, _ => "age,ok,city\n30,yes,Bonn\n", apply: false);
        await hub.SettleAsync();

        Assert.Equal(["0.csv"], (await HeadAsync()).Files.Select(f => f.Name));
        Assert.Equal(["age", "ok", "city"], (await Catalog.HeadAsync(Project, People, default))!.Columns.Select(c => c.Name));
    }

    [Fact]
    public async Task Removal_OfTheLastFile_IsQuarantined()
    {
        await UploadAsync(1, _ => "age,ok\n30,yes\n");
        await ResultsAsync();
        var removal = new IngestRequest(Project, People, new("0.csv", "removal-1", 0), Remove: true);
        await workflows.StartAsync(IngestSteps.Workflow, removal, removal.InstanceId, default);
        await hub.SettleAsync();
        Assert.Equal("files-none", (await VersionsAsync())[0].Issues[0].Rule);
    }

    [Fact]
    public async Task Upload_OntoAHeadThatCannotBeRead_IsQuarantinedWithWordsAndGoesOnOnceThatIsWithdrawn()
    {
        await UploadAsync(1, _ => "age,ok\n30,yes\n");
        var head = (await ResultsAsync())[0].Version;
        await services.GetRequiredService<IBlobs>()
            .DeleteAsync(DatasetPaths.Manifest((await Catalog.GetAsync(head, default)).Manifest), default);
        await UploadAsync(2, _ => "age,ok\n31,yes\n", apply: false);
        await hub.SettleAsync();
        Assert.All((await VersionsAsync()).Where(v => v.Number > 1), v =>
        {
            Assert.Equal((VersionStatus.Quarantined, "blobs-unreadable"), (v.Status, v.Issues[0].Rule));
            Assert.Contains("triops data withdraw demo/people:1", v.Issues[0].Message, StringComparison.Ordinal);
        });

        await Catalog.WithdrawAsync(head, default);
        await UploadAsync(2, _ => "age,ok\n31,yes\n", apply: false);
        await hub.SettleAsync();
        Assert.Equal(["0.csv", "1.csv"], (await HeadAsync()).Files.Select(f => f.Name));
    }

    private DatasetCatalog Catalog => services.GetRequiredService<DatasetCatalog>();

    private async Task UploadAsync(int count, Func<int, string> text, bool apply = true)
    {
        if (apply) await services.GetRequiredService<ProjectStore>().ApplyAsync(Yaml, "test", default);
        for (var i = 0; i < count; i++)
        {
            var blob = await services.GetRequiredService<IBlobs>()
                .WriteAsync(DatasetPaths.Inbox(Project, People, $"{i}.csv"), Encoding.UTF8.GetBytes(text(i)), WriteMode.Replace, default);
            await services.GetRequiredService<InboxTrigger>().HandleAsync(blob, default);
        }
    }

    private async Task<Core.Content.ContentId> PartAsync(string file)
    {
        using var content = new MemoryStream("age,ok\n30,yes\n"u8.ToArray());
        var packed = await services.GetRequiredService<FilePacker>().PackAsync(file, content, null, default);
        return await new DatasetManifest(DatasetManifest.CurrentVersion, [packed.File])
            .WriteAsync(services.GetRequiredService<IBlobs>(), default);
    }

    private async Task<DatasetManifest> HeadAsync() => await services.GetRequiredService<DatasetFiles>()
        .ManifestAsync((await Catalog.HeadAsync(Project, People, default))!.Manifest, default);

    private async Task<IReadOnlyList<DatasetVersion>> VersionsAsync() =>
        (await Catalog.ListAsync(Project, People, new(1000), default)).Items;

    private async Task<IReadOnlyList<WorkflowInstance>> AllAsync()
    {
        var (all, next) = (new List<WorkflowInstance>(), (string?)null);
        do
        {
            var page = await workflows.ListAsync("", 1000, next, default);
            all.AddRange(page.Items);
            next = page.Continuation;
        }
        while (next is not null);
        return all;
    }

    /// <summary>What every ingestion came to: all have completed.</summary>
    private async Task<IReadOnlyList<IngestResult>> ResultsAsync()
    {
        await hub.SettleAsync();
        var all = await AllAsync();
        Assert.All(all, i => Assert.Equal((WorkflowStatus.Completed, null), (i.Status, i.Failure?.Message)));
        return await ResultsOfAsync("IngestDataset");
    }

    private async Task<IReadOnlyList<IngestResult>> ResultsOfAsync(string workflow) =>
        [.. (await AllAsync()).Where(i => i.Workflow == workflow && i.Output is not null)
            .Select(i => i.Output!.Value.Deserialize<IngestResult>(TriOpsJson.Options)!)];
}
