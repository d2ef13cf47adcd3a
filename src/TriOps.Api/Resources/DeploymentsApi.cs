using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using TriOps.Api.Http;
using TriOps.Api.Security;
using TriOps.Core;
using TriOps.Core.Deployments;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;

namespace TriOps.Api.Resources;

/// <summary>/api/deployments, and a project's deployments with what is watched in them.</summary>
internal static class DeploymentsApi
{
    private static readonly TimeSpan FirstWindow = TimeSpan.FromHours(24), LongestWindow = TimeSpan.FromDays(366);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapCommand("/deployments", Deploy, "Brings a model version into service");
        api.MapRead("/projects/{p}/deployments", List, "A project's deployments by name");
        api.MapRead("/projects/{p}/deployments/{d}", Get, "A deployment and its revisions");
        api.MapRead("/projects/{p}/deployments/{d}/stats", Stats,
            "Requests, errors and latency by revision over the last ?minutes= (1 to 1440; 60 by default)").WithErrors(400);
        api.MapRead("/projects/{p}/deployments/{d}/windows", Windows, "Windows held against the baseline, latest first");
        api.MapRead("/projects/{p}/deployments/{d}/windows/{id}/report", Report, "A window's drift report");
        api.MapRead("/projects/{p}/deployments/{d}/alerts", Alerts, "Alerts, latest first");
        api.MapCommand("/projects/{p}/deployments/{d}/check", Check,
            "Holds a stretch of traffic against the baseline; by default from the last window's end to now");
    }

    private static async Task<Accepted<StartedWorkflow>> Deploy(Body<DeployBody> sent, CommandId command, HttpContext context,
        ProjectStore projects, ModelRegistry registry, IWorkflows workflows, AuditLog audit, CancellationToken ct)
    {
        var body = sent.Value;
        if (body.Project is { } project) context.Caller().Demand(Role.Contributor, project); // The address names none.
        var version = await body.FindAsync(registry, ct);
        if (version.Status == ModelStatus.Rejected)
            throw new ConflictException("model-rejected",
                $"Model version {version.Ref} was refused by its gate: "
                + $"{string.Join("; ", version.Gate.Checks.Where(c => !c.Passed).Select(c => c.Message))}");
        var request = new DeployRequest(version.Ref, body.Spec((await projects.GetAsync(version.Project, ct)).File), context.Caller().Name);
        var id = request.InstanceId(command.Suffix);
        await audit.WriteAsync(context.Caller().Name, "deployment.request", id,
            new Dictionary<string, string> { ["version"] = version.Ref.ToString(), ["deployment"] = request.Spec.Name.Value }, ct);
        await workflows.StartAsync(DeploySteps.Workflow, request, id, ct);
        return StartedWorkflow.Accept(id);
    }

    private static async Task<Ok<Listing<Deployment>>> List(ProjectName p, Paging paging, DeploymentTable table, CancellationToken ct) =>
        TypedResults.Ok(Paging.List(await table.ListAsync(p, paging.Request, ct)));

    private static async Task<Tagged<Deployment>> Get(ProjectName p, DeploymentName d, DeploymentTable table, CancellationToken ct) =>
        Tagged.Of(await table.GetAsync(new(p, d), ct));

    private static async Task<Ok<Listing<RevisionStats>>> Stats(ProjectName p, DeploymentName d, int? minutes, DeploymentTable table,
        InferenceLog log, TimeProvider time, CancellationToken ct)
    {
        if (minutes is < 1 or > 1440) throw new InvalidInputException("minutes-invalid", $"minutes {minutes} is not from 1 to 1440.");
        await table.GetAsync(new(p, d), ct);
        var now = time.GetUtcNow();
        return TypedResults.Ok(
            new Listing<RevisionStats>(
            await RevisionStatistics.ComputeAsync(log.ReadRequestsAsync(new(p, d), now.AddMinutes(-(minutes ?? 60)), now, ct), ct)));
    }

    private static async Task<Ok<Listing<Window>>> Windows(ProjectName p, DeploymentName d, Paging paging, DeploymentTable table,
        MonitorLog monitor, CancellationToken ct)
    {
        await table.GetAsync(new(p, d), ct);
        return TypedResults.Ok(Paging.List(await monitor.WindowsAsync(new(p, d), paging.Request, ct)));
    }

    private static async Task<Tagged<DriftReport>> Report(ProjectName p, DeploymentName d, string id, MonitorLog monitor, IBlobs blobs,
        CancellationToken ct)
    {
        var window = await monitor.FindWindowAsync(new(p, d), id, ct)
            ?? throw new NotFoundException("window-missing",
            $"Deployment {p}/{d} has no window of that id. The deployment's page lists those there are; 'triops drift {d}' "
            + $"closes one now.");
        return window.Report is { } report ? Tagged.Of(await blobs.ReadJsonAsync<DriftReport>(WindowPaths.Report(report), ct))
            : throw new NotFoundException("report-missing", $"Window {window.Id} has no report: {window.Rows} rows were too few to judge.");
    }

    private static async Task<Ok<Listing<Alert>>> Alerts(ProjectName p, DeploymentName d, Paging paging, DeploymentTable table,
        MonitorLog monitor, CancellationToken ct)
    {
        await table.GetAsync(new(p, d), ct);
        return TypedResults.Ok(Paging.List(await monitor.AlertsAsync(new(p, d), paging.Request, ct)));
    }

    private static async Task<Accepted<StartedWorkflow>> Check(ProjectName p, DeploymentName d, Body<CheckBody>? body, HttpContext context,
        DeploymentTable table, MonitorLog monitor, IWorkflows workflows, AuditLog audit, TimeProvider time, CancellationToken ct)
    {
        await table.GetAsync(new(p, d), ct);
        var to = WholeSecond(body?.Value.To ?? time.GetUtcNow());
        var from = body?.Value.From is { } given ? WholeSecond(given)
            : (await monitor.WindowsAsync(new(p, d), new PageRequest(1), ct)).Items is [var last] && last.To < to
            && to - last.To <= LongestWindow ? last.To : to - FirstWindow;
        if (from >= to || to - from > LongestWindow)
            throw new InvalidInputException("window-invalid",
                $"The window {from:u} to {to:u} must end after it begins, and last at most {LongestWindow.TotalDays} days.");
        var request = new CheckRequest(new(p, d), from, to);
        await audit.WriteAsync(context.Caller().Name, "deployment.check", $"{p}/{d}",
            new Dictionary<string, string> { ["window"] = request.WindowId }, ct);
        await workflows.StartAsync(MonitorSteps.Workflow, request, request.InstanceId, ct);
        return StartedWorkflow.Accept(request.InstanceId, windowId: request.WindowId);
    }

    // A window's id has whole seconds; its bounds must be what the id says.
    private static DateTimeOffset WholeSecond(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    /// <summary>The traffic to check: [from, to).</summary>
    internal sealed record CheckBody(DateTimeOffset? From, DateTimeOffset? To);
}
