using System.Globalization;
using TriOps.Core.Governance;
using TriOps.Core.Names;
using TriOps.Core.Storage;

namespace TriOps.Core.Models;

/// <summary>Model versions and the aliases that point at them.</summary>
public sealed class ModelRegistry(IDocuments<ModelVersion> versions, IDocuments<ModelEntry> models, IDocuments<ModelAlias> aliases,
    AuditLog audit, TimeProvider time)
{
    /// <summary>Registers a version under the next number, or returns the one this run registered before.</summary>
    public async Task<ModelVersion> RegisterAsync(ProjectName project, ModelName model, string runId, Func<int, ModelVersion> build,
        CancellationToken ct)
    {
        await models.GetOrInsertAsync(new(project.Value, model.Value), new ModelEntry(project, model), ct);
        while (true)
        {
            ModelVersion? newest = null;
            await foreach (var row in versions.AllAsync(Partition(project, model), ct))
            {
                if (row.Value.RunId == runId) return row.Value;
                newest ??= row.Value;
            }
            var next = build((newest?.Number ?? 0) + 1);
            try { return (await versions.InsertAsync(new(Partition(project, model), Rows.Descending(next.Number)), next, ct)).Value; }
            catch (ConflictException) { /* Another run took the number: read again what stands now. */ }
        }
    }

    /// <summary>The version.</summary>
    /// <exception cref="NotFoundException">There is none of that number.</exception>
    public async Task<ModelVersion> GetAsync(ModelVersionRef version, CancellationToken ct) =>
        (await versions.FindAsync(new(Partition(version.Project, version.Model), Rows.Descending(version.Number)), ct))?.Value
        ?? throw new NotFoundException("model-version-missing",
        $"There is no model version {version}. 'triops models' lists those there are.");

    /// <summary>Versions, newest first.</summary>
    public async Task<Page<ModelVersion>> ListAsync(ProjectName project, ModelName model, PageRequest page, CancellationToken ct)
    {
        var found = await versions.ListAsync(Partition(project, model), page, ct);
        return new([.. found.Items.Select(d => d.Value)], found.Continuation);
    }

    /// <summary>A project's models by name.</summary>
    public async Task<Page<ModelEntry>> ListModelsAsync(ProjectName project, PageRequest page, CancellationToken ct)
    {
        var found = await models.ListAsync(project.Value, page, ct);
        return new([.. found.Items.Select(d => d.Value)], found.Continuation);
    }

    /// <summary>The version an alias points at, or null.</summary>
    public async Task<ModelVersion?> FindByAliasAsync(ProjectName project, ModelName model, string alias, CancellationToken ct) =>
        (await aliases.FindAsync(new(Partition(project, model), alias), ct))?.Value is { } found
            ? await GetAsync(new(project, model, found.Number), ct) : null;

    /// <summary>Every alias of a model.</summary>
    public async Task<IReadOnlyList<ModelAlias>> AliasesAsync(ProjectName project, ModelName model, CancellationToken ct)
    {
        var found = new List<ModelAlias>();
        await foreach (var alias in aliases.AllAsync(Partition(project, model), ct)) found.Add(alias.Value);
        return found;
    }

    /// <summary>Points an alias at a version. Pointing it where it already points changes nothing; the audit log has the change once,
    /// however often it is asked for.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    /// <exception cref="ConflictException">The alias is <see cref="Aliases.Champion"/>, and the version was refused by its gate (code
    /// model-rejected).</exception>
    public async Task SetAliasAsync(ModelVersionRef version, string alias, string actor, CancellationToken ct)
    {
        var target = await GetAsync(version, ct);
        if (alias == Aliases.Champion && target.Status == ModelStatus.Rejected)
            throw new ConflictException("model-rejected",
                $"{version} was refused by its gate and cannot be the {Aliases.Champion}: "
                + $"{string.Join(" ", target.Gate.Checks.Where(c => !c.Passed).Select(c => c.Message))} Train a better version, or change "
                + $"the gate and train again.");
        var stands = await aliases.UpdateAsync(new(Partition(version.Project, version.Model), alias), current =>
            current?.Number == version.Number ? null : new ModelAlias(alias, version.Number, time.GetUtcNow(), actor, current?.Number), ct);
        if (stands?.SetBy == actor) // Also when a call before this one was interrupted: the same event again.
            await audit.WriteAsync(actor, "model.alias", version.ToString(),
            new Dictionary<string, string> { ["alias"] = alias, ["before"] = stands.Before?.ToString(CultureInfo.InvariantCulture)
            ?? "none" }, ct, stands.SetAt);
    }

    private static string Partition(ProjectName project, ModelName model) => $"{project}:{model}";
}

/// <summary>A model that exists.</summary>
public sealed record ModelEntry(ProjectName Project, ModelName Model);

/// <summary>A name that points at a version.</summary>
/// <param name="Alias">The name.</param>
/// <param name="Number">The version's.</param>
/// <param name="SetAt">Since when.</param>
/// <param name="SetBy">Who pointed it there; null in documents older than this note.</param>
/// <param name="Before">The version it pointed at before, or null.</param>
public sealed record ModelAlias(string Alias, int Number, DateTimeOffset SetAt, string? SetBy = null, int? Before = null);
