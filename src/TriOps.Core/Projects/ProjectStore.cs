using TriOps.Core.Governance;
using TriOps.Core.Names;
using TriOps.Core.Storage;

namespace TriOps.Core.Projects;

/// <summary>The projects, each as its triops.yaml was last applied.</summary>
public sealed class ProjectStore(IDocuments<Project> projects, AuditLog audit, TimeProvider time)
{
    private const string Partition = "projects";

    /// <summary>Creates or changes a project. The same text again changes nothing.</summary>
    /// <returns>The project as it is now, and whether this call made it: of two at the same time, one did.</returns>
    /// <exception cref="InvalidInputException">The file has mistakes; the message lists them with their lines.</exception>
    public async Task<AppliedProject> ApplyAsync(string yaml, string actor, CancellationToken ct)
    {
        var file = ProjectFileParser.Parse(yaml);
        var now = time.GetUtcNow();
        var (changed, isNew) = (false, false);
        var project = await projects.UpdateAsync(new(Partition, file.Project.Value), current =>
        {
            (changed, isNew) = (current?.Yaml != yaml, current is null);
            return !changed ? null : new Project(file.Project, file, yaml, (current?.Revision ?? 0) + 1, current?.CreatedAt ?? now, now);
        }, ct);
        if (changed)
            await audit.WriteAsync(actor, "project.apply", file.Project.Value,
                new Dictionary<string, string> { ["revision"] = $"{project!.Revision}" }, ct);
        return new(project!, isNew);
    }

    /// <summary>The project.</summary>
    /// <exception cref="NotFoundException">There is none of that name.</exception>
    public async Task<Project> GetAsync(ProjectName name, CancellationToken ct) =>
        await FindAsync(name, ct)
            ?? throw new NotFoundException("project-missing",
            $"There is no project '{name}'. Apply its triops.yaml first: triops init, then triops up.");

    /// <summary>The project, or null.</summary>
    public async Task<Project?> FindAsync(ProjectName name, CancellationToken ct) =>
        (await projects.FindAsync(new(Partition, name.Value), ct))?.Value;

    /// <summary>Projects by name.</summary>
    public async Task<Page<Project>> ListAsync(PageRequest page, CancellationToken ct)
    {
        var found = await projects.ListAsync(Partition, page, ct);
        return new([.. found.Items.Select(d => d.Value)], found.Continuation);
    }
}

/// <summary>What applying a triops.yaml led to.</summary>
/// <param name="Project">As it is now.</param>
/// <param name="IsNew">There was none of that name.</param>
public sealed record AppliedProject(Project Project, bool IsNew);
