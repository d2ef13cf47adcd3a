using TriOps.Core.Steps;


namespace TriOps.EndToEnd.Tests;

public sealed class TelemetryTests
{
    /// <summary>What a run hangs on: the engine's spans, and the start that the inbox asked for.</summary>
    private static readonly string[] Above = [$"orchestration:{TrainSteps.Workflow.Value}", $"orchestration:{IngestSteps.Workflow.Value}",
        $"start {IngestSteps.Workflow.Value}", "inbox blob"];

    private const string Host = "triops-localhost", Trainer = "triops-trainer";

    [Fact]
    public async Task Pipeline_FromTheBlobToTheModel_IsOneTraceOverBothProcessesAndBothSendMetrics()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var sandbox = await Sandbox.CreateAsync();
        await using var host = sandbox.NewHost();
        await host.StartAsync(collector.Environment);
        await host.PushAsync(SmallProject.Name, SmallProject.Yaml, SmallProject.Dataset, "tumours.csv", SmallProject.Csv());
        await FaultTests.CompletedWithOneVersionAsync(host);
        await host.EventuallyAsync(
            () => Task.FromResult(collector.Spans.Any(s => s.Name == $"orchestration:{IngestSteps.Workflow.Value}")),
            "the last span has been sent");
        await host.StopAsync(); // sends what is left

        var blob = Assert.Single(collector.Spans, s => s.Name == "inbox blob" && s.Parent.Length == 0);
        var trace = collector.Spans.Where(s => s.Trace == blob.Trace).ToDictionary(s => s.Id);
        string[] steps =
        [
            IngestSteps.Stage.Value, IngestSteps.Profile.Value, IngestSteps.Commit.Value, TrainSteps.Plan.Value, TrainSteps.Next.Value,
                JobSteps.Start.Value,
            ReleaseSteps.Choose.Value, ReleaseSteps.Evaluate.Value, ReleaseSteps.Register.Value,
            DeploySteps.CreateRevision.Value, DeploySteps.SmokeTest.Value, DeploySteps.Promote.Value,
        ];
        Assert.All(steps, step => Assert.Contains(trace.Values, s => s.Name == $"activity:{step}" && s.Service == Host));
        Assert.All(trace.Values,
            s => Assert.True(s == blob || trace.ContainsKey(s.Parent), $"{s.Name} hangs on {s.Parent}, which is not in the trace."));

        var trained = trace.Values.Where(s => s is { Name: "train", Service: Trainer }).ToList();
        Assert.Equal(2, trained.Count);
        Assert.All(trained,
            train => Assert.Equal(
            ["start trainer", $"activity:{JobSteps.Start.Value}", $"orchestration:{JobSteps.Workflow.Value}", .. Above],
            Ancestors(train, trace)));
        var registered = trace.Values.First(s => s.Name == $"activity:{ReleaseSteps.Register.Value}");
        Assert.Equal([$"orchestration:{ReleaseSteps.Workflow.Value}", .. Above], Ancestors(registered, trace));

        Assert.Contains((Host, "triops.ingest.rows"), collector.Metrics);
        Assert.Contains((Trainer, "triops.training.fit.duration"), collector.Metrics);
    }

    /// <summary>The names of the spans above, the nearest first. The engine has two of one name for each step, of who asks and of who
    /// does.</summary>
    private static List<string> Ancestors(ExportedSpan span, Dictionary<string, ExportedSpan> trace)
    {
        var names = new List<string>();
        for (var at = span; trace.TryGetValue(at.Parent, out var parent); at = parent)
            if (parent.Name != at.Name) names.Add(parent.Name);
        return names;
    }
}
