using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using TriOps.Api.Http;
using TriOps.Api.Security;
using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Governance;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Api.Resources;

/// <summary>/api/runs, and the runs of pipelines.</summary>
internal static class RunsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapCommand("/projects/{p}/pipelines/{pl}/runs", Start, "Trains a pipeline on a dataset version, the head by default");
        api.MapRead("/projects/{p}/runs", List, "A project's runs, newest first");
        api.MapRead("/runs/{id}", Get, "A run");
        api.MapRead("/runs/{id}/trials", Trials, "A run's trials by number");
        api.MapRead("/runs/{id}/trials/{n:int}/metrics", Metrics, "A trial's metric points by key and step");
    }

    private static async Task<Accepted<StartedWorkflow>> Start(ProjectName p, PipelineName pl, Body<StartRun>? body, CommandId command,
        HttpContext context, ProjectStore projects, DatasetCatalog catalog, IWorkflows workflows, AuditLog audit, CancellationToken ct)
    {
        var file = (await projects.GetAsync(p, ct)).File;
        if (!file.Pipelines.TryGetValue(pl, out var pipeline))
            throw new NotFoundException("pipeline-missing",
                $"Project '{p}' has no pipeline '{pl}'; it has: {string.Join(", ", file.Pipelines.Keys)}.");
        var version = body?.Value.DatasetVersion is { } number ? await catalog.GetAsync(new(p, pipeline.Dataset, number), ct)
            : await catalog.HeadAsync(p, pipeline.Dataset, ct)
            ?? throw new ConflictException("dataset-empty",
            $"Dataset {p}/{pipeline.Dataset} has no committed version yet. Upload a file first: triops data push.");
        if (version.Status == VersionStatus.Quarantined)
            throw new ConflictException("dataset-version-quarantined",
                $"Dataset version {version.Ref} is quarantined: {string.Join(" ", version.Issues.Take(1).Select(i => i.Message))} Nothing "
                + $"trains on it; upload a corrected file.");
        if (version.Status != VersionStatus.Committed)
            throw new ConflictException("dataset-version-unused",
                $"Dataset version {version.Ref} is {version.Status.ToString().ToLowerInvariant()}: nothing trains on it any more. Choose "
                + $"another with datasetVersion.");
        var request = new TrainRequest(p, pl, version.Ref, RunReason.Manual, RequestedBy: context.Caller().Name);
        var id = request.InstanceId(command.Suffix);
        await audit.WriteAsync(context.Caller().Name, "run.request", id,
            new Dictionary<string, string> { ["data"] = version.Ref.ToString() }, ct);
        await workflows.StartAsync(TrainSteps.Workflow, request, id, ct);
        return StartedWorkflow.Accept(id, runId: id);
    }

    private static async Task<Ok<Listing<Run>>> List(ProjectName p, Paging paging, RunLog runs, CancellationToken ct) =>
        TypedResults.Ok(Paging.List(await runs.ListAsync(p, paging.Request, ct)));

    private static async Task<Tagged<Run>> Get(string id, HttpContext context, RunLog runs, CancellationToken ct) =>
        Tagged.Of(await FindAsync(id, context, runs, ct));

    private static async Task<Ok<Listing<Trial>>> Trials(string id, HttpContext context, RunLog runs, CancellationToken ct)
    {
        await FindAsync(id, context, runs, ct);
        return TypedResults.Ok(new Listing<Trial>(await runs.TrialsAsync(id, ct)));
    }

    private static async Task<Ok<Listing<MetricPoint>>> Metrics(string id, int n, HttpContext context, RunLog runs, CancellationToken ct)
    {
        await FindAsync(id, context, runs, ct);
        if (n < 0 || (await runs.TrialsAsync(id, ct)).All(t => t.Number != n))
            throw new NotFoundException("trial-missing", $"Run '{id}' has no trial {n}.");
        return TypedResults.Ok(new Listing<MetricPoint>(await runs.MetricsAsync(id, n, ct)));
    }

    // The address names no project: the run does.
    private static async Task<Run> FindAsync(string id, HttpContext context, RunLog runs, CancellationToken ct)
    {
        var run = await runs.GetAsync(Routes.SafeId(id, "run"), ct);
        context.Caller().Demand(Role.Reader, run.Project);
        return run;
    }

    /// <summary>What to train on.</summary>
    /// <param name="DatasetVersion">A version's number; the newest committed one when absent.</param>
    internal sealed record StartRun(int? DatasetVersion);
}
