using System.Text.Json;
using System.Text.Json.Serialization;
using TriOps.Core.Content;
using TriOps.Core.Families;
using TriOps.Core.Names;

namespace TriOps.Core.Compute;

/// <summary>What a job is asked to do; jobs/{id}/spec.json. Version 1 knew trials only and had their fields beside its own; it is read
/// still.</summary>
/// <param name="Version">Of the format it was read from: 1 or 2; another is refused by who runs it.</param>
/// <param name="Id">Also the instance id of the workflow that waits for it.</param>
/// <param name="Work">What is to be done.</param>
/// <param name="TimeLimit">After which the job is stopped.</param>
/// <param name="TraceParent">W3C trace context of the workflow, or null.</param>
/// <param name="Profile">On which kind of machine; null: <see cref="ProfileName.Default"/>.</param>
[JsonConverter(typeof(JobSpecJson))]
public sealed record JobSpec(int Version, string Id, JobWork Work, TimeSpan TimeLimit, string? TraceParent = null,
    ProfileName? Profile = null)
{
    /// <summary>The version that is written.</summary>
    public const int CurrentVersion = 2;

    /// <summary>A specification in today's format.</summary>
    public JobSpec(string id, JobWork work, TimeSpan timeLimit, string? traceParent = null, ProfileName? profile = null)
        : this(CurrentVersion, id, work, timeLimit, traceParent, profile) { }
}

/// <summary>What a job does. A kind of work is a type of its own, and has one handler in the trainer.</summary>
[JsonConverter(typeof(JobWorkJson))]
public abstract record JobWork
{
    /// <summary>The run that the job's metrics belong to.</summary>
    public abstract string RunId { get; init; }
}

/// <summary>One trial of a search: a family is fitted with one setting of its hyperparameters.</summary>
/// <param name="RunId">The run its metrics belong to.</param>
/// <param name="Trial">The trial's number.</param>
/// <param name="Plan">models/plans/{id}.json.</param>
/// <param name="Family">What to fit.</param>
/// <param name="Parameters">With which hyperparameters.</param>
/// <param name="Seed">Of everything random.</param>
public sealed record TrialWork(string RunId, int Trial, ContentId Plan, ModelFamily Family, IReadOnlyDictionary<string, double> Parameters,
    int Seed) : JobWork
{
    /// <inheritdoc/>
    public override string RunId { get; init; } = RunId;
}

/// <summary>The kinds of work, as they are written.</summary>
internal sealed class JobWorkJson() : KindJson<JobWork>(before: "trial", new Dictionary<string, Type> { ["trial"] = typeof(TrialWork) });

/// <summary>Writes version 2; reads version 1, too.</summary>
internal sealed class JobSpecJson : JsonConverter<JobSpec>
{
    private const string KindBefore = "fit-tabular";

    public override JobSpec Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var element = JsonElement.ParseValue(ref reader);
        var spec = element.Deserialize<Wire>(options)!;
        if (spec.Version == JobSpec.CurrentVersion)
            return new(spec.Version, spec.Id, spec.Work ?? throw new JsonException("A job's specification has no 'work'."), spec.TimeLimit,
                spec.TraceParent, spec.Profile);
        if (spec.Version != 1)
            throw new JsonException(
                $"A job's specification is of version {spec.Version}; versions 1 and {JobSpec.CurrentVersion} are known.");
        if (spec.Kind != KindBefore) throw new JsonException($"A job of version 1 is of kind '{spec.Kind}'; '{KindBefore}' is known.");
        return new(spec.Version, spec.Id, element.Deserialize<TrialOfVersion1>(options)!.Work, spec.TimeLimit,
            spec.TraceParent, spec.Profile);
    }

    public override void Write(Utf8JsonWriter writer, JobSpec value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer,
        new Wire(JobSpec.CurrentVersion, value.Id, value.Work, value.TimeLimit, value.TraceParent, value.Profile), options);

    private sealed record Wire(int Version, string Id, JobWork? Work, TimeSpan TimeLimit, string? TraceParent, ProfileName? Profile,
        string? Kind = null);

    private sealed record TrialOfVersion1(string RunId, int Trial, ContentId Plan, ModelFamily Family,
        IReadOnlyDictionary<string, double> Parameters, int Seed)
    {
        public TrialWork Work => new(RunId, Trial, Plan, Family, Parameters, Seed);
    }
}
