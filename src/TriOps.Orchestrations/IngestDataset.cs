using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Names;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Orchestrations;

/// <summary>From an uploaded file to an immutable dataset version, and on to the training of every pipeline that listens to it. Files that
/// come together share a version: one ingestion makes it, and the others are told.</summary>
public sealed class IngestDataset : IOrchestration<IngestRequest, IngestResult>
{
    private const int MaxStagings = 100;

    /// <inheritdoc/>
    public static WorkflowName<IngestRequest, IngestResult> Name => IngestSteps.Workflow;

    /// <inheritdoc/>
    public async Task<IngestResult> Run(IWorkflow workflow, IngestRequest request)
    {
        var made = await MakeVersion(workflow, request);
        if (made.Told is { Version: { } shared } told)
        {
            var outcome = new IngestResult(shared, told.Status, told.Issues ?? [], [], told.By);
            Report(workflow, "done", $"{request.Source.File} is in {shared}, {Word(told.Status)}, which {told.By} made.", 1);
            return outcome;
        }
        var (version, listeners) = (made.Committed!.Version, made.Committed.Listeners);
        Tell(workflow, made.Committed);
        if (version.Status == VersionStatus.Quarantined)
        {
            Report(workflow, "quarantined",
                $"{version.Ref} is quarantined: {string.Join(" ", version.Issues.Take(3).Select(i => i.Message))}", 1);
            return new(version.Ref, version.Status, version.Issues, []);
        }

        var next = listeners.Count == 0 ? "no pipeline is to be trained on it" : $"training {string.Join(", ", listeners)} on it";
        Report(workflow, "train", $"{version.Ref} is committed: {version.Rows} rows; {next}.", 0.5);
        var trained = await Task.WhenAll(listeners.Select(pipeline => Train(workflow, request, pipeline, version.Ref)));

        Report(workflow, "done",
            $"{version.Ref} is committed; {trained.Count(t => t.Status == RunStatus.Completed)} of {trained.Length} "
            + $"trainings completed.", 1);
        return new(version.Ref, version.Status, version.Issues, trained, version.WorkflowId == workflow.InstanceId ? null
            : version.WorkflowId);
    }

    /// <summary>Stages the file, and makes the version that holds it when it is this one's turn, or is told of it. When the head moved
    /// meanwhile, all of it is done again on top of that; when several files break a rule together, with half as many.</summary>
    private static async Task<(CommittedVersion? Committed, IngestNews? Told)> MakeVersion(IWorkflow workflow, IngestRequest request)
    {
        var (most, staged, news) = (BatchSize.Most, (StagedFile?)null, (Task<IngestNews>?)null);
        for (var attempt = 1; ; attempt++)
        {
            var behind = attempt == 1 ? 0 : 0.2; // Progress never falls, though the work begins again.
            if (staged is null)
            {
                Report(workflow, "stage", $"Storing {request.Source.File} ({request.Source.Length} bytes).", behind);
                try { staged = await workflow.Call(IngestSteps.Stage, Stage(workflow, request)); }
                catch (StepFailedException e) when (BeginsAgain(e, attempt)) { continue; }
            }
            ProfiledFile? profiled = null;
            if (!staged.Waits)
            {
                Report(workflow, "profile",
                    $"Typing and profiling the dataset with {staged.Bytes} bytes more; {staged.AddedBytes} of them are new.",
                    Math.Max(behind, 0.1));
                try
                {
                    profiled = await workflow.Call(IngestSteps.Profile, new(workflow.InstanceId, request.Project, request.Dataset, most));
                }
                catch (StepFailedException e) when (BeginsAgain(e, attempt)) { staged = null; continue; }
            }
            if (profiled is null or { Waits: true })
            {
                Report(workflow, "wait",
                    "Waiting: another ingestion is making a version, and takes this file along or leaves the next one to it.", 0.2);
                news ??= workflow.WaitForEvent(IngestSteps.News);
                if (await workflow.Within(news, Stagger.Of(CommitLine.TurnTime, workflow.InstanceId)))
                {
                    if (await news is { Version: not null } told) return (null, told);
                    news = null;
                }
                (staged, attempt) = (staged with { Waits = false }, attempt - 1);
                continue;
            }
            Report(workflow, "commit",
                $"Checking {profiled.Rows} rows of {profiled.Columns.Count} columns against the rules, and making the version.", 0.2);
            try { return (await workflow.Call(IngestSteps.Commit, Commit(workflow, request, profiled)), null); }
            catch (StepFailedException e) when (e.Failure.Code == IngestSteps.BatchRefused && profiled.Files > 1)
            {
                most = profiled.Files / 2;
            }
            catch (StepFailedException e) when (BeginsAgain(e, attempt)) { staged = null; }
        }
    }

    private static bool BeginsAgain(StepFailedException e, int attempt) => attempt < MaxStagings
        && e.Failure.Code is DatasetCatalog.HeadMoved or IngestSteps.TurnLost;

    private static StageRequest Stage(IWorkflow workflow, IngestRequest r) =>
        new(workflow.InstanceId, r.Project, r.Dataset, r.Source, r.At, r.Cause, r.Remove);

    private static CommitRequest Commit(IWorkflow workflow, IngestRequest r, ProfiledFile p) =>
        new(workflow.InstanceId, r.Project, r.Dataset, p.Turn, p.Manifest, p.Parent, p.Bytes, p.AddedBytes, p.Columns, p.Rows, p.Profile,
            p.Unreadable, p.Unchanged);

    /// <summary>Tells those whose files the version holds, and the one whose turn it is now.</summary>
    private static void Tell(IWorkflow workflow, CommittedVersion made)
    {
        var version = made.Version;
        foreach (var other in made.Others ?? [])
            workflow.SendEvent(other, IngestSteps.News, new(version.Ref, version.Status, version.Issues, version.WorkflowId));
        if (made.Next is { } next && next != workflow.InstanceId) workflow.SendEvent(next, IngestSteps.News, new());
    }

    /// <summary>A pipeline's run. That it fails is a result like another: the version stands.</summary>
    private static async Task<TrainResult> Train(IWorkflow workflow, IngestRequest request, PipelineName pipeline,
        DatasetVersionRef version)
    {
        var train = new TrainRequest(request.Project, pipeline, version, request.Reason);
        try { return await workflow.CallWorkflow(TrainSteps.Workflow, train, train.InstanceId()); }
        catch (StepFailedException e)
        {
            return new(train.InstanceId(), RunStatus.Failed, Version: null, Gate: null, Deployment: null, e.Failure.Message);
        }
    }

    private static string Word(VersionStatus status) => status == VersionStatus.Quarantined ? "quarantined" : "committed";

    private static void Report(IWorkflow workflow, string phase, string message, double progress) =>
        workflow.SetStatus(new WorkflowProgress(phase, message, progress));
}
