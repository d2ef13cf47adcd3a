using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Deployments;
using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Projects;

namespace TriOps.Api.Resources;

/// <summary>Asks for a deployment. What is absent comes from the deploy part of the pipeline that trains the model, and from its
/// defaults.</summary>
/// <param name="Project">Whose.</param>
/// <param name="Model">Which model.</param>
/// <param name="Version">A version's number, or an alias.</param>
/// <param name="Deployment">Where to; the model's name when no pipeline says otherwise.</param>
/// <param name="Strategy">immediate or canary.</param>
/// <param name="Steps">Canary percentages, 1 to 99, ascending.</param>
/// <param name="Hold">How long each step lasts: "30s", "10m", or "00:10:00".</param>
/// <param name="Approval">How long to wait for a person, written the same way.</param>
internal sealed record DeployBody(ProjectName? Project, ModelName? Model, JsonElement? Version, DeploymentName? Deployment,
    Strategy? Strategy, IReadOnlyList<int>? Steps, string? Hold, string? Approval)
{
    private static readonly MonitorSpec DefaultMonitor =
        new("0 * * * *", 100, 0.2, 0.01, 0, new RetrainSpec(false, TimeSpan.FromDays(1), 100));

    /// <summary>The version that is meant.</summary>
    /// <exception cref="InvalidInputException">Project, model or version is missing or cannot be read.</exception>
    /// <exception cref="NotFoundException">There is no such version or alias.</exception>
    public async Task<ModelVersion> FindAsync(ModelRegistry registry, CancellationToken ct)
    {
        if (Project is not { } project || Model is not { } model) throw Invalid("'project' and 'model' are needed.");
        var text = Version switch
            { { ValueKind: JsonValueKind.Number } v => v.GetRawText(), { ValueKind: JsonValueKind.String } v => v.GetString()!,
            _ => throw Invalid("'version' is missing: a version's number, or an alias such as \"challenger\".") };
        if (int.TryParse(text, out var number)) return await registry.GetAsync(new(project, model, number), ct);
        if (!NameRule.TryParse<ModelName>(text, out _))
            throw Invalid($"'{(text.Length <= 80 ? text : text[..80] + "…")}' is neither a version's number nor an alias.");
        return await registry.FindByAliasAsync(project, model, text, ct)
            ?? throw new NotFoundException("alias-missing",
            $"Model {project}/{model} has no alias '{text}'. 'triops models' lists those there are.");
    }

    /// <summary>Where and how.</summary>
    /// <param name="file">The model's project.</param>
    /// <exception cref="InvalidInputException">Steps or durations cannot be used.</exception>
    public DeploySpec Spec(ProjectFile file)
    {
        // A deployment's own rules first, whichever model is to go there: its approval is not got round by another pipeline's.
        var all = file.Pipelines.Values.Where(p => p.Deploy is not null).ToList();
        var known = all.FirstOrDefault(p => p.Deploy!.Name == Deployment)?.Deploy ?? all.FirstOrDefault(p => p.Model == Model)?.Deploy
            ?? new DeploySpec(DeploymentName.Parse(Model!.Value.Value), Core.Projects.Strategy.Canary, [10, 50], TimeSpan.FromMinutes(5),
            null, new HealthSpec(), DefaultMonitor);
        if (Steps is not null && Steps.Where((s, i) => s is < 1 or > 99 || (i > 0 && s <= Steps[i - 1])).Any())
            throw Invalid($"'steps' [{string.Join(", ", Steps)}] must be percentages from 1 to 99, each larger than the one before.");
        return known with
        {
            Name = Deployment ?? known.Name,
            Strategy = Strategy ?? known.Strategy,
            Steps = Steps ?? known.Steps,
            Hold = Time(Hold, "hold") ?? known.Hold,
            Approval = Time(Approval, "approval") ?? known.Approval,
        };
    }

    private static TimeSpan? Time(string? text, string name)
    {
        if (text is null) return null;
        if (Duration.TryParse(text, out var duration)) return duration;
        return TimeSpan.TryParseExact(text, "c", null, out duration) && duration >= TimeSpan.Zero && duration <= Duration.Max ? duration
            : throw Invalid($"'{name}' is not a duration of at most a year. Write a whole number and a unit: 30s, 10m, 2h, 1d.");
    }

    private static InvalidInputException Invalid(string message) => new("deployment-invalid", message);
}
