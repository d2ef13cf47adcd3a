using TriOps.Core.Names;
using TriOps.Core.Storage;

namespace TriOps.Core.Deployments;

/// <summary>The deployments: small documents that serving reads and DeployModel changes.</summary>
public sealed class DeploymentTable(IDocuments<Deployment> deployments)
{
    /// <summary>The deployment.</summary>
    /// <exception cref="NotFoundException">There is none of that name.</exception>
    public async Task<Deployment> GetAsync(DeploymentRef name, CancellationToken ct) => await FindAsync(name, ct) ?? throw Missing(name);

    /// <summary>The deployment, or null.</summary>
    public async Task<Deployment?> FindAsync(DeploymentRef name, CancellationToken ct) =>
        (await deployments.FindAsync(Key(name), ct))?.Value;

    /// <summary>Changes or creates a deployment, atomically; <paramref name="change"/> may run more than once and returns null, or what it
    /// was given, for "as it is".</summary>
    public async Task<Deployment> UpdateAsync(DeploymentRef name, Func<Deployment?, Deployment?> change, CancellationToken ct) =>
        await deployments.UpdateAsync(Key(name), current => change(current) is { } next && !ReferenceEquals(next, current) ? next
            : null, ct) ?? throw Missing(name);

    /// <summary>A project's deployments by name.</summary>
    public async Task<Page<Deployment>> ListAsync(ProjectName project, PageRequest page, CancellationToken ct)
    {
        var found = await deployments.ListAsync(project.Value, page, ct);
        return new([.. found.Items.Select(d => d.Value)], found.Continuation);
    }

    private static DocumentKey Key(DeploymentRef name) => new(name.Project.Value, name.Name.Value);

    private static NotFoundException Missing(DeploymentRef name) =>
        new("deployment-missing",
            $"There is no deployment {name}. It appears when a model version passes its gate, or with 'triops deploy MODEL:VERSION'.");
}
