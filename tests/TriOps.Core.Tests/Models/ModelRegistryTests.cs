using Microsoft.Extensions.Time.Testing;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Tests.Storage;
using TriOps.Testing.Fakes;

namespace TriOps.Core.Tests.Models;

public sealed class ModelRegistryTests
{
    private readonly FakeTimeProvider time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly InterruptedDocuments<ModelVersion> versions = new(new MemoryDocuments<ModelVersion>());
    private readonly AuditLog audit;
    private readonly ModelRegistry registry;

    public ModelRegistryTests()
    {
        audit = new(new MemoryDocuments<AuditEvent>(time), time);
        registry = new(versions, new MemoryDocuments<ModelEntry>(), new MemoryDocuments<ModelAlias>(), audit, time);
    }

    [Fact]
    public async Task Register_SameRunTwice_ReturnsTheFirstVersion()
    {
        var first = await Register("a");
        await Register("b");

        Assert.Equal(first.Number, (await Register("a")).Number);
        Assert.Equal([2, 1], (await registry.ListAsync(Facts.Project, Facts.Model, new(), default)).Items.Select(v => v.Number));
        Assert.Equal([Facts.Model], (await registry.ListModelsAsync(Facts.Project, new(), default)).Items.Select(m => m.Model));
    }

    [Fact]
    public async Task Register_AnotherRunTakesTheNumber_GetsTheNext()
    {
        versions.BeforeWrite = () => Register("faster");

        Assert.Equal(2, (await Register("slower")).Number);
        Assert.Equal("faster", (await registry.GetAsync(Facts.Ref(1), default)).RunId);
    }

    [Fact]
    public async Task Register_SameRunAtTheSameTime_MakesOneVersion()
    {
        versions.BeforeWrite = () => Register("a");

        Assert.Equal(1, (await Register("a")).Number);
        Assert.Single((await registry.ListAsync(Facts.Project, Facts.Model, new(), default)).Items);
    }

    [Fact]
    public async Task SetAlias_Moved_IsAuditedOnceWithWhatItWasBefore()
    {
        await Register("a");
        await Register("b");
        await registry.SetAliasAsync(Facts.Ref(1), Aliases.Champion, "api", default);
        time.Advance(TimeSpan.FromSeconds(1));
        await registry.SetAliasAsync(Facts.Ref(2), Aliases.Champion, "api", default);
        await registry.SetAliasAsync(Facts.Ref(2), Aliases.Champion, "api", default);

        Assert.Equal(2, (await registry.FindByAliasAsync(Facts.Project, Facts.Model, Aliases.Champion, default))!.Number);
        Assert.Equal([("demo/diagnosis:2", "1"), ("demo/diagnosis:1", "none")],
            (await audit.ListAsync(new(), default)).Items.Select(e => (e.Subject, e.Details["before"])));
        Assert.Equal([(Aliases.Champion, 2)], (await registry.AliasesAsync(Facts.Project, Facts.Model, default))
            .Select(a => (a.Alias, a.Number)));
    }

    [Fact]
    public async Task SetAlias_NoSuchVersion_IsRefused() =>
        Assert.Equal("model-version-missing",
            (await Assert.ThrowsAsync<NotFoundException>(
            () => registry.SetAliasAsync(Facts.Ref(9), Aliases.Champion, "api", default))).Code);

    [Fact]
    public async Task FindByAlias_NeverSet_IsNull() =>
        Assert.Null(await registry.FindByAliasAsync(Facts.Project, Facts.Model, Aliases.Champion, default));

    private Task<ModelVersion> Register(string run) =>
        registry.RegisterAsync(Facts.Project, Facts.Model, run, number => Facts.Version(number, run), default);
}
