using System.Globalization;
using System.Text.Json;
using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Models;

namespace TriOps.EndToEnd.Tests;

/// <summary>What a pipeline came to, without times and ids that differ from run to run: two runs of the same input must agree.</summary>
internal static class PipelineOutcome
{
    public static async Task<IReadOnlyList<string>> ReadAsync(HostUnderTest host, string project, string dataset, string model)
    {
        var lines = new List<string>();
        foreach (var v in await Items<DatasetVersion>(host, $"/api/projects/{project}/datasets/{dataset}/versions"))
            lines.Add($"data {v.Number} {v.Status} {v.Manifest} {v.Rows} rows {v.Bytes} bytes, profile {v.Profile}");
        foreach (var run in await Items<Run>(host, $"/api/projects/{project}/runs"))
        {
            lines.Add($"run {run.Pipeline} {run.Data} {run.Status} best {run.BestTrial} version {run.ModelVersion}");
            foreach (var t in await Items<Trial>(host, $"/api/runs/{run.Id}/trials"))
                lines.Add(
                    string.Create(CultureInfo.InvariantCulture,
                    $"trial {t.Number} {t.Family} {t.Status} {t.Objective:R} {t.Artifacts?.Files.Graph.Id} "
                    + $"{JsonSerializer.Serialize(t.Parameters)}"));
        }
        foreach (var v in await Items<ModelVersion>(host, $"/api/projects/{project}/models/{model}/versions"))
            lines.Add(
                string.Create(CultureInfo.InvariantCulture,
                $"model {v.Number} {v.Status} {v.Artifacts.Files.Graph.Id} "
                + $"{string.Join(' ', v.Metrics.Select(m => $"{m.Name}={m.Value:R}[{m.Low:R},{m.High:R}]"))} gate {v.Gate.Passed} "
                + $"baseline {v.Baseline}"));
        foreach (var d in await Items<Core.Deployments.Deployment>(host, $"/api/projects/{project}/deployments"))
            lines.AddRange(
                d.Revisions.Select(
                r => $"revision {r.Number} of {r.Version} {r.State} {r.Traffic} %{(r.Reason is null ? "" : $": {r.Reason}")}"));
        var audit = (await Items<Core.Governance.AuditEvent>(host, "/api/audit")).Select(e => $"audit {e.Action} {e.Subject}")
            .Order(StringComparer.Ordinal);
        return [.. lines, .. audit];
    }

    private static async Task<List<T>> Items<T>(HostUnderTest host, string url) =>
        (await host.GetAsync<JsonElement>(url)).GetProperty("items").Deserialize<List<T>>(Core.TriOpsJson.Options)!;
}
