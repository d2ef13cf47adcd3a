using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using TriOps.Core;
using TriOps.Core.Settings;

namespace TriOps.Compute;

/// <summary>The body of a start: the job's own template with the attempt in the environment.</summary>
/// <remarks>A container in the body replaces the stored one as a whole, so all of it is sent again. The type of the body
/// (JobExecutionTemplate in the REST specification of Microsoft.App 2025-07-01) knows fewer fields than the stored template; the others,
/// such as volume mounts, stay those of the job.</remarks>
internal static class ExecutionTemplate
{
    private static readonly string[] Fields = ["name", "image", "command", "args", "env", "resources"];

    /// <summary>The body as JSON.</summary>
    /// <param name="job">The job resource as read.</param>
    /// <param name="key">The attempt.</param>
    /// <exception cref="InvalidInputException">The job has no container with name and image (code compute-job-template).</exception>
    public static string For(JsonElement job, JobKey key)
    {
        var template = Execution.Part(Execution.Part(job, "properties"), "template");
        var body = new JsonObject { ["containers"] = Containers(template, "containers") };
        if (Containers(template, "initContainers") is { Count: > 0 } first) body["initContainers"] = first;
        if (body["containers"] is not JsonArray { Count: > 0 } containers || containers[0] is not JsonObject trainer
            || !Has(trainer, "name") || !Has(trainer, "image"))
            throw new InvalidInputException("compute-job-template",
                $"The Container Apps job {HostileText.Line(Execution.Text(job, "id") ?? "")} has no container with a name and an image. "
                + $"Deploy it again ('azd provision', then 'azd deploy').");
        trainer["env"] =
            With(trainer["env"] as JsonArray, (SettingNames.Job, key.JobId),
            (SettingNames.Attempt, key.Attempt.ToString(CultureInfo.InvariantCulture)));
        return body.ToJsonString();
    }

    private static JsonArray Containers(JsonElement template, string name)
    {
        var copies = new JsonArray();
        foreach (var container in Execution.Items(template, name))
        {
            var copy = new JsonObject();
            foreach (var field in Fields)
                if (Execution.Part(container, field) is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } value)
                    copy[field] = JsonNode.Parse(value.GetRawText());
            if (copy["resources"] is JsonObject resources) resources.Remove("ephemeralStorage"); // Read-only.
            copies.Add(copy);
        }
        return copies;
    }

    private static JsonArray With(JsonArray? environment, params (string Name, string Value)[] variables)
    {
        var merged = new JsonArray();
        foreach (var variable in environment?.OfType<JsonObject>() ?? [])
            if (!variables.Any(v => v.Name == NameOf(variable))) merged.Add(variable.DeepClone());
        foreach (var (name, value) in variables) merged.Add(new JsonObject { ["name"] = name, ["value"] = value });
        return merged;
    }

    private static bool Has(JsonObject container, string field) => container[field] is JsonValue value
        && value.TryGetValue<string>(out var text) && text.Length > 0;

    private static string? NameOf(JsonObject variable) => variable["name"] is JsonValue value
        && value.TryGetValue<string>(out var text) ? text : null;
}
