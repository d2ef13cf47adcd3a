using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TriOps.Core;
using TriOps.Core.Names;
using TriOps.Core.Steps;
using TriOps.Serving.Predictions;
using TriOps.Serving.Routing;

namespace TriOps.Api.Http;

/// <summary>Turns exceptions of an endpoint into problem documents (RFC 9457) with a stable <c>code</c>, whatever pipeline the endpoint
/// runs in.</summary>
internal static class ProblemBoundary
{
    /// <summary>Quotes and umlauts as they are: an error is never part of a web page.</summary>
    public static JsonSerializerOptions Readable { get; } =
        new(TriOpsJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Dictionary<string, Func<string, Exception?>> NameRules = new()
    {
        ["p"] = Rule<ProjectName>, ["datasets/{d}"] = Rule<DatasetName>, ["deployments/{d}"] = Rule<DeploymentName>,
            ["m"] = Rule<ModelName>, ["pl"] = Rule<PipelineName>,
    };

    /// <summary>Wraps every endpoint of a group.</summary>
    public static T WithProblems<T>(this T endpoints) where T : IEndpointConventionBuilder
    {
        endpoints.Add(endpoint =>
        {
            if (endpoint.RequestDelegate is { } inner) endpoint.RequestDelegate = context => Guard(context, inner);
        });
        return endpoints;
    }

    /// <summary>What a client is told of an exception; null for one that is not its business.</summary>
    public static (int Status, string Code, string Detail)? Describe(Exception e, HttpContext context) => e switch
    {
        InvalidInputException x => (400, x.Code, x.Message),
        ForbiddenException x => (403, x.Code, x.Message),
        NotFoundException x => (404, x.Code, x.Message),
        ConflictException x => (409, x.Code, x.Message),
        RevisionUnavailableException x => (503, x.Code, x.Message),
        ModelFailedException x => (500, x.Code, x.Message),
        BadHttpRequestException { InnerException: JsonException json } =>
        (400, "json-invalid", $"The request's JSON cannot be read: {json.Message}"),
        BadHttpRequestException { StatusCode: 413 } =>
        (413, "request-too-large", "The request is larger than this route takes. Send it in parts."),
        BadHttpRequestException { StatusCode: 415 } => (415, "media-type", "Send Content-Type: application/json."),
        BadHttpRequestException x => (x.StatusCode, "request-invalid", BadRoute(context) ?? x.Message),
        _ => null,
    };

    /// <summary>Writes a problem document.</summary>
    public static Task WriteAsync(HttpContext context, int status, string code, string detail)
    {
        context.Response.Clear();
        context.Response.StatusCode = status;
        if (status == 503) context.Response.Headers.RetryAfter = "1";
        return context.Response.WriteAsJsonAsync(new Problem(Title(status), status, detail, code), Readable, "application/problem+json",
            CancellationToken.None);
    }

    /// <summary>Runs an endpoint and answers its exceptions with problem documents.</summary>
    public static Task Guard(HttpContext context, RequestDelegate inner) => Guard(context, inner, WriteAsync);

    /// <summary>Runs an endpoint and answers its exceptions.</summary>
    /// <param name="context">The request.</param>
    /// <param name="inner">The endpoint.</param>
    /// <param name="write">Writes an error from its status, code and detail.</param>
    public static async Task Guard(HttpContext context, RequestDelegate inner, Func<HttpContext, int, string, string, Task> write)
    {
        try
        {
            await inner(context);
            // Binding ends some requests with a bare status, an oversized body among them.
            if (context.Response is { HasStarted: false, StatusCode: >= 400 and var bare, ContentType: null, ContentLength: null }
                && Describe(new BadHttpRequestException("The request was refused before it was read.", bare), context) is { } refused)
                await write(context, refused.Status, refused.Code, refused.Detail);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested) { /* Nobody is there to be told. */ }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var known = Describe(e, context);
            if (known is not { Status: < 500 })
                context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("TriOps.Api")
                    .LogError(e, "{Method} {Path} failed.", context.Request.Method, context.Request.Path);
            var (status, code, detail) = known
                ?? (500, "internal", "The server failed. Its log holds the reason; the same request may work later.");
            await write(context, status, code, detail);
        }
    }

    private static string? BadRoute(HttpContext context) => context.Request.RouteValues
        .Select(v => NameRules.TryGetValue(RuleOf(v.Key, context), out var rule) && v.Value is string text ? rule(text)?.Message : null)
        .FirstOrDefault(m => m is not null);

    private static string RuleOf(string parameter, HttpContext context) =>
        parameter != "d" ? parameter : context.Request.Path.StartsWithSegments("/api")
            && context.Request.Path.Value!.Contains("/deployments/", StringComparison.Ordinal) ? "deployments/{d}" : "datasets/{d}";

    private static FormatException? Rule<T>(string text) where T : struct, IName<T>
    {
        try { NameRule.Parse<T>(text); return null; }
        catch (FormatException e) { return e; }
    }

    private static string Title(int status) => status switch
    {
        400 => "The request is wrong", 403 => "Not allowed", 404 => "Not found", 405 => "Method not allowed", 409 => "Conflict", 413 =>
            "Too large", 415 => "Unsupported media type", 503 => "Not available now", >= 500 => "The server failed", _ => "Refused",
    };
}

/// <summary>An error, as application/problem+json.</summary>
/// <param name="Title">The kind of error, for people.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What, with values; why; the next move.</param>
/// <param name="Code">Stable, kebab-case, for programs.</param>
public sealed record Problem(string Title, int Status, string Detail, string Code);
