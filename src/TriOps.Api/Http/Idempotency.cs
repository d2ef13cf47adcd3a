using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TriOps.Api.Security;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Steps;
using TriOps.Core.Storage;

namespace TriOps.Api.Http;

/// <summary>Repeats of a POST with the same Idempotency-Key and body get the first one's answer; with another body, 409. Commands also
/// derive their instance ids from the key (<see cref="CommandId"/>), so that a repeat while the first is still under way, or after a crash,
/// starts nothing twice.</summary>
internal static class Idempotency
{
    /// <summary>The header.</summary>
    public const string Header = "Idempotency-Key";
    /// <summary>Longest key in characters.</summary>
    public const int MaxKey = 255;

    /// <summary>How long a key is remembered from its first use. Its row is deleted by a later command's sweep: it is the server's own
    /// note, no user data.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(24);

    // Rows are spread over 16 partitions by the hash's first digit, and a sweep looks at those that share the first two: at most a page of
    // them.
    private const int PartitionDigits = 1, SweepDigits = 2, SweepRows = 1000;

    /// <summary>Honours the header on every endpoint of a group or route.</summary>
    public static T WithIdempotency<T>(this T endpoints) where T : IEndpointConventionBuilder
    {
        endpoints.Add(endpoint =>
        {
            if (endpoint.RequestDelegate is { } inner) endpoint.RequestDelegate = context =>
                ProblemBoundary.Guard(context, guarded => Key(guarded) is { } key ? Run(guarded, key, inner) : inner(guarded));
        });
        return endpoints;
    }

    /// <summary>The request's key, or null.</summary>
    /// <exception cref="InvalidInputException">It is too long (code idempotency-key-invalid).</exception>
    public static string? Key(HttpContext context)
    {
        var key = context.Request.Headers[Header].ToString();
        if (key.Length > MaxKey)
            throw new InvalidInputException("idempotency-key-invalid",
                $"The Idempotency-Key has {key.Length} characters; at most {MaxKey} are allowed.");
        return key.Length == 0 ? null : key;
    }

    private static async Task Run(HttpContext context, string key, RequestDelegate inner)
    {
        var (entries, time) =
            (context.RequestServices.GetRequiredService<IDocuments<IdempotencyEntry>>(),
            context.RequestServices.GetRequiredService<TimeProvider>());
        var body = await BufferBodyAsync(context);
        var at = At(context, key);
        var reserved = new IdempotencyEntry(body, time.GetUtcNow());
        var standing = await entries.GetOrInsertAsync(at, reserved, context.RequestAborted);
        if (standing.At + Lifetime < reserved.At) standing = (await entries.PutAsync(at, reserved, context.RequestAborted)).Value;
        if (standing.Body != body)
            throw new ConflictException("idempotency-key-reused",
                $"The Idempotency-Key was used at {standing.At:u} with another body. Send a new key with a new command.");
        if (standing.Status is null)
        {
            standing = await AnswerAsync(context, inner, entries, at, standing);
            await SweepAsync(context, entries, at, reserved.At);
        }
        await ReplayAsync(context, standing);
    }

    private static DocumentKey At(HttpContext context, string key)
    {
        var hash = Hash(context, key).Hex;
        return new(hash[..PartitionDigits], hash);
    }

    // After a command, the expired neighbours of its row go: what a command costs stays bounded, and idle costs nothing. A key that comes
    // back in the moment it is swept may be carried out again: commands derive their ids from the key, so that nothing is started twice.
    private static async Task SweepAsync(HttpContext context, IDocuments<IdempotencyEntry> entries, DocumentKey near, DateTimeOffset now)
    {
        try
        {
            var rows = await entries.ListAsync(near.Partition, new PageRequest(SweepRows, RowPrefix: near.Row[..SweepDigits]),
                context.RequestAborted);
            foreach (var row in rows.Items.Where(r => r.Value.At + Lifetime < now))
                await entries.DeleteAsync(row.Key, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            /* Nobody waits; the next command sweeps. */
        }
        catch (Exception e) // The command is done, and shall be answered.
        {
            context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("TriOps.Api")
                .LogWarning(e, "Expired idempotency keys could not be removed; the next command tries again.");
        }
    }

    private static async Task<ContentId> BufferBodyAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        context.Request.Body = new MemoryStream(buffer.ToArray());
        return ContentId.OfBytes(buffer.ToArray());
    }

    // Only success is remembered: a refused or failed command may be sent again, corrected, under its key.
    private static async Task<IdempotencyEntry> AnswerAsync(HttpContext context, RequestDelegate inner,
        IDocuments<IdempotencyEntry> entries, DocumentKey at, IdempotencyEntry reserved)
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

    /// <summary>Names a caller's key on a route: the same key on another route is another, and nobody is answered what another
    /// was.</summary>
    internal static ContentId Hash(HttpContext context, string key) =>
        ContentId.OfBytes(Encoding.UTF8.GetBytes($"{context.Request.Path}\n{key}\n{context.Caller().Name}"));
}
