using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Api.Security;
using TriOps.Core;
using TriOps.Core.Settings;
using TriOps.Core.Steps;

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
        Assert.Equal(status,
            await AskAsync(RequestGuard.For(IPAddress.Loopback, null), "/api/projects",
            r => { r.Host = new HostString(host); if (origin is not null) r.Headers.Origin = origin; }));

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
        Assert.Equal(status,
            await AskAsync(RequestGuard.For(IPAddress.Any, Key), path,
            r => { r.Host = new HostString("ml.example"); if (header is not null) r.Headers[header] = value; }));

    [Theory]
    [InlineData(Key, 200)]
    [InlineData("wrong", 401)]
    public async Task Guard_WithAKey_TakesItAsABrowsersPassword(string password, int status) =>
        Assert.Equal(status,
            await AskAsync(RequestGuard.For(IPAddress.Any, Key), "/", r => r.Headers.Authorization = "Basic "
            + Convert.ToBase64String(Encoding.UTF8.GetBytes($"anyone:{password}"))));

    [Fact]
    public void Guard_ForAnotherAddressWithoutAKey_IsRefused()
    {
        Assert.Equal("api-key-missing", Assert.Throws<InvalidInputException>(() => RequestGuard.For(IPAddress.Any, "")).Code);
        Assert.Equal("api-key-short", Assert.Throws<InvalidInputException>(() => RequestGuard.For(IPAddress.Any, "short")).Code);
    }

    /// <summary>
    /// App Service hands a reference that it cannot follow to the app as it stands, which is long enough for a key and no secret.
    /// </summary>
    [Theory]
    [InlineData("@Microsoft.KeyVault(SecretUri=https://kv-x.vault.azure.net/secrets/api-key)")]
    [InlineData("@microsoft.keyvault(VaultName=kv-x;SecretName=api-key)")]
    public void Guard_WithAKeyThatIsAnUnresolvedReference_IsRefused(string reference)
    {
        var settings = new Dictionary<string, string> { [SettingNames.Auth] = "key", [SettingNames.ApiKey] = reference };

        Refused(() => RequestGuard.FromSettings(settings.GetValueOrDefault));
        Refused(() => RequestGuard.For(IPAddress.Any, reference));
        Refused(() => RequestGuard.For(IPAddress.Loopback, reference));

        static void Refused(Func<RequestGuard> start)
        {
            var refusal = Assert.Throws<InvalidInputException>(start);
            Assert.Equal("api-key-unresolved", refusal.Code);
            Assert.Contains("Key Vault Secrets User", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/api/projects", null, null, 401)]
    [InlineData("/", null, "Ada", 401)]
    [InlineData("/healthz", null, null, 200)]
    [InlineData("/api/projects", "8f0c", "ada@example.org", 200)]
    [InlineData("/api/projects", "8f0c", null, 200)]
    public async Task Guard_BehindThePlatformsSignIn_WantsWhomItNames(string path, string? id, string? name, int status)
    {
        var guard = RequestGuard.FromSettings(Settings((SettingNames.Auth, "entra")));
        Assert.Equal(status, await AskAsync(guard, path, r =>
        {
            r.Host = new HostString("ml.example");
            if (id is not null) r.Headers["X-MS-CLIENT-PRINCIPAL-ID"] = id;
            if (name is not null) r.Headers["X-MS-CLIENT-PRINCIPAL-NAME"] = name;
        }, context => Assert.Equal(name ?? id, context.User.Identity?.Name)));
    }

    [Theory]
    [InlineData("key"), InlineData("none")]
    public async Task Guard_WithoutThePlatformsSignIn_DoesNotTrustItsHeaders(string mode)
    {
        var guard = RequestGuard.FromSettings(Settings((SettingNames.Auth, mode), (SettingNames.ApiKey, Key)));
        Assert.NotEqual(200,
            await AskAsync(guard, "/api/projects",
            r => (r.Host, r.Headers["X-MS-CLIENT-PRINCIPAL-ID"]) = (new HostString("ml.example"), "8f0c")));
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("none", Key, true)]
    [InlineData(null, Key, false)]
    [InlineData("key", Key, false)]
    [InlineData("entra", null, false)]
    public void FromSettings_ModeAndKey_DecideWhetherOnlyThisMachineMayAsk(string? mode, string? key, bool loopbackOnly) =>
        Assert.Equal(loopbackOnly, RequestGuard.FromSettings(Settings((SettingNames.Auth, mode), (SettingNames.ApiKey, key))).LoopbackOnly);

    [Theory]
    [InlineData("key", null, "api-key-missing")]
    [InlineData("key", "short", "api-key-short")]
    [InlineData("both", Key, "auth-invalid")]
    public void FromSettings_ThatDoNotFit_AreRefused(string? mode, string? key, string code) =>
        Assert.Equal(code,
            Assert.Throws<InvalidInputException>(
            () => RequestGuard.FromSettings(Settings((SettingNames.Auth, mode), (SettingNames.ApiKey, key)))).Code);

    /// <summary>Of two schemes in one line, Chromium understands neither, and shows no sign-in.</summary>
    [Fact]
    public async Task Guard_WithAKeyThatIsMissing_NamesEachSchemeInALineOfItsOwn()
    {
        var api = new ApiHost(RequestGuard.For(IPAddress.Loopback, Key));
        await api.InitializeAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, api.Http.BaseAddress!.Port);
        await socket.GetStream().WriteAsync("GET /api/projects HTTP/1.1\r\nHost: ml.example\r\nConnection: close\r\n\r\n"u8.ToArray());
        var lines = (await new StreamReader(socket.GetStream()).ReadToEndAsync()).Split("\r\n");

        await api.DisposeAsync();
        Assert.Equal("HTTP/1.1 401 Unauthorized", lines[0]);
        Assert.Equal(["WWW-Authenticate: Bearer realm=\"TriOps\"", "WWW-Authenticate: Basic realm=\"TriOps\", charset=\"UTF-8\""],
            lines.Where(l => l.StartsWith("WWW-Authenticate", StringComparison.OrdinalIgnoreCase)));
    }

    private static Func<string, string?> Settings(params (string Name, string? Value)[] settings) => name =>
        settings.FirstOrDefault(s => s.Name == name).Value;

    private static async Task<int> AskAsync(RequestGuard guard, string path, Action<HttpRequest> set, Action<HttpContext>? passed = null)
    {
        var services = new ServiceCollection().AddLogging().AddProblemDetails().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };
        (context.Request.Method, context.Request.Path, context.Request.Host) = ("GET", path, new HostString("127.0.0.1:5000"));
        set(context.Request);
        await guard.InvokeAsync(context, c => { c.Response.StatusCode = 200; return Task.CompletedTask; });
        if (context.Response.StatusCode == 200 && path != "/healthz") passed?.Invoke(context);
        return context.Response.StatusCode;
    }
}
