using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Monitoring;
using TriOps.Orchestrations;

namespace TriOps.Workflows.Tests;

public sealed class CheckDeploymentHistories
{
    private static readonly CheckRequest Request = new(Sample.Clinic, Sample.At.AddHours(-1), Sample.At, Scheduled: true);

    [Fact]
    public async Task NoDrift_EndsQuietly()
    {
        await using var engine = await StartAsync(new(ResponseKind.None, null, null, "200 predictions look like the training rows."));
        Assert.False((await Recording.ResultAsync<CheckResult>(engine, Request.InstanceId, "check-deployment.no-drift.v1.json")).Drifted);
    }

    [Fact]
    public async Task Drift_TrainsAgain()
    {
        await using var engine = await StartAsync(new(ResponseKind.Retrain, "alert", Sample.Train with { Reason = RunReason.Drift, Cause = new("window", "demo/clinic:w") }, "1 column moved."));
        var result = await Recording.ResultAsync<CheckResult>(engine, Request.InstanceId, "check-deployment.retrained.v1.json");
        Assert.True(result.Drifted);
        Assert.Equal(RunStatus.Completed, Assert.Single(result.Retrained).Status);
    }

    [Fact]
    public async Task DriftWithLabels_IngestsThem()
    {
        await using var engine = await StartAsync(new(ResponseKind.RetrainWithFeedback, "alert", null, "1 column moved."));
        Assert.Single((await Recording.ResultAsync<CheckResult>(engine, Request.InstanceId, "check-deployment.fed-back.v1.json")).Retrained);
    }

    private static Task<JournalHarness> StartAsync(Response response)
    {
        var drifted = response.Kind != ResponseKind.None;
        var window = new Window(Request.WindowId, Sample.Clinic, Request.From, Request.To, 1, 200, 50, Sample.Content, drifted, Sample.At);
        return Recording.StartAsync<CheckDeployment, CheckRequest, CheckResult>(Request, Request.InstanceId, engine =>
        {
            engine.Answer(MonitorSteps.Compare, new(Request, window, drifted ? ["radius"] : []));
            engine.Answer(MonitorSteps.Respond, response);
            engine.Answer(MonitorSteps.CollectFeedback, new(Sample.Project, Sample.Dataset, new("feedback.csv", "etag", 100), RunReason.Drift));
            engine.Answer(IngestSteps.Workflow, new(Sample.Data with { Number = 2 }, VersionStatus.Committed, [], [Sample.Trained]));
            engine.Answer(TrainSteps.Workflow, Sample.Trained);
        });
    }
}
