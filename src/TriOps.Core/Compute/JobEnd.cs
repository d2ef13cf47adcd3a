using System.Text.Json;
using System.Text.Json.Serialization;
using TriOps.Core.Experiments;

namespace TriOps.Core.Compute;

/// <summary>The last word of a job: jobs/{id}/end.json, and a message on the job-events queue. Ends that were written before there were
/// kinds of work have a trial's fields beside their own; they are read still.</summary>
/// <param name="JobId">Which job.</param>
/// <param name="Attempt">Which attempt, from 1; 0 when no attempt says it: who started the job has no use for it any more.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Result">What came of it; null unless it succeeded.</param>
/// <param name="DeviceSeconds">How long the attempt ran.</param>
/// <param name="Error">Why it failed, for people.</param>
/// <param name="LostSeconds">How long the job's attempts before this one ran, as far as it showed. The job's workflow knows.</param>
[JsonConverter(typeof(JobEndJson))]
public sealed record JobEnd(string JobId, int Attempt, JobOutcome Outcome, JobResult? Result = null, double DeviceSeconds = 0,
    string? Error = null, double LostSeconds = 0);

/// <summary>What came of a job: of each kind of <see cref="JobWork"/> a type of its own.</summary>
[JsonConverter(typeof(JobResultJson))]
public abstract record JobResult;

/// <summary>What came of a <see cref="TrialWork"/>.</summary>
/// <param name="Objective">On the validation rows.</param>
/// <param name="Metrics">On the validation rows.</param>
/// <param name="Artifacts">What it left.</param>
public sealed record TrialResult(double? Objective, IReadOnlyDictionary<string, double>? Metrics = null, TrialArtifacts? Artifacts = null)
    : JobResult;

/// <summary>The kinds of results, as they are written.</summary>
internal sealed class JobResultJson()
    : KindJson<JobResult>(before: "trial", new Dictionary<string, Type> { ["trial"] = typeof(TrialResult) });

/// <summary>Writes the result apart; reads it from beside the end's own fields, too.</summary>
internal sealed class JobEndJson : JsonConverter<JobEnd>
{
    public override JobEnd Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var element = JsonElement.ParseValue(ref reader);
        var end = element.Deserialize<Wire>(options)!;
        var result = end.Result
            ?? (element.TryGetProperty("objective", out _) || element.TryGetProperty("artifacts", out _)
            ? element.Deserialize<TrialResult>(options) : null);
        return new(end.JobId, end.Attempt, end.Outcome, result, end.DeviceSeconds, end.Error, end.LostSeconds);
    }

    public override void Write(Utf8JsonWriter writer, JobEnd value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer,
        new Wire(value.JobId, value.Attempt, value.Outcome, value.Result, value.DeviceSeconds, value.Error, value.LostSeconds), options);

    private sealed record Wire(string JobId, int Attempt, JobOutcome Outcome, JobResult? Result, double DeviceSeconds = 0,
        string? Error = null, double LostSeconds = 0);
}
