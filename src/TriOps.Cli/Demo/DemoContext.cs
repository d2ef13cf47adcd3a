using TriOps.Cli.Api;
using TriOps.Cli.Host;
using TriOps.Cli.Output;
using TriOps.Cli.Workflows;
using TriOps.Core.Models;

namespace TriOps.Cli.Demo;

/// <summary>What the stages share.</summary>
internal sealed record DemoContext(ApiClient Api, Screen Screen, TimeProvider Time, StateDirectory State, DemoSample Sample)
{
    public WorkflowFollower Follower => new(Api, Screen, Time);

    /// <summary>The version that serves, or null.</summary>
    public async Task<ModelVersion?> ChampionAsync(CancellationToken ct)
    {
        var model = Sample.Pipeline.Model;
        var aliases = (await Api.ModelsAsync(Sample.Project, ct)).Any(m => m.Model == model)
            ? await Api.AliasesAsync(Sample.Project, model, ct) : [];
        return aliases.FirstOrDefault(a => a.Alias == Aliases.Champion) is { } champion
            ? await Api.ModelVersionAsync(new(Sample.Project, model, champion.Number), ct) : null;
    }
}
