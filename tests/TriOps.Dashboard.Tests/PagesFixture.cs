using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TriOps.Core.Governance;
using TriOps.Testing.Fakes;

namespace TriOps.Dashboard.Tests;

/// <summary>The pages on Kestrel at a free loopback port, over the seeded domain.</summary>
public sealed class PagesFixture : IAsyncLifetime
{
    private WebApplication? app;

    public HttpClient Client { get; private set; } = new();

    public FakeWorkflows Workflows => app!.Services.GetRequiredService<FakeWorkflows>();

    /// <summary>Events of an action in the audit log.</summary>
    public async Task<IReadOnlyList<AuditEvent>> AuditAsync(string action) =>
        [.. (await app!.Services.GetRequiredService<AuditLog>().ListAsync(new(100), default)).Items.Where(e => e.Action == action)];

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddMemoryStores(new FakeTimeProvider(SeededDomain.Now));
        builder.Services.AddTriOpsDashboard();
        app = builder.Build();
        app.MapTriOpsDashboard();
        await SeededDomain.SeedAsync(app.Services);
        await app.StartAsync();
        Client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app!.DisposeAsync();
    }
}
