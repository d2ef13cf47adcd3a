using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using TriOps.Core;
using TriOps.Core.Names;

namespace TriOps.Api.Http;

/// <summary>A request's JSON, read strictly: a key that nobody knows is a mistake and not a wish, as in triops.yaml; so is one that is
/// there twice.</summary>
/// <param name="Value">The body.</param>
public sealed record Body<T>(T Value) : IEndpointParameterMetadataProvider where T : class
{
    /// <summary>Reads it; null when there is none.</summary>
    /// <exception cref="InvalidInputException">A key is not known (code key-unknown).</exception>
    /// <exception cref="BadHttpRequestException">It is missing, or no JSON of that form.</exception>
    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        using var bytes = new MemoryStream();
        await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
        if (bytes.Length == 0) return IsOptional(parameter)
            ? null : throw new BadHttpRequestException("The request has no body. Send JSON.");
        return new(StrictJson.Read<T>(bytes.GetBuffer().AsMemory(0, (int)bytes.Length)));
    }

    /// <inheritdoc/>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T), IsOptional(parameter)));

    private static bool IsOptional(ParameterInfo parameter) =>
        new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable;
}

/// <summary>Reads JSON, and refuses keys that are not known.</summary>
internal static class StrictJson
{
    /// <summary>The value.</summary>
    /// <exception cref="InvalidInputException">A key is not known (code key-unknown).</exception>
    /// <exception cref="BadHttpRequestException">It is no JSON of that form.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> json) where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            Check(document.RootElement, typeof(T), "");
            return document.RootElement.Deserialize<T>(TriOpsJson.Options) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e) { throw new BadHttpRequestException("The request's JSON cannot be read.", e); }
    }

    private static void Check(JsonElement json, Type type, string at)
    {
        var info = TriOpsJson.Options.GetTypeInfo(type);
        if (info.Kind == JsonTypeInfoKind.Enumerable && json.ValueKind == JsonValueKind.Array && info.ElementType is { } element)
        {
            var i = 0;
            foreach (var item in json.EnumerateArray()) Check(item, element, $"{at}[{i++}]");
        }
        if (info.Kind != JsonTypeInfoKind.Object || json.ValueKind != JsonValueKind.Object) return;
        foreach (var property in json.EnumerateObject())
        {
            var known = info.Properties.FirstOrDefault(p => string.Equals(p.Name, property.Name, StringComparison.OrdinalIgnoreCase))
                ?? throw Unknown(property.Name, info, at);
            Check(property.Value, known.PropertyType, at.Length == 0 ? known.Name : $"{at}.{known.Name}");
        }
    }

    private static InvalidInputException Unknown(string key, JsonTypeInfo info, string at)
    {
        var keys = info.Properties.Select(p => p.Name).ToList();
        return new("key-unknown",
            $"{(at.Length == 0 ? "" : $"{at}: ")}unknown key '{(key.Length <= 80 ? key : key[..80] + "…")}'.{NearestName.Hint(key, keys)} "
            + $"Known here: {string.Join(", ", keys)}.");
    }
}
