using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.EndToEnd.Tests;

public sealed class KillTests
{
    /// <summary>Every step that the small pipeline takes, in the order in which it is first reached.</summary>
    private static readonly string[] Steps =
    [
        IngestSteps.Stage.Value, IngestSteps.Profile.Value, IngestSteps.Commit.Value,
        TrainSteps.Plan.Value, TrainSteps.Next.Value, JobSteps.Start.Value, ReleaseSteps.Choose.Value, ReleaseSteps.Evaluate.Value,
        ReleaseSteps.Register.Value,
        DeploySteps.CreateRevision.Value, DeploySteps.SmokeTest.Value, DeploySteps.ShiftTraffic.Value, DeploySteps.CheckHealth.Value,
        DeploySteps.Promote.Value,
    ];

    [SlowFact]
    public async Task Pipeline_HostKilledBeforeAndAfterEveryStep_EndsAsIfNothingHadHappened()
    {
        var undisturbed = await RunAsync([]);

        var killed = await RunAsync([.. Steps.SelectMany(s => new[] { $"{s}:before", $"{s}:after" })]);

        Assert.Equal(undisturbed, killed);
    }

    /// <summary>Runs the pipeline twice, the second time as a canary beside the first; at each point the host kills itself and is started
    /// again.</summary>
    private static async Task<IReadOnlyList<string>> RunAsync(IReadOnlyCollection<string> points)
    {
        await using var sandbox = await Sandbox.CreateAsync();
        await using var host = sandbox.NewHost();
        var left = points.ToList();
        await host.StartAsync(Kill(left));
        await host.PushAsync(SmallProject.Name, SmallProject.Yaml, SmallProject.Dataset, "tumours.csv", SmallProject.Csv());
        await UntilEndedAsync(sandbox, host, left, 1);
        await host.UploadAsync(SmallProject.Name, SmallProject.Dataset, "more.csv", SmallProject.MoreCsv());
        await UntilEndedAsync(sandbox, host, left, 2);
        var outcome = await PipelineOutcome.ReadAsync(host, SmallProject.Name, SmallProject.Dataset, "diagnosis");
        Assert.True(left.Count == 0, $"Never reached: {string.Join(", ", left)}. What came of it:\n{string.Join('\n', outcome)}");
        return outcome;
    }

    private static async Task UntilEndedAsync(Sandbox sandbox, HostUnderTest host, List<string> left, int uploads)
    {
        while (true)
        {
            IReadOnlyList<WorkflowInstance> ingests = [];
            await host.EventuallyAsync(async () => host.HasExited
                || ((ingests = await host.FindAsync("ingest-")).Count == uploads && ingests.All(i => i.IsEnded)),
                "the host died, or the uploads are through");
            if (!host.HasExited)
            {
                Assert.All(ingests, i => Assert.Equal(WorkflowStatus.Completed, i.Status));
                return;
            }
            var reached = (await File.ReadAllLinesAsync(Path.Combine(sandbox.State, "killed-at")))[^1];
            Assert.True(left.Remove(reached), $"{reached} was reached twice.");
            await host.StartAsync(Kill(left));
        }
    }

    private static Dictionary<string, string> Kill(IEnumerable<string> points) => new() { ["TRIOPS_TEST_KILL"] = string.Join(',', points) };
}
