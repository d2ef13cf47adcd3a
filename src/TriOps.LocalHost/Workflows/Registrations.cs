using TriOps.Activities.Compute;
using TriOps.Activities.Datasets;
using TriOps.Activities.Deployments;
using TriOps.Activities.Evaluations;
using TriOps.Activities.Experiments;
using TriOps.Activities.Monitoring;
using TriOps.Core.Compute;
using TriOps.Core.Deployments;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;
using TriOps.Durable;
using TriOps.Orchestrations;

namespace TriOps.LocalHost.Workflows;

/// <summary>Every orchestration and activity of the <see cref="Catalogue"/>, by hand: one line each.</summary>
public static class Registrations
{
    /// <summary>Registers them all.</summary>
    public static void AddAll(WorkflowRegistry registry) => registry
        .AddOrchestration<CheckDeployment, CheckRequest, CheckResult>()
        .AddOrchestration<DeployModel, DeployRequest, DeployResult>()
        .AddOrchestration<IngestDataset, IngestRequest, IngestResult>()
        .AddOrchestration<RunJob, JobRequest, JobEnd>()
        .AddOrchestration<TrainModel, TrainRequest, TrainResult>()

        .AddActivity<LookAtJob, JobAttempt, JobLook>()
        .AddActivity<StartJob, JobAttempt, Done>()
        .AddActivity<StopJob, JobAttempt, Done>()

        .AddActivity<CommitVersion, CommitRequest, CommittedVersion>()
        .AddActivity<ProfileDataset, ProfileRequest, ProfiledFile>()
        .AddActivity<StageFile, StageRequest, StagedFile>()

        .AddActivity<CheckHealth, HealthRequest, HealthVerdict>()
        .AddActivity<CreateRevision, CreateRevisionRequest, RevisionRef>()
        .AddActivity<PromoteRevision, RevisionRef, Done>()
        .AddActivity<RollBackRevision, RollBackRequest, Done>()
        .AddActivity<ShiftTraffic, ShiftTrafficRequest, Done>()
        .AddActivity<SmokeTest, RevisionRef, SmokeTestResult>()

        .AddActivity<EvaluateCandidate, Candidate, EvaluatedCandidate>()

        .AddActivity<ChooseCandidate, ChooseRequest, Candidate>()
        .AddActivity<EndRun, RunEnd, Done>()
        .AddActivity<NextTrials, TrialsRequest, SuggestedTrials>()
        .AddActivity<PlanTraining, PlanRequest, PlannedRun>()
        .AddActivity<RegisterModel, EvaluatedCandidate, RegisteredModel>()

        .AddActivity<CollectFeedback, WindowVerdict, IngestRequest>()
        .AddActivity<CompareWindow, CheckRequest, WindowVerdict>()
        .AddActivity<RespondToDrift, WindowVerdict, Response>();
}
