namespace TriOps.Core.Steps;

/// <summary>Every orchestration and activity there is. Tests hold that each has one local registration and one Azure function.</summary>
public static class Catalogue
{
    /// <summary>The orchestrations' names.</summary>
    public static IReadOnlyList<string> Orchestrations { get; } =
        [IngestSteps.Workflow.Value, TrainSteps.Workflow.Value, JobSteps.Workflow.Value, DeploySteps.Workflow.Value, MonitorSteps.Workflow.Value];

    /// <summary>The activities' names.</summary>
    public static IReadOnlyList<string> Activities { get; } =
    [
        IngestSteps.Stage.Value, IngestSteps.Profile.Value, IngestSteps.Commit.Value,
        TrainSteps.Plan.Value, TrainSteps.Next.Value, TrainSteps.Choose.Value, TrainSteps.Evaluate.Value, TrainSteps.Register.Value, TrainSteps.EndRun.Value,
        JobSteps.Start.Value, JobSteps.Look.Value, JobSteps.Stop.Value,
        DeploySteps.CreateRevision.Value, DeploySteps.SmokeTest.Value, DeploySteps.ShiftTraffic.Value, DeploySteps.CheckHealth.Value,
        DeploySteps.Promote.Value, DeploySteps.RollBack.Value,
        MonitorSteps.Compare.Value, MonitorSteps.Respond.Value, MonitorSteps.CollectFeedback.Value,
    ];
}
