using System.Net;
using System.Text.Json;

namespace TriOps.Compute;

/// <summary>What Azure Resource Manager answered, or that it did not.</summary>
/// <param name="Status">0 when no whole answer came back.</param>
/// <param name="Body">The JSON, or null: none, or none that can be read.</param>
/// <param name="RetryAfter">As asked for, 0 or more.</param>
/// <param name="Problem">Of the transport or the body, for people.</param>
/// <param name="Unsent">True: the request never left.</param>
internal sealed record ArmAnswer(HttpStatusCode Status, JsonElement? Body, TimeSpan? RetryAfter = null, string? Problem = null,
    bool Unsent = false)
{
    /// <summary>A whole answer of success.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>Nobody can know whether the request was carried out.</summary>
    public bool IsLost => !Unsent && Status is 0 or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError;

    /// <summary>The same request may do better later.</summary>
    public bool IsTransient => Unsent || IsLost || Status == HttpStatusCode.TooManyRequests;

    /// <summary>ARM's error code, or null.</summary>
    public string? ErrorCode => Error("code");

    /// <summary>The answer in a line: status, ARM's code and message, shortened.</summary>
    public string Describe()
    {
        var words = Problem ?? string.Join(": ", new[] { Error("code"), Error("message") }.OfType<string>());
        return (Status == 0 ? "no answer" : $"{(int)Status} {Status}") + (words.Length > 0 ? $" ({HostileText.Line(words)})" : "");
    }

    private string? Error(string name) =>
        Body is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty("error", out var error)
            && error.ValueKind == JsonValueKind.Object
        && error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
