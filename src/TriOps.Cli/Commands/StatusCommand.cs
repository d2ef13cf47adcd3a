using System.CommandLine;
using Spectre.Console;
using TriOps.Cli.Api;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;
using TriOps.Cli.Workflows;
using TriOps.Core.Workflows;

namespace TriOps.Cli.Commands;

/// <summary>Shows the workflows and their steps.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly Option<bool> Watch =
        new("--watch", "-w") { Description = "Keep showing until Ctrl-C; with --json, one line for every change." };
    private static readonly Option<int> Limit =
        new Option<int>("--limit") { Description = "How many workflows.", HelpName = "N", DefaultValueFactory = _ => 8 }.Within(1, 100);

    public static Command Create(Shell shell) =>
        new Command("status", "Show the workflows and their steps: those that run, and the last that ended.") { Watch, Limit }
        .With([Exit.Ok, Exit.Error, Exit.Usage, Exit.Unreachable, Exit.NotAllowed], "triops status --watch")
        .Does(shell, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        var reader = new WorkflowReader(call.Api);
        if (!call.Get(Watch))
        {
            Print(call, await ReadAsync(call, reader, ct));
            return Exit.Ok;
        }
        try { await (call.Screen.IsLive ? WatchLiveAsync(call, reader, ct) : WatchPlainAsync(call, reader, ct)); }
        catch (OperationCanceledException) when (ct.IsCancellationRequested) { /* Ctrl-C is how a watch ends. */ }
        return Exit.Ok;
    }

    private static async Task WatchLiveAsync(Call call, WorkflowReader reader, CancellationToken ct)
    {
        await call.Screen.Console.Live(new Text("")).Overflow(VerticalOverflow.Crop).StartAsync(async live =>
        {
            while (true)
            {
                var now = call.Shell.Time.GetUtcNow();
                live.UpdateTarget(new Rows((await ReadAsync(call, reader, ct)).Select(n => TreeView.Render(Line(n, now)))));
                await Task.Delay(Pause, call.Shell.Time, ct);
            }
        });
    }

    private static async Task WatchPlainAsync(Call call, WorkflowReader reader, CancellationToken ct)
    {
        var before = "";
        while (true)
        {
            var nodes = await ReadAsync(call, reader, ct);
            var state =
                string.Join(';', nodes.SelectMany(n => n.All())
                .Select(n => $"{n.Instance.InstanceId}={n.Instance.Status}/{n.Steps.Count(s => s.EndedAt is not null)}"));
            if (state != before) Print(call, nodes);
            before = state;
            await Task.Delay(Pause, call.Shell.Time, ct);
        }
    }

    private static async Task<IReadOnlyList<WorkflowNode>> ReadAsync(Call call, WorkflowReader reader, CancellationToken ct)
    {
        var roots = (await call.Api.WorkflowsAsync("", 200, ct)).Where(w => w.ParentId is null).OrderBy(w => w.IsEnded)
            .ThenByDescending(w => w.CreatedAt).Take(call.Get(Limit));
        var nodes = new List<WorkflowNode>();
        foreach (var root in roots)
            if (await reader.ReadAsync(root.InstanceId, ct) is { } node) nodes.Add(node);
        return nodes;
    }

    private static void Print(Call call, IReadOnlyList<WorkflowNode> nodes)
    {
        call.Screen.Result(new { items = nodes.Select(Machine) });
        if (nodes.Count == 0) call.Screen.Line("No workflow yet. Uploads start them: triops data push FILE.csv");
        foreach (var node in nodes) call.Screen.Draw(TreeView.Render(Line(node, call.Shell.Time.GetUtcNow())));
    }

    private static TreeLine Line(WorkflowNode node, DateTimeOffset now)
    {
        var line = TreeLine.Of(node, now);
        return line with { Text = $"{line.Text}  ({node.Instance.InstanceId}, {Human.Time(node.Instance.CreatedAt)})" };
    }

    private static MachineNode Machine(WorkflowNode node) =>
        new(node.Instance.InstanceId, node.Instance.Workflow, node.Instance.Status, node.Instance.CreatedAt,
        node.Instance.UpdatedAt, node.Phase,
        node.Instance.Failure, node.Steps, [.. node.Children.Values.Select(Machine)]);

    private sealed record MachineNode(string Id, string Workflow, WorkflowStatus Status, DateTimeOffset CreatedAt,
        DateTimeOffset UpdatedAt, WorkflowProgress? Phase, StepFailure? Failure,
        IReadOnlyList<WorkflowStep> Steps, IReadOnlyList<MachineNode> Children);
}
