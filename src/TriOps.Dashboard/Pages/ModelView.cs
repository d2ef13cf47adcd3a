using TriOps.Core.Evaluations;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Storage;

namespace TriOps.Dashboard.Pages;

/// <summary>What the page of a model version shows.</summary>
public sealed record ModelView(ModelVersion Version, Evaluation Evaluation, IReadOnlyList<ModelAlias> Aliases, LineageNode Node,
    IReadOnlyList<LineageEdge> Lineage, string Card)
{
    /// <summary>Reads it.</summary>
    public static async Task<ModelView> LoadAsync(ModelVersionRef reference, ModelRegistry models, IBlobs blobs, LineageGraph lineage,
        CancellationToken ct)
    {
        var version = await models.GetAsync(reference, ct);
        var node = new LineageNode("model-version", reference.ToString());
        var aliases = await models.AliasesAsync(reference.Project, reference.Model, ct);
        var evaluation = await blobs.ReadJsonAsync<Evaluation>(ModelPaths.Evaluation(version.Evaluation), ct);
        var card = System.Text.Encoding.UTF8.GetString(await blobs.ReadBytesAsync(ModelPaths.Card(reference), ct));
        return new(version, evaluation, [.. aliases.Where(a => a.Number == version.Number)], node, await lineage.WalkAsync(node, ct), card);
    }
}
