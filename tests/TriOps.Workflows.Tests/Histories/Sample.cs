using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Deployments;
using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Steps;

namespace TriOps.Workflows.Tests;

/// <summary>The things the recorded orchestrations are about.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly ProjectName Project = ProjectName.Parse("demo");
    public static readonly DatasetName Dataset = DatasetName.Parse("tumours");
    public static readonly PipelineName Pipeline = PipelineName.Parse("diagnosis");
    public static readonly DatasetVersionRef Data = new(Project, Dataset, 1);
    public static readonly ContentId Content = ContentId.OfBytes("content"u8);
    public static readonly ModelVersionRef Version = new(Project, ModelName.Parse("diagnosis"), 1);
    public static readonly DeploymentRef Clinic = new(Project, DeploymentName.Parse("clinic"));
    public static readonly RevisionRef Revision = new(Clinic, 1);
    public static readonly TrainRequest Train = new(Project, Pipeline, Data, RunReason.Upload);
    public static readonly TrainResult Trained = new(Train.InstanceId(), RunStatus.Completed, Version, new(true, []), null);

    public static DeploySpec Deploy(Strategy strategy = Strategy.Immediate, TimeSpan? approval = null, TimeSpan? hold = null) =>
        new(Clinic.Name, strategy, [10, 50], hold ?? TimeSpan.FromMinutes(20), approval, new(),
            new("0 * * * *", 50, 0.2, 0.01, 0, new(OnDrift: true, TimeSpan.FromHours(6), MinLabels: 40)));
}
