using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Azure;
using Azure.Identity;
using Microsoft.Extensions.Logging;
using TriOps.Core;

namespace TriOps.Compute;

/// <summary>Calls Azure Resource Manager, and nobody else: the token goes to its host only.</summary>
internal sealed class ArmCalls(HttpClient http, ArmToken tokens, ContainerAppsOptions options, TimeProvider time, Random random,
    ILogger<ArmCalls> log)
{
    private const int MaxAnswer = 8 * 1024 * 1024;

    /// <summary>The waits of one operation.</summary>
    public Patience For(TimeSpan limit) => new(limit, time, random);

    /// <summary>A path below the endpoint, or a link it gave.</summary>
    /// <exception cref="TriOpsException">The link leads elsewhere (code arm-link).</exception>
    public Uri Uri(string pathOrLink)
    {
        // A path that starts with '/' is one on every platform; only what names a scheme is a link.
        var uri = pathOrLink.StartsWith('/') && !pathOrLink.StartsWith("//", StringComparison.Ordinal)
            ? new Uri(options.Endpoint, pathOrLink)
            : System.Uri.TryCreate(pathOrLink, UriKind.Absolute, out var link) ? link : null;
        return uri is not null && uri.Scheme == options.Endpoint.Scheme && uri.Host == options.Endpoint.Host
            && uri.Port == options.Endpoint.Port && uri.UserInfo.Length == 0
            ? uri : throw new TriOpsException("arm-link",
            $"Azure Resource Manager gave a link that leads elsewhere ({HostileText.Line(pathOrLink)}); it is not followed.");
    }

    /// <summary>Sends a request that may be repeated, until it is answered for good.</summary>
    /// <exception cref="ComputeUnavailableException">It was not within the patience.</exception>
    public async Task<ArmAnswer> SendAsync(HttpMethod method, string path, Patience patience, CancellationToken ct)
    {
        while (true)
        {
            var answer = await OnceAsync(method, path, null, ct);
            if (!answer.IsTransient) return answer;
            log.LogWarning("{Method} {Path} was answered {Answer}; trying again", method, path, answer.Describe());
            if (!await patience.WaitAsync(answer.RetryAfter, ct))
                throw new ComputeUnavailableException($"{method} {path}", answer.Describe());
        }
    }

    /// <summary>Sends a request once; a second time only if its token was refused, for then nothing has happened.</summary>
    public async Task<ArmAnswer> OnceAsync(HttpMethod method, string path, string? body, CancellationToken ct)
    {
        var uri = Uri(path);
        for (var fresh = false; ; fresh = true)
        {
            string token;
            try { token = await tokens.GetAsync(ct); }
            catch (Exception e) when (e is AuthenticationFailedException or RequestFailedException)
            {
                return new(0, null, null, $"no token to sign in with: {e.Message}", Unsent: true);
            }
            var answer = await AskAsync(method, uri, body, token, ct);
            if (answer.Status != HttpStatusCode.Unauthorized || fresh) return answer;
            await tokens.ForgetAsync(token, ct);
        }
    }

    private async Task<ArmAnswer> AskAsync(HttpMethod method, Uri uri, string? body, string token, CancellationToken ct)
    {
        using var request =
            new HttpRequestMessage(method,
            uri) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token), Accept = { new("application/json") } } };
        if (body is not null) request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        else if (method == HttpMethod.Post) request.Content = new ByteArrayContent([]); // ARM wants a length
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, ct);
            var bytes = await response.Content.ReadAsByteArrayAsync(ct);
            return Read(response, bytes);
        }
        catch (HttpRequestException e) { return new(0, null, null, e.Message); }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            return new(0, null, null, $"no answer in time: {e.Message}");
        }
    }

    // Something between us and ARM may answer 200 with a page of HTML: that is no answer.
    private ArmAnswer Read(HttpResponseMessage response, byte[] bytes)
    {
        var after = response.Headers.RetryAfter is not { } asked ? null : asked.Delta ?? asked.Date - time.GetUtcNow();
        if (after < TimeSpan.Zero) after = TimeSpan.Zero;
        if (bytes.Length == 0) return new(response.StatusCode, null, after);
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return new(response.StatusCode, document.RootElement.Clone(), after);
        }
        catch (JsonException e)
        {
            return new(response.IsSuccessStatusCode ? 0 : response.StatusCode, null, after, $"the body is no JSON: {e.Message}");
        }
    }

    /// <summary>The client it is made for: redirects are not followed, a try ends after 20 s, and an answer above 8 MiB is none.</summary>
    public static HttpClient NewClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseCookies = false })
    { Timeout = TimeSpan.FromSeconds(20), MaxResponseContentBufferSize = MaxAnswer };
}
