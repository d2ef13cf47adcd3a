using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;
using TriOps.Core;
using TriOps.Core.Steps;

namespace TriOps.Api.Http;

/// <summary>One thing as JSON, with the hash of its bytes as ETag; 304 to a client that has it.</summary>
public sealed class Tagged<T>(T value) : IResult, IEndpointMetadataProvider
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext) =>
        TaggedBytes.WriteAsync(httpContext, JsonSerializer.SerializeToUtf8Bytes(value, TriOpsJson.Options),
            "application/json; charset=utf-8");

    /// <inheritdoc/>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(200, typeof(T), ["application/json"]));
        builder.Metadata.Add(new ProducesResponseTypeMetadata(304));
    }
}

/// <summary>Makes <see cref="Tagged{T}"/>.</summary>
public static class Tagged
{
    /// <summary>An answer with an ETag.</summary>
    public static Tagged<T> Of<T>(T value) => new(value);
}

/// <summary>A text with an ETag.</summary>
public sealed class TaggedText(byte[] bytes, string mediaType) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext) => TaggedBytes.WriteAsync(httpContext, bytes, mediaType);
}

internal static class TaggedBytes
{
    public static async Task WriteAsync(HttpContext context, byte[] bytes, string mediaType)
    {
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12))}\"");
        var response = context.Response;
        response.Headers.ETag = tag.ToString();
        response.Headers.CacheControl = "no-cache"; // Keep it, but ask before using it.
        if (context.Request.GetTypedHeaders().IfNoneMatch is { Count: > 0 } known
        && known.Any(k => k.Equals(EntityTagHeaderValue.Any) || k.Compare(tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        response.ContentType = mediaType;
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
