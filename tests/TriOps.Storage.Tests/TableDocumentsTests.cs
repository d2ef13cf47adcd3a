using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Core.Projects;
using TriOps.Core.Storage;
using TriOps.Testing;
using TriOps.Testing.Conformance;

namespace TriOps.Storage.Tests;

public sealed class TableDocumentsTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private static readonly CancellationToken Ct = CancellationToken.None;
    private static readonly DocumentKey Key = new("p", "r");

    [Theory]
    [InlineData(10, "Json")]
    [InlineData(30_000, "Gzip00,Gzip01,Gzip02")]
    [InlineData(200_000, "Blob")]
    public async Task Document_BySize_LiesInItsRowAsTheFormatSays(int numbers, string properties)
    {
        await using var services = await CreateAsync();
        var random = new Random(7);
        await services.GetRequiredService<IDocuments<Note>>()
            .PutAsync(Key, new("", 0, [.. Enumerable.Range(0, numbers).Select(_ => random.NextDouble())]), Ct);
        var row = (await Table(services).GetEntityAsync<TableEntity>("p", "r")).Value;
        var expected = properties.Split(',');
        Assert.Equal(expected, row.Keys.Where(k => k is "Json" or "Blob" || k.StartsWith("Gzip", StringComparison.Ordinal)).Order()
            .Take(expected.Length));
    }

    [Theory]
    [InlineData("Format", 2, "format 2")]
    [InlineData("Json", "{", "is no Note")]
    [InlineData("Json", "null", "JSON null")]
    public async Task Document_ThatCannotBeRead_SaysWhichAndWhy(string property, object value, string message)
    {
        await using var services = await CreateAsync();
        var notes = services.GetRequiredService<IDocuments<Note>>();
        await notes.PutAsync(Key, new("x"), Ct);
        await Table(services).UpsertEntityAsync(new TableEntity("p", "r") { [property] = value });
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => notes.FindAsync(Key, Ct));
        Assert.Contains("p / r of table Notes", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Documents_OfEveryAggregate_HaveATableThatTheProvisionerMakes()
    {
        await using var services = await azurite.NewScope().CreateAsync();
        Assert.Null(await services.GetRequiredService<IDocuments<Project>>().FindAsync(new("projects", "none"), Ct));
        var clients = services.GetRequiredService<StorageClients>();
        var made = new List<string>();
        await foreach (var table in clients.Tables.QueryAsync())
            if (table.Name.StartsWith(clients.Options.Prefix, StringComparison.Ordinal))
                made.Add(table.Name[clients.Options.Prefix.Length..]);
        Assert.Equal(services.GetServices<StorageTable>().Select(t => t.Name).Order(), made.Order());
        Assert.True(made.Count > 14);
        await services.GetRequiredService<StorageProvisioner>().EnsureAsync(Ct); // Again: nothing happens.
    }

    private Task<ServiceProvider> CreateAsync() => azurite.NewScope().CreateAsync(s => s.AddDocuments<Note>("Notes"));

    private static TableClient Table(ServiceProvider services) => services.GetRequiredService<StorageClients>().Table("Notes");
}
