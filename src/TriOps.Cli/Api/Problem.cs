using System.Text.Json;

namespace TriOps.Cli.Api;

/// <summary>Reads what a host says when it refuses: application/problem+json (RFC 9457) with a code beside it.</summary>
internal static class Problem
{
    /// <summary>Longest part of a foreign answer that is shown.</summary>
    private const int Shown = 300;

    /// <summary>The refusal as an exception.</summary>
    public static async Task<ApiException> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var status = (int)response.StatusCode;
        var body = await response.Content.ReadAsStringAsync(ct);
        var asked = $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri?.AbsolutePath}";
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                // the last is the Open Inference Protocol's
                var detail = Text(json.RootElement, "detail") ?? Text(json.RootElement, "title") ?? Text(json.RootElement, "error");
                if (detail is not null)
                    return new(status, Text(json.RootElement, "code") ?? $"http-{status}", detail + FieldErrors(json.RootElement));
            }
        }
        catch (JsonException) { /* Not ours: a proxy's page, or nothing at all. */ }
        return new(status, $"http-{status}",
            $"{asked} answered {status} {response.ReasonPhrase}. {(body.Length <= Shown ? body : body[..Shown] + "…")}".TrimEnd());
    }

    private static string? Text(JsonElement problem, string name) => problem.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string FieldErrors(JsonElement problem)
    {
        if (!problem.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Object) return "";
        return string.Concat(errors.EnumerateObject().Select(e => $" {e.Name}: {e.Value}"));
    }
}
