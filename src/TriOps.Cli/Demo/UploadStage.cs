using TriOps.Cli.Api;
using TriOps.Cli.Data;
using TriOps.Cli.Output;
using TriOps.Cli.Workflows;
using TriOps.Core.Workflows;

namespace TriOps.Cli.Demo;

/// <summary>The workflow that follows the sample's upload.</summary>
/// <param name="WorkflowId">Its id.</param>
/// <param name="IsKnown">Whether an earlier demo uploaded the same bytes, so that nothing was sent now.</param>
internal sealed record Upload(string WorkflowId, bool IsKnown);

/// <summary>Applies the project and uploads its table, unless an earlier demo uploaded the same bytes.</summary>
internal static class UploadStage
{
    public static async Task<Upload> RunAsync(DemoContext demo, CancellationToken ct)
    {
        var sample = demo.Sample;
        var project = await demo.Api.ApplyProjectAsync(sample.Project, sample.Yaml, ct);
        demo.Screen.Line($"project [bold]{project.Name}[/], revision {project.Revision}: {Human.Text(project.File.Description ?? "")}");

        var sha = await DemoMemory.HashAsync(sample.Csv, ct);
        if (DemoMemory.Read(demo.State, sample.Scenario.Name) is { } earlier && earlier.Sha256 == sha
            && await StandsAsync(demo.Api, earlier.WorkflowId, ct))
        {
            demo.Screen.Line($"{sample.Scenario.File} is unchanged since it was uploaded: nothing to send.");
            return new(earlier.WorkflowId, true);
        }

        var pushed = await new DatasetPush(demo.Api, demo.Screen).PushAsync(sample.Project, sample.Dataset, sample.Csv, ct);
        demo.Screen.Line(
            $"{Human.Text(pushed.File)} is in inbox/{sample.Project}/{sample.Dataset}/, put there with one plain blob request.");
        var id = await new IngestFinder(demo.Api, demo.Time).WaitAsync(sample.Project, sample.Dataset, pushed.File, pushed.ETag, ct);
        demo.Screen.Line($"the blob trigger started {Human.Text(id)}");
        new DemoMemory(sha, id).Write(demo.State, sample.Scenario.Name);
        return new(id, false);
    }

    /// <summary>Whether the workflow is there and has not failed; a failed one is no reason not to upload again.</summary>
    private static async Task<bool> StandsAsync(ApiClient api, string id, CancellationToken ct)
    {
        try { return (await api.WorkflowAsync(id, ct)).Status is not (WorkflowStatus.Failed or WorkflowStatus.Terminated); }
        catch (ApiException e) when (e.Status == 404) { return false; }
    }
}
