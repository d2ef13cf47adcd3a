using Microsoft.Extensions.Time.Testing;
using TriOps.Core.Governance;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Testing.Fakes;

namespace TriOps.Core.Tests.Storage;

public sealed class ProjectStoreTests
{
    private const string Yaml = "version: 1\nproject: demo\ndatasets: { tumours: {} }\n";
    private readonly FakeTimeProvider time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly InterruptedDocuments<Project> projects = new(new MemoryDocuments<Project>());
    private readonly AuditLog audit;
    private readonly ProjectStore store;

    public ProjectStoreTests()
    {
        audit = new(new MemoryDocuments<AuditEvent>(time), time);
        store = new(projects, audit, time);
    }

    [Fact]
    public async Task Apply_SameTextTwice_ChangesNothing()
    {
        var (first, made) = await store.ApplyAsync(Yaml, "api", default);
        time.Advance(TimeSpan.FromDays(1));
        var (second, madeAgain) = await store.ApplyAsync(Yaml, "api", default);

        Assert.Equal((true, false), (made, madeAgain));
        Assert.Equal((1, first.UpdatedAt), (second.Revision, second.UpdatedAt));
        Assert.Single((await audit.ListAsync(new(), default)).Items);
    }

    [Fact]
    public async Task Apply_ChangedText_IsTheNextRevision()
    {
        var (first, made) = await store.ApplyAsync(Yaml, "api", default);
        time.Advance(TimeSpan.FromDays(1));
        var (second, madeAgain) = await store.ApplyAsync(Yaml + "description: more\n", "api", default);

        Assert.Equal((true, false), (made, madeAgain));
        Assert.Equal((2, first.CreatedAt, "more"), (second.Revision, second.CreatedAt, second.File.Description));
        Assert.Equal(time.GetUtcNow(), second.UpdatedAt);
        Assert.Equal(["2", "1"], (await audit.ListAsync(new(), default)).Items.Select(e => e.Details["revision"]));
    }

    [Fact]
    public async Task Apply_TwoAtOnce_BothBecomeRevisions()
    {
        projects.BeforeWrite = () => store.ApplyAsync(Yaml + "description: faster\n", "api", default);

        var (slower, isNew) = await store.ApplyAsync(Yaml, "api", default);

        Assert.False(isNew);
        Assert.Equal((2, Yaml), (slower.Revision, slower.Yaml));
        Assert.Equal(2, (await audit.ListAsync(new(), default)).Items.Count);
    }

    [Fact]
    public async Task Apply_FileWithMistakes_ChangesNothing()
    {
        await Assert.ThrowsAsync<InvalidInputException>(() => store.ApplyAsync("version: 1\nproject: ../demo\n", "api", default));
        Assert.Empty((await store.ListAsync(new(), default)).Items);
    }

    [Fact]
    public async Task Get_NoSuchProject_SaysWhatToDo() =>
        Assert.Equal("project-missing",
            (await Assert.ThrowsAsync<NotFoundException>(() => store.GetAsync(ProjectName.Parse("x"), default))).Code);
}
