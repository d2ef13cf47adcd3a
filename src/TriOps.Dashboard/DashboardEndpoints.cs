using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
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
        Read(pages, "/", Projects);
        Read(pages, "/projects/{project}", ProjectHome);
        Read(pages, "/projects/{project}/datasets/{dataset}", Dataset);
        Read(pages, "/projects/{project}/runs/{id}", PipelineRun);
        Read(pages, "/projects/{project}/models/{model}/{number:int}", Version);
        Read(pages, "/projects/{project}/deployments/{deployment}", DeploymentHome);
        Read(pages, "/workflows", Workflows);
        Read(pages, "/workflows/{id}", Workflow);
        pages.MapPost("/workflows/{id}/approval", Decide).AddEndpointFilter<SameOriginFilter>().DisableAntiforgery()
            .WithMetadata(RouteRole.Approver);
        pages.MapMethods("/{**rest}", Reads, MissingPage.Answer).WithOrder(MissingPage.Order).WithMetadata(RouteRole.Anyone);
        return routes;
    }

    private static void Read(IEndpointRouteBuilder pages, [StringSyntax("Route")] string pattern, Delegate page) =>
        pages.MapMethods(pattern, Reads, page).WithMetadata(RouteRole.Reader);

    private static async Task<RazorComponentResult> Projects(HttpContext context, ProjectStore projects, CancellationToken ct)
    {
        var caller = Asking(context);
        return Page<ProjectsPage>(
            new { Projects =
            (IReadOnlyList<Project>)[.. (await projects.ListAsync(new(1000), ct)).Items.Where(p => caller.May(Role.Reader, p.Name))] });
    }

    private static async Task<RazorComponentResult> ProjectHome(ProjectName project, ProjectStore projects, DatasetCatalog datasets,
        RunLog runs, ModelRegistry models, DeploymentTable deployments, CancellationToken ct) =>
        Page<ProjectPage>(new { View = await ProjectView.LoadAsync(project, projects, datasets, runs, models, deployments, ct) });

    private static async Task<RazorComponentResult> Dataset(ProjectName project, DatasetName dataset, DatasetCatalog datasets,
        IBlobs blobs, CancellationToken ct)
    {
        var versions = (await datasets.ListAsync(project, dataset, new(50), ct)).Items;
        if (versions.Count == 0) throw new Core.NotFoundException("dataset-missing", $"{project} has no version of a dataset '{dataset}'.");
        var readable = versions[0].Columns.Count > 0;
        return Page<DatasetPage>(
            new { Versions = versions, Profile = readable
            ? await blobs.ReadJsonAsync<DatasetProfile>(DatasetPaths.Profile(versions[0].Profile), ct) : null });
    }

    private static async Task<RazorComponentResult> PipelineRun(ProjectName project, string id, RunLog runs, IBlobs blobs,
        ModelRegistry models, IWorkflows workflows, TimeProvider time, CancellationToken ct)
    {
        var view = await RunView.LoadAsync(id, runs, blobs, models, workflows, time, ct);
        return view.Run.Project == project ? Page<RunPage>(new { View = view })
            : throw new Core.NotFoundException("run-missing", $"{project} has no run '{id}'.");
    }

    private static async Task<RazorComponentResult> Version(ProjectName project, ModelName model, int number, ModelRegistry models,
        IBlobs blobs, LineageGraph lineage, CancellationToken ct) =>
        Page<ModelPage>(new { View = await ModelView.LoadAsync(new(project, model, number), models, blobs, lineage, ct) });

    private static async Task<RazorComponentResult> DeploymentHome(ProjectName project, DeploymentName deployment,
        DeploymentTable deployments, InferenceLog log, MonitorLog monitor, IBlobs blobs, TimeProvider time, CancellationToken ct) =>
        Page<DeploymentPage>(
            new { View = await DeploymentView.LoadAsync(new(project, deployment), deployments, log, monitor, blobs, time, ct) });

    private static async Task<RazorComponentResult> Workflows(string? after, HttpContext context, IWorkflows workflows,
        CancellationToken ct)
    {
        var page = await workflows.ListAsync("", 50, after, ct);
        return Page<WorkflowsPage>(
            new { Instances = await new WorkflowOwner(workflows).ReadableAsync(page.Items, Asking(context), ct),
            Next = page.Continuation });
    }

    private static async Task<RazorComponentResult> Workflow(string id, HttpContext context, IWorkflows workflows, TimeProvider time,
        CancellationToken ct)
    {
        var instance = await workflows.FindAsync(id, ct)
            ?? throw new Core.NotFoundException("workflow-missing", $"There is no workflow instance '{id}'.");
        var (caller, project) = (Asking(context), await new WorkflowOwner(workflows).FindAsync(instance, ct));
        caller.Demand(Role.Reader, project);
        var steps = await StepNode.LoadAsync(workflows, id, ct);
        return Page<WorkflowPage>(
            new { Instance = instance, Steps = steps, Now = time.GetUtcNow(), Decision = DecisionView.Of(instance, caller, project) });
    }

    private static async Task<RedirectHttpResult> Decide(string id, [FromForm] string decision, [FromForm] string? comment,
        HttpContext context, IWorkflows workflows, AuditLog audit, CancellationToken ct)
    {
        if (decision is not ("approve" or "reject"))
            throw new Core.InvalidInputException("decision-unknown", $"The decision is 'approve' or 'reject', not '{decision}'.");
        await new Approvals(workflows, audit)
            .DecideAsync(id, decision == "approve", comment is { Length: > 0 } ? comment : null, Asking(context), ct);
        return TypedResults.Redirect($"/workflows/{Uri.EscapeDataString(id)}");
    }

    // Set by what stands before the pages; without it nobody is answered.
    private static Caller Asking(HttpContext context) => context.Features.GetRequiredFeature<Caller>();

    private static RazorComponentResult Page<T>(object parameters) where T : IComponent => new(typeof(T), parameters);
}
