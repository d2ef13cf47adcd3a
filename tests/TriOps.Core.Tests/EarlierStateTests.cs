using System.Text.Json;
using TriOps.Core.Compute;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Signatures;

namespace TriOps.Core.Tests;

/// <summary>What earlier versions wrote is read, and written in today's form; what is of a later version is refused in words.</summary>
public sealed class EarlierStateTests
{
    private const string Id = "3b5d5c3712955042212316173ccf37be3b5d5c3712955042212316173ccf37be";

    private const string Artifacts = $$$"""
        {"onnx":"{{{Id}}}","onnxBytes":1234,"signature":{"task":"binary","label":"kind","numbers":["size"],"categories":[],"classes":["a","b"],"categoryValues":{}},
         "reference":"{{{Id}}}","importance":[{"feature":"size","share":1}],"baseline":"{{{Id}}}"}
        """;

    [Fact]
    public void Artifacts_WithOneGraph_HaveItAsTheirOnlyFile()
    {
        var artifacts = Read<TrialArtifacts>(Artifacts);

        Assert.Equal((Id, 1234L, "model.onnx", 1),
            (artifacts.Files.Graph.Id.Hex, artifacts.Files.Bytes, artifacts.Files.Graph.Name, artifacts.Files.Files.Count));
        Assert.Equal((TaskKind.Binary, "kind", 2),
            (artifacts.Signature.Table.Task, artifacts.Signature.Target, artifacts.Signature.Table.Outputs));
        Assert.Equal(Id, artifacts.Baseline?.Hex);
        var today = JsonSerializer.SerializeToElement(artifacts, TriOpsJson.Options);
        Assert.Equal("table", today.GetProperty("signature").GetProperty("kind").GetString());
        Assert.False(today.TryGetProperty("onnx", out _));
        Assert.Equal(artifacts.Files, Read<TrialArtifacts>(today.GetRawText()).Files);
    }

    [Fact]
    public void JobSpec_OfVersion1_IsATrial()
    {
        var spec = Read<JobSpec>($$"""
            {"version":1,"id":"job-1","kind":"fit-tabular","runId":"run-1","trial":3,"plan":"{{Id}}","family":"lightGbm","parameters":{"num_leaves":31},"seed":7,"timeLimit":"00:05:00","profile":"t4"}
            """);

        var work = Assert.IsType<TrialWork>(spec.Work);
        Assert.Equal(("job-1", TimeSpan.FromMinutes(5), "t4"), (spec.Id, spec.TimeLimit, spec.Profile?.Value));
        Assert.Equal(("run-1", 3, Id, ModelFamily.LightGbm, 31.0, 7),
            (work.RunId, work.Trial, work.Plan.Hex, work.Family, work.Parameters["num_leaves"], work.Seed));
        var again = Read<JobSpec>(JsonSerializer.Serialize(spec, TriOpsJson.Options));
        Assert.Equal((JobSpec.CurrentVersion, "run-1", 31.0),
            (again.Version, again.Work.RunId, ((TrialWork)again.Work).Parameters["num_leaves"]));
    }

    [Theory]
    [InlineData("""{"version":3,"id":"a","timeLimit":"00:01:00"}""", "version 3")]
    [InlineData("""{"version":2,"id":"a","timeLimit":"00:01:00"}""", "no 'work'")]
    [InlineData("""{"version":1,"id":"a","kind":"other","timeLimit":"00:01:00"}""", "'other'")]
    [InlineData("""{"version":2,"id":"a","work":{"kind":"dance"},"timeLimit":"00:01:00"}""", "'dance' is not known; known are trial")]
    public void JobSpec_OfALaterVersion_IsRefusedInWords(string json, string because) =>
        Assert.Contains(because, Assert.Throws<JsonException>(() => Read<JobSpec>(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void JobEnd_WithATrialsFieldsBesideItsOwn_HasThemAsItsResult()
    {
        var end = Read<JobEnd>(
            $$"""{"jobId":"job-1","attempt":2,"outcome":"succeeded","objective":0.9,"metrics":{"auc":0.9},"artifacts":{{Artifacts}},"deviceSeconds":2.5}""");

        var result = Assert.IsType<TrialResult>(end.Result);
        Assert.Equal(("job-1", 2, JobOutcome.Succeeded, 2.5), (end.JobId, end.Attempt, end.Outcome, end.DeviceSeconds));
        Assert.Equal((0.9, 0.9, Id), (result.Objective, result.Metrics!["auc"], result.Artifacts!.Files.Graph.Id.Hex));
        Assert.Equal(0.9, ((TrialResult)Read<JobEnd>(JsonSerializer.Serialize(end, TriOpsJson.Options)).Result!).Objective);
    }

    [Fact]
    public void JobEnd_OfAFailure_HasNoResult() =>
        Assert.Null(Read<JobEnd>("""{"jobId":"job-1","attempt":1,"outcome":"failed","error":"no rows"}""").Result);

    [Fact]
    public void Signature_OfAKindThatIsNotKnown_IsRefusedInWords() => Assert.Contains("'hologram' is not known",
        Assert.Throws<JsonException>(() => Read<ModelSignature>("""{"kind":"hologram"}""")).Message, StringComparison.Ordinal);

    [Fact]
    public void Artifacts_WithoutAFile_AreRefusedInWords() => Assert.Contains("name no files",
        Assert.Throws<JsonException>(
        () => Read<TrialArtifacts>(
        $$$"""{"signature":{"task":"regression","label":"y","numbers":[],"categories":[],"classes":[],"categoryValues":{}},"reference":"{{{Id}}}"}""")).Message, StringComparison.Ordinal);

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, TriOpsJson.Options)!;
}
