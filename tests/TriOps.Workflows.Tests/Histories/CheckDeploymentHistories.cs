using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Monitoring;
using TriOps.Core.Steps;
using TriOps.Orchestrations;
using TriOps.Testing.Durable;

namespace TriOps.Workflows.Tests;

public sealed class CheckDeploymentHistories
{
    private static readonly CheckRequest Request = new(Sample.Clinic, Sample.At.AddHours(-1), Sample.At, Scheduled: true);

    [Fact]
    public async Task NoDrift_EndsQuietly()
    {
        var bench = await StartAsync(new(ResponseKind.None, null, null, "200 predictions look like the training rows."));
        Assert.False(Recording.Result<CheckResult>(bench, Request.InstanceId, "check-deployment.no-drift.v1.json").Drifted);
    }

    [Fact]
    public async Task Drift_TrainsAgain()
    {
        var bench =
            await StartAsync(
            new(ResponseKind.Retrain, "alert", Sample.Train with { Reason = RunReason.Drift, Cause = new("window", "demo/clinic:w") },
            "1 column moved."));
        var result = Recording.Result<CheckResult>(bench, Request.InstanceId, "check-deployment.retrained.v1.json");
        Assert.True(result.Drifted);
        Assert.Equal(RunStatus.Completed, Assert.Single(result.Retrained).Status);
    }

    [Fact]
    public async Task DriftWithLabels_IngestsThem()
    {
        var bench = await StartAsync(new(ResponseKind.RetrainWithFeedback, "alert", null, "1 column moved."));
        Assert.Single(Recording.Result<CheckResult>(bench, Request.InstanceId, "check-deployment.fed-back.v1.json").Retrained);
    }

    private static Task<DurableBench> StartAsync(Response response)
    {
        var drifted = response.Kind != ResponseKind.None;
        var window = new Window(Request.WindowId, Sample.Clinic, Request.From, Request.To, 1, 200, 50, Sample.Content, drifted, Sample.At);
        return Recording.StartAsync<CheckDeployment, CheckRequest, CheckResult>(Request, Request.InstanceId, bench =>
        {
            bench.Answer(MonitorSteps.Compare, new(Request, window, drifted ? ["radius"] : []));
            bench.Answer(MonitorSteps.Respond, response);
            bench.Answer(MonitorSteps.CollectFeedback,
                new(Sample.Project, Sample.Dataset, new("feedback.csv", "etag", 100), RunReason.Drift,
                Cause: new("window", "demo/clinic:w")));
            bench.Answer(IngestSteps.Workflow, new(Sample.Data with { Number = 2 }, VersionStatus.Committed, [], [Sample.Trained]));
            bench.Answer(TrainSteps.Workflow, Sample.Trained);
        });
    }
}
