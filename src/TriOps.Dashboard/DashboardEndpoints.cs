using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using TriOps.Core.Datasets;
using TriOps.Core.Deployments;
using TriOps.Core.Experiments;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.Dashboard.Pages;
using TriOps.Dashboard.Parts;

namespace TriOps.Dashboard;

/// <summary>The pages.</summary>
public static class DashboardEndpoints
{
    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps every page and asset, and answers what no route has. Needs AddTriOpsDashboard and the domain's stores.</summary>
    public static IEndpointRouteBuilder MapTriOpsDashboard(this IEndpointRouteBuilder routes)
    {
        DashboardAssets.Map(routes);
        var pages = routes.MapGroup("").WithPageBoundary().ExcludeFromDescription();
        pages.MapMethods("/", Reads, Projects);
        pages.MapMethods("/projects/{project}", Reads, ProjectHome);
        pages.MapMethods("/projects/{project}/datasets/{dataset}", Reads, Dataset);
        pages.MapMethods("/projects/{project}/runs/{id}", Reads, PipelineRun);
        pages.MapMethods("/projects/{project}/models/{model}/{number:int}", Reads, Version);
        pages.MapMethods("/projects/{project}/deployments/{deployment}", Reads, DeploymentHome);
        pages.MapMethods("/workflows", Reads, Workflows);
        pages.MapMethods("/workflows/{id}", Reads, Workflow);
        pages.MapPost("/workflows/{id}/approval", Decide).AddEndpointFilter<SameOriginFilter>().DisableAntiforgery();
        pages.MapMethods("/{**rest}", Reads, MissingPage.Answer).WithOrder(MissingPage.Order);
        return routes;
    }

    private static async Task<RazorComponentResult> Projects(ProjectStore projects, CancellationToken ct) =>
        Page<ProjectsPage>(new { Projects = (await projects.ListAsync(new(1000), ct)).Items });

    private static async Task<RazorComponentResult> ProjectHome(ProjectName project, ProjectStore projects, DatasetCatalog datasets, RunLog runs, ModelRegistry models, DeploymentTable deployments, CancellationToken ct) =>
        Page<ProjectPage>(new { View = await ProjectView.LoadAsync(project, projects, datasets, runs, models, deployments, ct) });

    private static async Task<RazorComponentResult> Dataset(ProjectName project, DatasetName dataset, DatasetCatalog datasets, IBlobs blobs, CancellationToken ct)
    {
        var versions = (await datasets.ListAsync(project, dataset, new(50), ct)).Items;
        if (versions.Count == 0) throw new Core.NotFoundException("dataset-missing", $"{project} has no version of a dataset '{dataset}'.");
        var readable = versions[0].Columns.Count > 0;
        return Page<DatasetPage>(new { Versions = versions, Profile = readable ? await blobs.ReadJsonAsync<DatasetProfile>(DatasetPaths.Profile(versions[0].Profile), ct) : null });
    }

    private static async Task<RazorComponentResult> PipelineRun(ProjectName project, string id, RunLog runs, IBlobs blobs, ModelRegistry models, IWorkflows workflows, TimeProvider time, CancellationToken ct)
    {
        var view = await RunView.LoadAsync(id, runs, blobs, models, workflows, time, ct);
        return view.Run.Project == project ? Page<RunPage>(new { View = view }) : throw new Core.NotFoundException("run-missing", $"{project} has no run '{id}'.");
    }

    private static async Task<RazorComponentResult> Version(ProjectName project, ModelName model, int number, ModelRegistry models, IBlobs blobs, LineageGraph lineage, CancellationToken ct) =>
        Page<ModelPage>(new { View = await ModelView.LoadAsync(new(project, model, number), models, blobs, lineage, ct) });

    private static async Task<RazorComponentResult> DeploymentHome(ProjectName project, DeploymentName deployment, DeploymentTable deployments, InferenceLog log, MonitorLog monitor, IBlobs blobs, TimeProvider time, CancellationToken ct) =>
        Page<DeploymentPage>(new { View = await DeploymentView.LoadAsync(new(project, deployment), deployments, log, monitor, blobs, time, ct) });

    private static async Task<RazorComponentResult> Workflows(string? after, IWorkflows workflows, CancellationToken ct)
    {
        var page = await workflows.ListAsync("", 50, after, ct);
        return Page<WorkflowsPage>(new { Instances = page.Items, Next = page.Continuation });
    }

    private static async Task<RazorComponentResult> Workflow(string id, IWorkflows workflows, TimeProvider time, CancellationToken ct)
    {
        var instance = await workflows.FindAsync(id, ct) ?? throw new Core.NotFoundException("workflow-missing", $"There is no workflow instance '{id}'.");
        return Page<WorkflowPage>(new { Instance = instance, Steps = await StepNode.LoadAsync(workflows, id, ct), Now = time.GetUtcNow() });
    }

    private static async Task<RedirectHttpResult> Decide(string id, [FromForm] string decision, [FromForm] string by, [FromForm] string? comment, HttpContext context, IWorkflows workflows, AuditLog audit, CancellationToken ct)
    {
        if (decision is not ("approve" or "reject")) throw new Core.InvalidInputException("decision-unknown", $"The decision is 'approve' or 'reject', not '{decision}'.");
        await new Approvals(workflows, audit).DecideAsync(id, new ApprovalDecision(decision == "approve", by, comment), context.User.Identity?.Name ?? "dashboard", ct);
        return TypedResults.Redirect($"/workflows/{Uri.EscapeDataString(id)}");
    }

    private static RazorComponentResult Page<T>(object parameters) where T : IComponent => new(typeof(T), parameters);
}
