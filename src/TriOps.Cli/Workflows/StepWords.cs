using TriOps.Core.Steps;


namespace TriOps.Cli.Workflows;

/// <summary>What steps and workflows are called when people read them.</summary>
internal static class StepWords
{
    private static readonly Dictionary<string, string> Words = new()
    {
        [IngestSteps.Workflow.Value] = "ingest", [IngestSteps.Stage.Value] = "chunk and store", [IngestSteps.Profile.Value] = "profile",
        [IngestSteps.Commit.Value] = "quality, privacy, version",
        [TrainSteps.Workflow.Value] = "train", [TrainSteps.Plan.Value] = "plan", [TrainSteps.Next.Value] = "next trials",
            [ReleaseSteps.Workflow.Value] = "release",
        [ReleaseSteps.Choose.Value] = "choose candidate", [ReleaseSteps.Evaluate.Value] = "evaluate",
        [ReleaseSteps.Register.Value] = "gate and register", [TrainSteps.EndRun.Value] = "close run", [JobSteps.Workflow.Value] = "trial",
        [DeploySteps.Workflow.Value] = "deploy", [DeploySteps.CreateRevision.Value] = "new revision",
            [DeploySteps.SmokeTest.Value] = "smoke test",
        [DeploySteps.ShiftTraffic.Value] = "shift traffic", [DeploySteps.CheckHealth.Value] = "check health",
            [DeploySteps.Promote.Value] = "promote",
        [DeploySteps.RollBack.Value] = "roll back", [MonitorSteps.Workflow.Value] = "drift check",
            [MonitorSteps.Compare.Value] = "compare with baseline",
        [MonitorSteps.Respond.Value] = "decide what follows", [MonitorSteps.CollectFeedback.Value] = "collect labelled rows",
    };

    /// <summary>The words for a name of the catalogue; the name itself for any other.</summary>
    public static string For(string name) => Words.GetValueOrDefault(name, name);
}
