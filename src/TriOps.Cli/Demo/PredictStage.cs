using TriOps.Cli.Data;
using TriOps.Cli.Output;
using TriOps.Core.Models;
using TriOps.Core;

namespace TriOps.Cli.Demo;

/// <summary>Asks the deployment as an application would: by column names, then by the Open Inference Protocol.</summary>
internal static class PredictStage
{
    private const int Shown = 5;

    public static async Task<bool> RunAsync(DemoContext demo, ModelVersion champion, IReadOnlyList<Dictionary<string, string?>> rows,
        CancellationToken ct)
    {
        var (signature, target) = (champion.Artifacts.Signature.Table, demo.Sample.Deployment);
        var asked = Enumerable.Range(0, Shown).Select(i => rows[(int)((long)i * rows.Count / Shown)]).ToArray();
        var start = demo.Time.GetTimestamp();
        var answer = await demo.Api.PredictAsync(target, [.. asked.Select(r => ModelRows.ForPredict(signature, r))], ct);
        var took = demo.Time.GetElapsedTime(start);
        demo.Screen.Line(
            $"POST {demo.Screen.Address(new(demo.Api.Address, $"api/projects/{target.Project}/deployments/{target.Name}/predict"))}: "
            + $"{Shown} rows in {took.TotalMilliseconds:0} ms, revision {answer.Revision}, model version {answer.ModelVersion}");
        var table = new Sheet("prediction", "probability", "in the file", "id").Numbers("probability").Optional("id");
        foreach (var (p, row) in answer.Items.Zip(asked))
            table.Row(Human.Text(p.Label ?? Human.Number(p.Value ?? double.NaN)), p.Label is not null
                && p.Probabilities?.TryGetValue(p.Label, out var share) == true ? Human.Number(share)
                : "", Human.Text(row[signature.Label]), Human.Text(p.Id));
        demo.Screen.Draw(table);

        var infer = await demo.Api.InferAsync(target, ModelRows.ForInfer(signature, [asked[0]]), ct);
        demo.Screen.Line($"POST {demo.Screen.Address(new(demo.Api.Address, $"v2/models/{target.Project}.{target.Name}/infer"))} (Open "
            + $"Inference Protocol v2), first row:");
        foreach (var output in infer.GetProperty("outputs").EnumerateArray())
            demo.Screen.Line($"  {Human.Text(output.GetProperty("name"))} {Human.Text(output.GetProperty("datatype"))} "
                + $"{Human.Text(output.GetProperty("shape").GetRawText())} = {Human.Text(output.GetProperty("data").GetRawText())}");
        return true;
    }
}
