using TriOps.Activities.Experiments;
using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Content;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Testing;

namespace TriOps.Activities.Tests.Experiments;

public sealed class CandidateTests
{
    private readonly Bench bench = new();

    [Fact]
    public async Task Choose_SeveralCompleted_TakesTheBest()
    {
        var run = await Suggested();
        await bench.Complete(0, 0.8);
        await bench.Complete(1, 0.9);
        await bench.Complete(2, 0.85);

        var candidate = await bench.Choose(run);

        Assert.Equal((1, null), (candidate.Trial, candidate.Champion));
        Assert.Equal(1, (await bench.Runs.GetAsync(Bench.RunId, default)).BestTrial);
    }

    /// <summary>Many trials reach the same objective where there are few rows.</summary>
    [Theory]
    [InlineData(0.3, 0.2, 1)] // the second metric decides
    [InlineData(0.2, 0.2, 0)] // then the simpler family
    [InlineData(null, 0.2, 1)]
    public async Task Choose_Equals_TakesTheLowerLossThenTheSimplerFamily(double? linear, double? trees, int expected)
    {
        var run = await Suggested();
        foreach (var (number, loss) in new[] { (0, linear), (1, trees) })
        {
            var success = await bench.Success(number, 0.9);
            var metrics = new Dictionary<string, double> { ["auc"] = 0.9 };
            if (loss is { } known) metrics["log_loss"] = known;
            await bench.End(number, success with { Result = success.Trial() with { Metrics = metrics } });
        }
        Assert.Equal([ModelFamily.Linear, ModelFamily.LightGbm],
            (await bench.Runs.TrialsAsync(Bench.RunId, default)).Take(2).Select(t => t.Family));

        Assert.Equal(expected, (await bench.Choose(run)).Trial);
    }

    [Fact]
    public async Task Choose_LessIsBetter_TakesTheSmallest()
    {
        var run = await Suggested(Bench.Yaml().Replace("trial_timeout", "objective: log_loss, trial_timeout", StringComparison.Ordinal));
        await bench.Complete(0, 0.8);
        await bench.Complete(1, 0.3);

        Assert.Equal(1, (await bench.Choose(run)).Trial);
    }

