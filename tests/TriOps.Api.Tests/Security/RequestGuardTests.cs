using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Api.Security;
using TriOps.Core;

namespace TriOps.Api.Tests.Security;

public sealed class RequestGuardTests
{
    private const string Key = "a-key-of-24-characters-x";

    [Theory]
    [InlineData("127.0.0.1:5000", null, 200)]
    [InlineData("localhost:5000", null, 200)]
    [InlineData("[::1]:5000", null, 200)]
    [InlineData("evil.example:5000", null, 421)]
    [InlineData("127.0.0.1.evil.example", null, 421)]
    [InlineData("10.0.0.7:5000", null, 421)]
    [InlineData("127.0.0.1:5000", "http://127.0.0.1:5000", 200)]
    [InlineData("127.0.0.1:5000", "https://evil.example", 403)]
    [InlineData("127.0.0.1:5000", "http://127.0.0.1:6000", 403)]
    [InlineData("127.0.0.1:5000", "null", 403)]
    public async Task Guard_WithoutAKey_AnswersLoopbackAndItsOwnPagesOnly(string host, string? origin, int status) =>
        Assert.Equal(status, await AskAsync(RequestGuard.For(IPAddress.Loopback, null), "/api/projects", r => { r.Host = new HostString(host); if (origin is not null) r.Headers.Origin = origin; }));

    [Theory]
    [InlineData("/api/projects", null, null, 401)]
    [InlineData("/v2/models/x/infer", null, null, 401)]
    [InlineData("/", null, null, 401)]
    [InlineData("/healthz", null, null, 200)]
    [InlineData("/readyz", null, null, 200)]
    [InlineData("/api/projects", "Authorization", "Bearer " + Key, 200)]
    [InlineData("/api/projects", "x-api-key", Key, 200)]
    [InlineData("/api/projects", "x-api-key", Key + "y", 401)]
    [InlineData("/api/projects", "x-api-key", "", 401)]
    [InlineData("/api/projects", "Authorization", Key, 401)]
    [InlineData("/api/projects", "Authorization", "Basic !!!", 401)]
    public async Task Guard_WithAKey_WantsIt(string path, string? header, string? value, int status) =>
        Assert.Equal(status, await AskAsync(RequestGuard.For(IPAddress.Any, Key), path, r => { r.Host = new HostString("ml.example"); if (header is not null) r.Headers[header] = value; }));

    [Theory]
    [InlineData(Key, 200)]
    [InlineData("wrong", 401)]
    public async Task Guard_WithAKey_TakesItAsABrowsersPassword(string password, int status) =>
        Assert.Equal(status, await AskAsync(RequestGuard.For(IPAddress.Any, Key), "/", r => r.Headers.Authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"anyone:{password}"))));

    [Fact]
    public void Guard_ForAnotherAddressWithoutAKey_IsRefused()
    {
        Assert.Equal("api-key-missing", Assert.Throws<InvalidInputException>(() => RequestGuard.For(IPAddress.Any, "")).Code);
        Assert.Equal("api-key-short", Assert.Throws<InvalidInputException>(() => RequestGuard.For(IPAddress.Any, "short")).Code);
    }

    private static async Task<int> AskAsync(RequestGuard guard, string path, Action<HttpRequest> set)
    {
        var services = new ServiceCollection().AddLogging().AddProblemDetails().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };
        (context.Request.Method, context.Request.Path, context.Request.Host) = ("GET", path, new HostString("127.0.0.1:5000"));
        set(context.Request);
        await guard.InvokeAsync(context, c => { c.Response.StatusCode = 200; return Task.CompletedTask; });
        return context.Response.StatusCode;
    }
}
