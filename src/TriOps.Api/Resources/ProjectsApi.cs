using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using TriOps.Api.Http;
using TriOps.Api.Security;
using TriOps.Core;
using TriOps.Core.Governance;
using TriOps.Core.Names;
using TriOps.Core.Projects;

namespace TriOps.Api.Resources;

/// <summary>/api/projects.</summary>
internal static class ProjectsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapRead("/projects", List, "Projects by name");
        api.MapRead("/projects/{p}", Get, "A project and its file");
        api.MapPut("/projects/{p}", Apply).WithSummary("Creates or changes a project from the text of its triops.yaml").WithErrors(400, 403)
            .Accepts<string>("application/yaml", "text/plain").Produces<Project>().Produces<Project>(201).WithBodyLimit(1 << 20)
            .For(RouteRole.Contributor);
    }

    /// <summary>The schema editors check triops.yaml with; outside /api, where its address is written into project files.</summary>
    public static void MapSchema(IEndpointRouteBuilder root) =>
        root.MapRead("/schemas/triops.schema.json", Schema, "The JSON Schema of triops.yaml", RouteRole.Anyone).WithTags("Projects")
        .Produces<string>(200, "application/schema+json");

    private static TaggedText Schema() => new(Encoding.UTF8.GetBytes(ProjectSchema.Json), "application/schema+json");

    private static async Task<Ok<Listing<Project>>> List(Paging paging, HttpContext context, ProjectStore projects, CancellationToken ct)
    {
        var page = await projects.ListAsync(paging.Request, ct);
        return TypedResults.Ok(Paging.List(page with { Items = [.. page.Items.Where(p => context.Caller().May(Role.Reader, p.Name))] }));
    }

    private static async Task<Tagged<Project>> Get(ProjectName p, ProjectStore projects, CancellationToken ct) =>
        Tagged.Of(await projects.GetAsync(p, ct));

    private static async Task<IResult> Apply(ProjectName p, HttpContext context, ProjectStore projects, CancellationToken ct)
    {
        var yaml = await TextBody.ReadAsync(context);
        var file = ProjectFileParser.Parse(yaml);
        if (file.Project is var named && named != p)
            throw new InvalidInputException("project-name-differs",
                $"The file is of project '{named}', but was sent to '{p}'. Apply it with 'triops apply', or change its 'project'.");
        if (await projects.FindAsync(p, ct) is { } current && ApprovalRules.Loosened(current.File, file) is { Count: > 0 } loosened
            && !context.Caller().May(Role.Approver, p))
            throw new ForbiddenException("approval-loosened",
                $"The file asks for less approval than stands: of {string.Join(", ", loosened)}. That takes the role approver on project "
                + $"'{p}'; keep 'approval' as it is, or ask an approver to apply the file.");
        var (project, isNew) = await projects.ApplyAsync(yaml, context.Caller().Name, ct);
        return isNew ? TypedResults.Created($"/api/projects/{p}", project) : TypedResults.Ok(project);
    }
}
