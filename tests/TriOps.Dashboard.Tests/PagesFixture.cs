using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
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

    /// <summary>Every route that is mapped.</summary>
    public IReadOnlyList<Endpoint> Routes => [.. ((IEndpointRouteBuilder)app!).DataSources.SelectMany(s => s.Endpoints)];

    private static Caller Holder(string roles) =>
        new("ada",
        [.. roles.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(r => Grant.TryParse(r, out var grant) ? grant : throw new ArgumentException(r))]);

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
        app.Use((context, next) =>
        {
            context.Features.Set(context.Request.Headers["x-test-roles"] is [{ } roles] ? Holder(roles) : Caller.Local);
            return next(context);
        });
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