    [Theory]
    [InlineData(0.01f, "0.01")]
    [InlineData(float.NaN, "Infinity")]
    public async Task Choose_ExportDiffersFromTheTrainer_FailsThatTrialAndTakesTheNext(float off, string worst)
    {
        var run = await Suggested();
        await bench.Complete(0, 0.8);
        await bench.Complete(1, 0.9, off);

        Assert.Equal(0, (await bench.Choose(run)).Trial);
        var refused = (await bench.Runs.TrialsAsync(Bench.RunId, default))[1];
        Assert.Equal(RunStatus.Failed, refused.Status);
        Assert.Contains($"differs from the trainer by {worst}", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await bench.Choose(run)).Trial);
    }

    [Fact]
    public async Task Choose_ModelDoesNotLoad_FailsThatTrial()
    {
        var run = await Suggested();
        await bench.Complete(0, 0.8);
        await bench.Complete(1, 0.9);
        bench.Scorers.Models.Remove((await bench.Runs.TrialsAsync(Bench.RunId, default))[1].Artifacts!.Files.Graph.Id);

        Assert.Equal(0, (await bench.Choose(run)).Trial);
        Assert.Contains("cannot be loaded: these bytes are no model", (await bench.Runs.TrialsAsync(Bench.RunId, default))[1].Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choose_NoTrialCompleted_ListsEachTrialsError()
    {
        var run = await Suggested();
        await bench.End(0, new("j", 1, JobOutcome.Failed, Error: "no rows"));
        await bench.Complete(1, 0.9, off: 0.5f);

        var error = await Assert.ThrowsAsync<InvalidInputException>(() => bench.Choose(run));

        Assert.Equal("no-candidate", error.Code);
        Assert.Contains("Trial 0 (Linear): no rows", error.Message, StringComparison.Ordinal);
        Assert.Contains("Trial 1 (LightGbm): The exported model differs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choose_ModelWithAChampion_NamesIt()
    {
        var run = await Suggested();
        await bench.Complete(0, 0.8);
        await bench.Register(await bench.Evaluated(await bench.Choose(run)));
        await bench.Registry.SetAliasAsync(new(Bench.Project, Bench.Model, 1), Aliases.Champion, "test", default);

        Assert.Equal(1, (await bench.Choose(run)).Champion);
    }

    [Theory]
    [InlineData(true, ModelStatus.Approved)]
    [InlineData(false, ModelStatus.Rejected)]
    public async Task Register_Candidate_IsAVersionWithCardBaselineLineageAndAudit(bool passed, ModelStatus status)
    {
        var run = await Suggested(Bench.Yaml($"gate: {{ min: {{ auc: {(passed ? "0.9" : "0.99")} }} }}"));
        await bench.Complete(0, 0.8);

        var registered = await bench.Register(await bench.Evaluated(await bench.Choose(run)));
        var version = await bench.Registry.GetAsync(registered.Version, default);

        Assert.Equal((1, status, passed, Bench.RunId), (version.Number, version.Status, registered.Verdict.Passed, version.RunId));
        Assert.Equal(0.97, Assert.Single(version.Metrics).Value);
        var card = System.Text.Encoding.UTF8.GetString(await bench.Blobs.ReadBytesAsync(ModelPaths.Card(version.Ref), default));
        Assert.Contains("# demo/risk:1", card, StringComparison.Ordinal);
        Assert.Equal(version.Card, ModelPaths.Card(version.Ref).ToString());
        var baseline = await bench.Blobs.ReadJsonAsync<Baseline>(ModelPaths.Baseline(version.Baseline), default);
        Assert.InRange(baseline.Rows.Count, 90, 150); // about 60 % of 200 rows
        Assert.Equal(baseline.Rows.Count * 2, baseline.Outputs.Length);
        Assert.All(baseline.Rows.Numbers.Select((age, i) => (age, sick: baseline.Outputs[2 * i + 1])),
            r => Assert.Equal(r.age >= 50 ? 0.9f : 0.2f, r.sick));
        var edges = await bench.Get<LineageGraph>().WalkAsync(new("model-version", "demo/risk:1"), default);
        Assert.Equal(["evaluated-as", "produced", "used-by"], edges.Select(e => e.Relation).Order());
        Assert.Equal(status.ToString(), Assert.Single(await bench.Audit("model.register")).Details["status"]);
        var ended = await bench.Runs.GetAsync(Bench.RunId, default);
        Assert.Equal((RunStatus.Completed, 1, 2.5), (ended.Status, ended.ModelVersion, ended.DeviceSeconds));
    }

    [Fact]
    public async Task Register_TrialThatLeftABaseline_TakesItOver()
    {
        var run = await Suggested();
        var left = ContentId.OfBytes("baseline"u8);
        var success = await bench.Success(0, 0.8);
        await bench.End(0,
            success with { Result = success.Trial() with { Artifacts = success.Trial().Artifacts! with { Baseline = left } } });

        var registered = await bench.Register(await bench.Evaluated(await bench.Choose(run)));

        Assert.Equal(left, (await bench.Registry.GetAsync(registered.Version, default)).Baseline);
    }

    [Fact]
    public async Task Register_TwiceAtTheSameTime_MakesOneVersionAndOneAuditEvent()
    {
        var run = await Suggested();
        await bench.Complete(0, 0.8);
        var evaluated = await bench.Evaluated(await bench.Choose(run));

        var both = await Task.WhenAll(bench.Register(evaluated), bench.Register(evaluated));

        Assert.Equal(both[0].Version, both[1].Version);
        Assert.Single(await bench.Audit("model.register"));
    }

    [Fact]
    public async Task Register_RunThatWasEndedMeanwhile_StaysAsItEnded()
    {
        var run = await Suggested();
        await bench.Complete(0, 0.8);
        var evaluated = await bench.Evaluated(await bench.Choose(run));
        await bench.Step<EndRun>().Run(new(Bench.RunId, RunStatus.Cancelled, null, "called off"), default);

        await bench.Register(evaluated);

        Assert.Equal((RunStatus.Cancelled, "called off"), await bench.Runs.GetAsync(Bench.RunId, default) is var ended
            ? (ended.Status, ended.Error) : default);
    }

    [Fact]
    public async Task Register_Repeated_MakesOneVersion()
    {
        var run = await Suggested();
        await bench.Complete(0, 0.8);
        var evaluated = await bench.Evaluated(await bench.Choose(run));
        var first = await bench.Register(evaluated);
        bench.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(first.Version, (await bench.Register(evaluated)).Version);
        Assert.Single((await bench.Registry.ListAsync(Bench.Project, Bench.Model, new(), default)).Items);
        Assert.Single(await bench.Audit("model.register"));
    }

    private async Task<PlannedRun> Suggested(string? yaml = null)
    {
        var run = await bench.Plan(yaml);
        await bench.Suggest(run, 0, 4);
        return run;
    }
}
