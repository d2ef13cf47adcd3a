using TriOps.Cli.Output;
using TriOps.Core.Governance;
using TriOps.Core.Models;

namespace TriOps.Cli.Demo;

/// <summary>Shows the champion: its metrics, its gate, its card and where it comes from.</summary>
internal static class ModelStage
{
    public static async Task<bool> RunAsync(DemoContext demo, ModelVersion champion, CancellationToken ct)
    {
        ModelReport.Metrics(demo.Screen, champion);
        ModelReport.Gate(demo.Screen, champion.Gate);
        demo.Screen.Line($"model card: {demo.Screen.Address(demo.Api.CardUrl(champion.Ref))}");
        demo.Screen.Line($"            blob {Human.Text(champion.Card)}");
        ModelReport.Lineage(demo.Screen,
            await demo.Api.LineageAsync(demo.Sample.Project, new LineageNode("model-version", champion.Ref.ToString()), ct));
        return true;
    }
}
