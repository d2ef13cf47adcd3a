using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using TriOps.Core;
using TriOps.Core.Settings;

namespace TriOps.Api.Security;

/// <summary>
/// Who may ask. Without an API key: this machine only, and no web page from elsewhere that its user's browser shows (requests whose Host is not a loopback
/// name, or whose Origin is another site, are refused: DNS rebinding and cross-site requests). With an API key: whoever sends it, as bearer token,
/// in x-api-key, or as the password of a browser's sign-in; only /healthz and /readyz need none.
/// </summary>
/// <param name="apiKey">From TRIOPS_API_KEY, at least 16 characters; null: loopback only.</param>
public sealed class RequestGuard(string? apiKey)
{
    private const int ShortestKey = 16;

    private readonly byte[]? keyHash = apiKey is null ? null : Hash(apiKey);

    /// <summary>The guard for a host on <paramref name="address"/>.</summary>
    /// <exception cref="InvalidInputException">Another address than loopback without a key (code api-key-missing), or a short key (code api-key-short).</exception>
    public static RequestGuard For(IPAddress address, string? apiKey)
    {
        if (string.IsNullOrEmpty(apiKey))
            return IPAddress.IsLoopback(address) ? new(null)
                : throw new InvalidInputException("api-key-missing", $"The host may listen on {address} only with an API key: set {SettingNames.ApiKey} to at least {ShortestKey} characters, or leave --address out.");
        return apiKey.Length >= ShortestKey ? new(apiKey) : throw new InvalidInputException("api-key-short", $"{SettingNames.ApiKey} has {apiKey.Length} characters; at least {ShortestKey} are wanted.");
    }

    /// <summary>The middleware.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var refusal = keyHash is null ? RefusalOfALocalRequest(context.Request) : RefusalOfAKeyedRequest(context.Request);
        if (refusal is not var (status, code, message))
        {
            await next(context);
            return;
        }
        if (status == 401) context.Response.Headers.WWWAuthenticate = "Bearer, Basic realm=\"TriOps\"";
        await Results.Problem(message, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code }).ExecuteAsync(context);
    }

    private static (int, string, string)? RefusalOfALocalRequest(HttpRequest request)
    {
        if (!IsLoopback(request.Host.Host)) return (421, "host-refused", $"This host answers on loopback only, not as '{request.Host.Host}'. Use http://127.0.0.1:{request.Host.Port}.");
        return ComesFromAnotherSite(request) ? (403, "origin-refused", $"Requests from web pages of {request.Headers.Origin} are refused.") : null;
    }

    private (int, string, string)? RefusalOfAKeyedRequest(HttpRequest request)
    {
        if (request.Path == "/healthz" || request.Path == "/readyz") return null;
        if (!HasKey(request)) return (401, "api-key-wrong", $"Send the API key as 'Authorization: Bearer …' or 'x-api-key: …'. It is the value of {SettingNames.ApiKey} that the host was started with.");
        return ComesFromAnotherSite(request) ? (403, "origin-refused", $"Requests from web pages of {request.Headers.Origin} are refused.") : null;
    }

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
