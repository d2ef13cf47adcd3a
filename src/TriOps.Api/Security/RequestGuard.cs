using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using TriOps.Core;
using TriOps.Core.Governance;
using TriOps.Core.Settings;
using TriOps.Core.Steps;

namespace TriOps.Api.Security;

/// <summary> Who may ask, and what. <see cref="AuthMode.None"/>: this machine only, and no web page from elsewhere that its user's browser
/// shows (requests whose Host is not a loopback name, or whose Origin is another site, are refused: DNS rebinding and cross-site requests);
/// everything is allowed. <see cref="AuthMode.Key"/>: whoever sends a key, as bearer token, in x-api-key, or as the password of a browser's
/// sign-in. <see cref="AuthMode.Entra"/>: whom the platform in front signed in; it strips these headers from what clients send, so that
/// they can be trusted, and only there. /healthz and /readyz are for everyone. Runs behind routing: the route that was found says which
/// role it wants (<see cref="RouteRole"/>), and one that says nothing is answered to nobody.
/// </summary>
public sealed class RequestGuard
{
    private readonly AuthMode mode;
    private readonly KeyRing keys;

    private RequestGuard(AuthMode mode, KeyRing? keys = null) => (this.mode, this.keys) = (mode, keys ?? KeyRing.Empty);

    /// <summary>The guard that the settings ask for.</summary>
    /// <param name="setting">The value of a setting, or null.</param>
    /// <param name="only">The one role of <see cref="SettingNames.ApiKey"/>; null: all of them.</param>
    /// <exception cref="InvalidInputException">The mode is not known (code auth-invalid), or wants a key that is missing (api-key-missing)
    /// or short (api-key-short), or the named keys cannot be read (api-keys-invalid).</exception>
    public static RequestGuard FromSettings(Func<string, string?> setting, Role? only = null) => AuthModes.Of(setting) switch
    {
        AuthMode.Key => new(AuthMode.Key, KeyRing.Read(setting, $"{SettingNames.Auth} is 'key'", only)),
        var other => new(other),
    };

    /// <summary>The guard for a host on <paramref name="address"/>.</summary>
    /// <param name="address">Where it is to listen.</param>
    /// <param name="apiKey">The value of <see cref="SettingNames.ApiKey"/>, or null.</param>
    /// <param name="namedKeys">The value of <see cref="SettingNames.Keys"/>, or null.</param>
    /// <exception cref="InvalidInputException">Another address than loopback without a key (code api-key-missing), a short key (code
    /// api-key-short), or named keys that cannot be read (api-keys-invalid).</exception>
    public static RequestGuard For(IPAddress address, string? apiKey, string? namedKeys = null)
    {
        return !KeyRing.IsSet(Setting) && IPAddress.IsLoopback(address) ? new(AuthMode.None)
            : new(AuthMode.Key, KeyRing.Read(Setting, $"The host is to listen on {address}"));
        string? Setting(string name) => name switch { SettingNames.ApiKey => apiKey, SettingNames.Keys => namedKeys, _ => null };
    }

    /// <summary>Whether the host may listen on loopback only.</summary>
    public bool LoopbackOnly => mode == AuthMode.None;

    /// <summary>The middleware.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var refusal = mode == AuthMode.None ? RefusalOfALocalRequest(context) : RefusalOfARemoteRequest(context);
        if ((refusal ?? RouteGuard.Refusal(context)) is not var (status, code, message))
        {
            await next(context);
            return;
        }
        // A line each: of two schemes in one, Chromium understands neither.
        if (status == 401 && mode == AuthMode.Key)
            context.Response.Headers.WWWAuthenticate =
                new StringValues(["Bearer realm=\"TriOps\"", "Basic realm=\"TriOps\", charset=\"UTF-8\""]);
        await Results.Problem(message, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code })
            .ExecuteAsync(context);
    }

    private static (int, string, string)? RefusalOfALocalRequest(HttpContext context)
    {
        var request = context.Request;
        if (!IsLoopback(request.Host.Host))
            return (421, "host-refused",
                $"This host answers on loopback only, not as '{request.Host.Host}'. Use http://127.0.0.1:{request.Host.Port}.");
        context.SetCaller(Caller.Local);
        return RefusalOfAnotherSite(request);
    }

    private (int, string, string)? RefusalOfARemoteRequest(HttpContext context)
    {
        var request = context.Request;
        if (IsProbe(request)) return null;
        if (mode == AuthMode.Entra)
        {
            if (PlatformSignIn.Read(request) is not { } user)
                return (401, "sign-in-missing",
                    "Nobody is signed in. Requests reach this host through the platform's sign-in, which names who asks.");
            context.SetCaller(user);
        }
        else
        {
            if (keys.Find(request) is not { } holder)
                return (401, "api-key-wrong",
                    $"Send an API key as 'Authorization: Bearer …' or 'x-api-key: …': the value of {SettingNames.ApiKey} that the host "
                    + $"was started with, or one of {SettingNames.Keys}.");
            context.SetCaller(holder);
        }
        return RefusalOfAnotherSite(request);
    }

    private static (int, string, string)? RefusalOfAnotherSite(HttpRequest request) =>
        ComesFromAnotherSite(request) ? (403, "origin-refused", $"Requests from web pages of {request.Headers.Origin} are refused.") : null;

    private static bool IsProbe(HttpRequest request) => request.Path == "/healthz" || request.Path == "/readyz";

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    /// <summary>Browsers send Origin with every request that can change something.</summary>
    private static bool ComesFromAnotherSite(HttpRequest request) =>
        request.Headers.Origin is [{ } origin]
            && (!Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            || !string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
}
