using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using TriOps.Core.Settings;

namespace TriOps.Compute;

/// <summary>An execution of a Container Apps job, as Azure Resource Manager shows it. What it says is read with care: nothing but the name
/// is sure to be there.</summary>
/// <param name="Name">Within its job; fit for a path.</param>
/// <param name="Status">Running, Processing, Stopped, Degraded, Failed, Unknown or Succeeded; empty when it is not said.</param>
/// <param name="Started">Null: not said.</param>
/// <param name="Ended">Null: not yet, or not said.</param>
/// <param name="Job">Which attempt its environment names; null: none.</param>
/// <param name="Causes">What the replicas' containers say of themselves; only newer API versions show them.</param>
internal sealed partial record Execution(string Name, string Status, DateTimeOffset? Started, DateTimeOffset? Ended, JobKey? Job,
    IReadOnlyList<Cause> Causes)
{
    /// <summary>Nothing of it goes on.</summary>
    public bool IsOver => Status is "Succeeded" or "Failed" or "Stopped" || Status == "Degraded" && Ended is not null;

    /// <summary>It waits for a machine, or its container is not there yet.</summary>
    public bool IsWaiting => Status == "Processing";

    /// <summary>The order in which duplicates are judged: the oldest, then the first by name.</summary>
    public static Execution? Oldest(IEnumerable<Execution> executions) => executions.OrderBy(e => e.Started ?? DateTimeOffset.MaxValue)
        .ThenBy(e => e.Name, StringComparer.Ordinal).FirstOrDefault();

    /// <summary>True for a name that can be part of a path.</summary>
    public static bool IsName(string? text) => text is not null && NamePattern().IsMatch(text);

    /// <summary>Null: this is no execution.</summary>
    public static Execution? Read(JsonElement element)
    {
        if (Text(element, "name") is not { } name || !IsName(name)) return null;
        var properties = Part(element, "properties");
        return new(name, Text(properties, "status") ?? "", Time(properties, "startTime"), Time(properties, "endTime"),
            JobOf(Part(properties, "template")), [.. Cause.Of(properties)]);
    }

    private static JobKey? JobOf(JsonElement template)
    {
        foreach (var container in Items(template, "containers"))
        {
            string? job = null, attempt = null;
            foreach (var variable in Items(container, "env"))
                if (Text(variable, "name") == SettingNames.Job) job = Text(variable, "value");
                else if (Text(variable, "name") == SettingNames.Attempt) attempt = Text(variable, "value");
            if (job is not null && int.TryParse(attempt, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return new(job, number);
        }
        return null;
    }

    internal static JsonElement Part(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var part) ? part : default;

    internal static string? Text(JsonElement element, string name) => Part(element, name) is { ValueKind: JsonValueKind.String } text
        ? text.GetString() : null;

    internal static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        Part(element, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    private static DateTimeOffset? Time(JsonElement element, string name) =>
        DateTimeOffset.TryParse(Text(element, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUniversalTime() : null;

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,99}\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}

/// <summary>What a container of an execution says of its state, or the execution of itself.</summary>
/// <param name="Words">Status, reason and message, on one line.</param>
/// <param name="ExitCode">Null: not ended, or not said.</param>
internal sealed record Cause(string Words, int? ExitCode)
{
    private const int Most = 20;

    /// <summary>properties.reason and .message, then detailedStatus.replicas[].containers[] with status, code and additionalInformation
    /// (Microsoft.App 2025-02-02-preview).</summary>
    public static IEnumerable<Cause> Of(JsonElement properties)
    {
        var all = new List<Cause>();
        if (Line(Execution.Text(properties, "reason"), Execution.Text(properties, "message")) is { Length: > 0 } own)
            all.Add(new(own, null));
        foreach (var replica in Execution.Items(Execution.Part(properties, "detailedStatus"), "replicas"))
            foreach (var container in Execution.Items(replica, "containers"))
            {
                int? code = Execution.Part(container, "code") is { ValueKind: JsonValueKind.Number } number
                    && number.TryGetInt32(out var value) ? value : null;
                all.Add(new(Line(Execution.Text(container, "status"), Execution.Text(container, "additionalInformation")), code));
            }
        return all.Take(Most);
    }

    private static string Line(params string?[] parts) =>
        HostileText.Line(string.Join(": ", parts.Where(p => !string.IsNullOrWhiteSpace(p))));
}
