using Spectre.Console;
using TriOps.Cli.Api;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;

namespace TriOps.Cli.Workflows;

/// <summary>Follows a workflow to its end, showing its steps as they run.</summary>
internal sealed class WorkflowFollower(ApiClient api, Screen screen, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    /// <summary>How long the host may be away, as when its storage restarts, before following it fails.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>How long a workflow may take to appear after its id was given out.</summary>
    private static readonly TimeSpan Appearance = TimeSpan.FromSeconds(30);

    /// <summary>Shows the workflow until it and all below it has ended.</summary>
    /// <exception cref="CliException">It failed or was terminated (exit 1).</exception>
    public async Task<WorkflowNode> FollowAsync(string id, CancellationToken ct)
    {
        var node = screen.IsLive ? await FollowLiveAsync(id, ct) : await FollowPlainAsync(id, ct);
        if (node.Instance.Failure is { } failure)
            throw new CliException(Exit.Error, "workflow-failed",
                $"{StepWords.For(node.Instance.Workflow)} {id} failed: {failure.Message}", Reasons(node));
        return node;
    }

    private async Task<WorkflowNode> FollowLiveAsync(string id, CancellationToken ct)
    {
        WorkflowNode? last = null;
        await screen.Console.Live(new Text("")).AutoClear(true).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Top)
            .StartAsync(async live =>
        {
            await foreach (var node in SnapshotsAsync(id, ct))
            {
                last = node;
                live.UpdateTarget(TreeView.Render(TreeLine.Of(node, time.GetUtcNow())));
            }
        });
        screen.Draw(TreeView.Render(TreeLine.Of(last!, time.GetUtcNow())));
        return last!;
    }

    private async Task<WorkflowNode> FollowPlainAsync(string id, CancellationToken ct)
    {
        var plain = new PlainProgress(screen);
        WorkflowNode? last = null;
        await foreach (var node in SnapshotsAsync(id, ct)) plain.Show(TreeLine.Of(last = node, time.GetUtcNow()));
        return last!;
    }

    /// <summary>The tree again and again, the ended one last.</summary>
    private async IAsyncEnumerable<WorkflowNode> SnapshotsAsync(string id,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var reader = new WorkflowReader(api);
        var (start, silentSince) = (time.GetTimestamp(), (long?)null);
        while (true)
        {
            WorkflowNode? node = null;
            try
            {
                node = await reader.ReadAsync(id, ct);
                silentSince = null;
            }
            catch (Exception e) when (e is HttpRequestException or ApiException { Status: >= 500 })
            {
                silentSince ??= time.GetTimestamp();
                if (time.GetElapsedTime(silentSince.Value) > Patience) throw;
            }
            if (node is not null) yield return node;
            if (node is not null && node.All().All(n => n.Instance.IsEnded)) yield break;
            if (node is null && silentSince is null && time.GetElapsedTime(start) > Appearance)
                throw new CliException(Exit.NotFound, "workflow-missing",
                    $"There is no workflow '{id}'. 'triops status' lists those there are.");
            await Task.Delay(Pause, time, ct);
        }
    }

    private static IReadOnlyList<string> Reasons(WorkflowNode node) =>
        [.. node.All().Skip(1).Where(n => n.Instance.Failure is not null)
            .Select(n => $"{StepWords.For(n.Instance.Workflow)} {n.Instance.InstanceId}: {n.Instance.Failure!.Message}")];
}
