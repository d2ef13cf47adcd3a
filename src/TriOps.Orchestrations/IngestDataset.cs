using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Names;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Orchestrations;

/// <summary>From an uploaded file to an immutable dataset version, and on to the training of every pipeline that listens to it.</summary>
public sealed class IngestDataset : IOrchestration<IngestRequest, IngestResult>
{
    private const int MaxStagings = 10;

    /// <inheritdoc/>
    public static WorkflowName<IngestRequest, IngestResult> Name => IngestSteps.Workflow;

    /// <inheritdoc/>
    public async Task<IngestResult> Run(IWorkflow workflow, IngestRequest request)
    {
        var (version, listeners) = await MakeVersion(workflow, request);
        if (version.Status == VersionStatus.Quarantined)
        {
            Report(workflow, "quarantined", $"{version.Ref} is quarantined: {string.Join(" ", version.Issues.Take(3).Select(i => i.Message))}", 1);
            return new(version.Ref, version.Status, version.Issues, []);
        }

        var next = listeners.Count == 0 ? $"no pipeline listens to {version.Dataset}" : $"training {string.Join(", ", listeners)} on it";
        Report(workflow, "train", $"{version.Ref} is committed: {version.Rows} rows; {next}.", 0.5);
        var trained = await Task.WhenAll(listeners.Select(pipeline => Train(workflow, request, pipeline, version.Ref)));

        Report(workflow, "done", $"{version.Ref} is committed; {trained.Count(t => t.Status == RunStatus.Completed)} of {trained.Length} trainings completed.", 1);
        return new(version.Ref, version.Status, version.Issues, trained);
    }

    /// <summary>Stages, profiles, checks and commits. When another upload was committed meanwhile, all of it is done again on top of that.</summary>
    private static async Task<CommittedVersion> MakeVersion(IWorkflow workflow, IngestRequest request)
    {
        for (var attempt = 1; ; attempt++)
        {
            var behind = attempt == 1 ? 0 : 0.2; // Progress never falls, though the work begins again.
            Report(workflow, "stage", $"Storing {request.Source.File} ({request.Source.Length} bytes).", behind);
            var staged = await workflow.Call(IngestSteps.Stage, request);
            Report(workflow, "profile", $"Typing and profiling {staged.Bytes} bytes; {staged.AddedBytes} of them are new.", Math.Max(behind, 0.1));
            var profiled = await workflow.Call(IngestSteps.Profile, staged);
            Report(workflow, "commit", $"Checking {profiled.Rows} rows of {profiled.Columns.Count} columns against the rules, and making the version.", 0.2);
            try { return await workflow.Call(IngestSteps.Commit, new(workflow.InstanceId, profiled)); }
            catch (StepFailedException e) when (attempt < MaxStagings && e.Failure.Code == DatasetCatalog.HeadMoved) { /* Stage again on the new head. */ }
        }
    }

    /// <summary>A pipeline's run. That it fails is a result like another: the version stands.</summary>
    private static async Task<TrainResult> Train(IWorkflow workflow, IngestRequest request, PipelineName pipeline, DatasetVersionRef version)
    {
        var train = new TrainRequest(request.Project, pipeline, version, request.Reason);
        try { return await workflow.CallWorkflow(TrainSteps.Workflow, train, train.InstanceId()); }
        catch (StepFailedException e) { return new(train.InstanceId(), RunStatus.Failed, Version: null, Gate: null, Deployment: null, e.Failure.Message); }
    }

    private static void Report(IWorkflow workflow, string phase, string message, double progress) =>
        workflow.SetStatus(new WorkflowProgress(phase, message, progress));
}
