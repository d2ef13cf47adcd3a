using Microsoft.Extensions.DependencyInjection;
using TriOps.Core.Storage;
using TriOps.Testing;
using TriOps.Testing.Conformance;

namespace TriOps.Storage.Tests;

public sealed class AzureBlobsConformanceTests(AzuriteFixture azurite) : BlobsConformance, IClassFixture<AzuriteFixture>
{
    protected override async Task<IBlobs> CreateAsync() => (await azurite.NewScope().CreateAsync()).GetRequiredService<IBlobs>();
}

public sealed class TableDocumentsConformanceTests(AzuriteFixture azurite) : DocumentsConformance, IClassFixture<AzuriteFixture>
{
    protected override async Task<IDocuments<Note>> CreateAsync() =>
        (await azurite.NewScope().CreateAsync(s => s.AddDocuments<Note>("Notes"))).GetRequiredService<IDocuments<Note>>();
}

public sealed class AzureQueuesConformanceTests(AzuriteFixture azurite) : QueuesConformance, IClassFixture<AzuriteFixture>
{
    protected override async Task<IQueues> CreateAsync() => (await azurite.NewScope().CreateAsync()).GetRequiredService<IQueues>();

    /// <summary>The emulator's clock is the system's; there is nothing to ask whether the second is over but the queue itself.</summary>
    protected override Task PassOneSecondAsync() => Task.Delay(TimeSpan.FromSeconds(1.1));
}

public sealed class BlobLeasesConformanceTests(AzuriteFixture azurite) : LeasesConformance, IClassFixture<AzuriteFixture>
{
    protected override async Task<ILeases> CreateAsync() => (await azurite.NewScope().CreateAsync()).GetRequiredService<ILeases>();
}
