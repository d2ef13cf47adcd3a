using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using TriOps.Core;
using TriOps.Core.Settings;
using TriOps.Core.Steps;

namespace TriOps.Api.Security;

/// <summary>
/// Who may ask. <see cref="AuthMode.None"/>: this machine only, and no web page from elsewhere that its user's browser shows (requests whose Host is not a loopback
/// name, or whose Origin is another site, are refused: DNS rebinding and cross-site requests). <see cref="AuthMode.Key"/>: whoever sends the key, as bearer token,
/// in x-api-key, or as the password of a browser's sign-in. <see cref="AuthMode.Entra"/>: whom the platform in front signed in; it strips these headers from what
/// clients send, so that they can be trusted, and only there. /healthz and /readyz are for everyone.
/// </summary>
public sealed class RequestGuard
{
    private const int ShortestKey = 16;
    private const string UnresolvedReference = "@Microsoft.KeyVault("; // As learn.microsoft.com/azure/app-service writes references.
    private const string PrincipalId = "X-MS-CLIENT-PRINCIPAL-ID", PrincipalName = "X-MS-CLIENT-PRINCIPAL-NAME"; // Of App Service and Container Apps authentication.

    private readonly AuthMode mode;
    private readonly byte[]? keyHash;

    private RequestGuard(AuthMode mode, string? apiKey = null) => (this.mode, keyHash) = (mode, apiKey is null ? null : Hash(apiKey));

    /// <summary>The guard that the settings ask for.</summary>
    /// <param name="setting">The value of a setting, or null.</param>
    /// <exception cref="InvalidInputException">
    /// The mode is not known (code auth-invalid), or wants a key that is missing (api-key-missing), short (api-key-short)
    /// or an unresolved reference (api-key-unresolved).
    /// </exception>
    public static RequestGuard FromSettings(Func<string, string?> setting) => AuthModes.Of(setting) switch
    {
        AuthMode.Key => new(AuthMode.Key, Checked(setting(SettingNames.ApiKey), $"{SettingNames.Auth} is 'key'")),
        var other => new(other),
    };

    /// <summary>The guard for a host on <paramref name="address"/>.</summary>
    /// <exception cref="InvalidInputException">
    /// Another address than loopback without a key (code api-key-missing), a short key (api-key-short),
    /// or an unresolved reference to one (api-key-unresolved).
    /// </exception>
    public static RequestGuard For(IPAddress address, string? apiKey) => string.IsNullOrEmpty(apiKey) && IPAddress.IsLoopback(address)
        ? new(AuthMode.None)
        : new(AuthMode.Key, Checked(apiKey, $"The host is to listen on {address}"));

    /// <summary>Whether the host may listen on loopback only.</summary>
    public bool LoopbackOnly => mode == AuthMode.None;

    /// <summary>The middleware.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var refusal = mode == AuthMode.None ? RefusalOfALocalRequest(context.Request) : RefusalOfARemoteRequest(context);
        if (refusal is not var (status, code, message))
        {
            await next(context);
            return;
        }
        if (status == 401 && mode == AuthMode.Key) context.Response.Headers.WWWAuthenticate = "Bearer, Basic realm=\"TriOps\"";
        await Results.Problem(message, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code }).ExecuteAsync(context);
    }

    private static (int, string, string)? RefusalOfALocalRequest(HttpRequest request)
    {
        if (!IsLoopback(request.Host.Host)) return (421, "host-refused", $"This host answers on loopback only, not as '{request.Host.Host}'. Use http://127.0.0.1:{request.Host.Port}.");
        return ComesFromAnotherSite(request) ? (403, "origin-refused", $"Requests from web pages of {request.Headers.Origin} are refused.") : null;
    }

    private (int, string, string)? RefusalOfARemoteRequest(HttpContext context)
    {
        var request = context.Request;
        if (request.Path == "/healthz" || request.Path == "/readyz") return null;
        if (mode == AuthMode.Entra)
        {
            if (request.Headers[PrincipalId] is not [{ Length: > 0 } id]) return (401, "sign-in-missing", "Nobody is signed in. Requests reach this host through the platform's sign-in, which names who asks.");
            var name = request.Headers[PrincipalName] is [{ Length: > 0 } known] ? known : id; // Applications have no name.
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id), new Claim(ClaimTypes.Name, name)], "platform"));
        }
        else if (!HasKey(request)) return (401, "api-key-wrong", $"Send the API key as 'Authorization: Bearer …' or 'x-api-key: …'. It is the value of {SettingNames.ApiKey} that the host was started with.");
        return ComesFromAnotherSite(request) ? (403, "origin-refused", $"Requests from web pages of {request.Headers.Origin} are refused.") : null;
    }

    /// <summary>
    /// A reference that the platform could not follow arrives as it is written: whoever guesses the vault's name has the key.
    /// </summary>
    private static string Checked(string? apiKey, string why) => apiKey switch
    {
        _ when apiKey?.StartsWith(UnresolvedReference, StringComparison.OrdinalIgnoreCase) == true => throw new InvalidInputException(
            "api-key-unresolved",
            $"{SettingNames.ApiKey} is '{apiKey}': the platform did not put the secret in its place. Check that the secret is there, that "
            + "the app's identity has the role Key Vault Secrets User on the vault, and that the vault can be reached; then restart the app."),
        null or "" => throw new InvalidInputException("api-key-missing", $"{why}, which wants an API key: set {SettingNames.ApiKey} to at least {ShortestKey} characters."),
        { Length: < ShortestKey } => throw new InvalidInputException("api-key-short", $"{SettingNames.ApiKey} has {apiKey.Length} characters; at least {ShortestKey} are wanted."),
        _ => apiKey,
    };

    private bool HasKey(HttpRequest request)
    {
        if (request.Headers["x-api-key"] is [{ } plain]) return Matches(plain);
        if (request.Headers.Authorization is not [{ } header]) return false;
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return Matches(header["Bearer ".Length..].Trim());
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return false;
        var bytes = new byte[header.Length];
        return Convert.TryFromBase64String(header["Basic ".Length..].Trim(), bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [_, var password] && Matches(password);
    }

    /// <summary>Hashes of equal length in constant time: neither length nor prefix of the key shows in the time it takes.</summary>
    private bool Matches(string given) => CryptographicOperations.FixedTimeEquals(Hash(given), keyHash);

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    /// <summary>Browsers send Origin with every request that can change something.</summary>
    private static bool ComesFromAnotherSite(HttpRequest request) =>
        request.Headers.Origin is [{ } origin] && (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || !string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
}
