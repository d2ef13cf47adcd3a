using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Api.Security;
using TriOps.Core.Governance;
using TriOps.Core.Settings;
using TriOps.Core.Steps;
using TriOps.Functions.Web;

namespace TriOps.Functions.Tests.Web;

/// <summary>The pipeline in the function neither holds back what an endpoint has flushed, nor keeps from it that its client has
/// gone.</summary>
public sealed class StreamingTests : IAsyncLifetime
{
    private readonly TaskCompletionSource next = new(), aborted = new();
    private readonly FunctionsApp app;

    public StreamingTests() =>
        app = new(new() { [SettingNames.Auth] = "none" },
        services => services.AddSingleton(s => new SitePipeline(s, s.GetRequiredService<RequestGuard>(), endpoints =>
    {
        SitePipeline.MapSite(endpoints);
        endpoints.MapGet("/stream", async (HttpContext context) =>
        {
            context.Response.ContentType = "text/event-stream";
            context.RequestAborted.Register(aborted.SetResult);
            foreach (var text in new[] { "data: 1\n\n", "data: 2\n\n" })
            {
                await context.Response.WriteAsync(text);
                await context.Response.Body.FlushAsync();
                await next.Task.WaitAsync(context.RequestAborted);
            }
        }).WithMetadata(RouteRole.Anyone);
    })));

    public ValueTask InitializeAsync() => app.InitializeAsync();
    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Stream_ComesAsItIsFlushed()
    {
        using var response = await app.Http.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("data: 1", await reader.ReadLineAsync()); // while the endpoint waits for us
        next.SetResult();
        Assert.Equal("\ndata: 2\n\n", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Stream_WhoseClientGoes_IsToldSo()
    {
        using (var response = await app.Http.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead))
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
