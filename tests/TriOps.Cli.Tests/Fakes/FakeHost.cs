using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TriOps.Core;

namespace TriOps.Cli.Tests.Fakes;

/// <summary>A request as the fake host saw it.</summary>
internal sealed record Seen(string Method, string Path, string Query, string Body, IReadOnlyDictionary<string, string> Headers);

/// <summary>An HTTP server on a free loopback port that answers with what a test laid out, and remembers what it was asked.</summary>
internal sealed class FakeHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Dictionary<string, Queue<Func<Seen, IResult>>> answers = [];
    private readonly List<Seen> seen = [];

    private FakeHost(WebApplication app) => this.app = app;

    public string Url => app.Urls.Single();

    public IReadOnlyList<Seen> Requests
    {
        get { lock (seen) return [.. seen]; }
    }

    public static async Task<FakeHost> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var host = new FakeHost(app);
        app.Run(host.AnswerAsync);
        await app.StartAsync();
        return host;
    }

    /// <summary>Answers "GET /path" with a body in the API's dialect; of several answers to one request the last stays.</summary>
    public FakeHost On(string request, object body, int status = 200) => On(request, _ => Json(body, status));

    /// <summary>Answers with a list's page.</summary>
    public FakeHost OnList(string request, params object[] items) => On(request, new { items, next = (string?)null });

    /// <summary>Answers with problem+json.</summary>
    public FakeHost OnProblem(string request, int status, string code, string detail) =>
        On(request,
            _ => Results.Text(JsonSerializer.Serialize(new { type = "about:blank", title = "Refused", status, code, detail }),
            "application/problem+json", Encoding.UTF8, status));

    public FakeHost On(string request, Func<Seen, IResult> answer)
    {
        if (!answers.TryGetValue(request, out var queue)) answers[request] = queue = new();
        queue.Enqueue(answer);
        return this;
    }

    public static IResult Json(object body, int status = 200) =>
        Results.Text(JsonSerializer.Serialize(body, TriOpsJson.Options), "application/json", Encoding.UTF8, status);

    /// <summary>The only request of that method and path.</summary>
    public Seen Single(string request) => Requests.Single(r => $"{r.Method} {r.Path}" == request);

    private async Task AnswerAsync(HttpContext context)
    {
        var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
        var request = new Seen(context.Request.Method, context.Request.Path, context.Request.QueryString.Value
            ?? "", body, context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        Func<Seen, IResult>? answer = null;
        lock (seen)
        {
            seen.Add(request);
            if (answers.TryGetValue($"{request.Method} {request.Path}", out var queue)) answer = queue.Count > 1 ? queue.Dequeue()
                : queue.Peek();
        }
        var result = answer?.Invoke(request)
            ?? Results.Text(
            JsonSerializer.Serialize(
            new { code = "route-unknown", detail = $"The test laid out no answer to {request.Method} {request.Path}." }),
            "application/problem+json", Encoding.UTF8, 404);
        await result.ExecuteAsync(context);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
