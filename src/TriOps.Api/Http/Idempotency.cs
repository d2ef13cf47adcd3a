using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Storage;

namespace TriOps.Api.Http;

/// <summary>Repeats of a POST with the same Idempotency-Key and body get the first one's answer; with another body, 409. Commands also derive their
/// instance ids from the key (<see cref="CommandId"/>), so that a repeat while the first is still under way, or after a crash, starts nothing twice.</summary>
internal static class Idempotency
{
    /// <summary>The header.</summary>
    public const string Header = "Idempotency-Key";
    /// <summary>Longest key in characters.</summary>
    public const int MaxKey = 255;

    /// <summary>How long a key is remembered.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(24);

    private const string Row = "answer";

    /// <summary>Honours the header on every endpoint of a group or route.</summary>
    public static T WithIdempotency<T>(this T endpoints) where T : IEndpointConventionBuilder
    {
        endpoints.Add(endpoint =>
        {
            if (endpoint.RequestDelegate is { } inner) endpoint.RequestDelegate = context => ProblemBoundary.Guard(context, guarded => Key(guarded) is { } key ? Run(guarded, key, inner) : inner(guarded));
        });
        return endpoints;
    }

    /// <summary>The request's key, or null.</summary>
    /// <exception cref="InvalidInputException">It is too long (code idempotency-key-invalid).</exception>
    public static string? Key(HttpContext context)
    {
        var key = context.Request.Headers[Header].ToString();
        if (key.Length > MaxKey) throw new InvalidInputException("idempotency-key-invalid", $"The Idempotency-Key has {key.Length} characters; at most {MaxKey} are allowed.");
        return key.Length == 0 ? null : key;
    }

    private static async Task Run(HttpContext context, string key, RequestDelegate inner)
    {
        var (entries, time) = (context.RequestServices.GetRequiredService<IDocuments<IdempotencyEntry>>(), context.RequestServices.GetRequiredService<TimeProvider>());
        var body = await BufferBodyAsync(context);
        var at = new DocumentKey(ContentId.OfBytes(Encoding.UTF8.GetBytes($"{context.Request.Path}\n{key}")).Hex, Row);
        var reserved = new IdempotencyEntry(body, time.GetUtcNow());
        var standing = await entries.GetOrInsertAsync(at, reserved, context.RequestAborted);
        if (standing.At + Lifetime < reserved.At) standing = (await entries.PutAsync(at, reserved, context.RequestAborted)).Value;
        if (standing.Body != body)
            throw new ConflictException("idempotency-key-reused", $"The Idempotency-Key was used at {standing.At:u} with another body. Send a new key with a new command.");
        if (standing.Status is null) standing = await AnswerAsync(context, inner, entries, at, standing);
        if (standing is not null) await ReplayAsync(context, standing);
    }

    private static async Task<ContentId> BufferBodyAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        context.Request.Body = new MemoryStream(buffer.ToArray());
        return ContentId.OfBytes(buffer.ToArray());
    }

    // Only success is remembered: a refused or failed command may be sent again, corrected, under its key.
    private static async Task<IdempotencyEntry?> AnswerAsync(HttpContext context, RequestDelegate inner, IDocuments<IdempotencyEntry> entries, DocumentKey at, IdempotencyEntry reserved)
    {
        var (original, captured) = (context.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), new MemoryStream());
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(captured));
        var done = false;
        try
        {
            await inner(context);
            done = context.Response.StatusCode is >= 200 and < 300;
        }
        finally
        {
            context.Features.Set(original);
            if (!done) await entries.DeleteAsync(at, CancellationToken.None);
        }
        var answer = reserved with
        {
            Status = context.Response.StatusCode,
            ContentType = context.Response.ContentType,
            Location = context.Response.Headers.Location is [{ } location] ? location : null,
            Answer = Encoding.UTF8.GetString(captured.ToArray()),
        };
        return done ? (await entries.PutAsync(at, answer, CancellationToken.None)).Value : answer;
    }

    private static async Task ReplayAsync(HttpContext context, IdempotencyEntry answer)
    {
        var response = context.Response;
        var bytes = Encoding.UTF8.GetBytes(answer.Answer ?? "");
        response.StatusCode = answer.Status!.Value;
        response.ContentType = answer.ContentType;
        if (answer.Location is not null) response.Headers.Location = answer.Location;
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}

/// <summary>Tells a command from its repeats: derived from the Idempotency-Key where the request has one, else new.</summary>
/// <param name="Suffix">12 hexadecimal digits.</param>
public sealed record CommandId(string Suffix)
{
    /// <summary>From the request's header.</summary>
    public static ValueTask<CommandId?> BindAsync(HttpContext context) => ValueTask.FromResult<CommandId?>(new(
        Idempotency.Key(context) is { } key ? ContentId.OfBytes(Encoding.UTF8.GetBytes($"{context.Request.Path}\n{key}")).Short : Guid.NewGuid().ToString("N")[..12]));
}
