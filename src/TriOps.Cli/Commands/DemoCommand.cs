using System.CommandLine;
using TriOps.Cli.Api;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Demo;
using TriOps.Cli.Host;
using TriOps.Cli.Output;
using TriOps.Core.Settings;

namespace TriOps.Cli.Commands;

/// <summary>The whole loop, on this machine, with one command.</summary>
internal static class DemoCommand
{
    private static readonly Option<bool> Fresh =
        new("--fresh") { Description = "Start over: delete the state directory first (only one that triops made)." };
    private static readonly Option<bool> End =
        new("--exit") { Description = "Stop the host at the end, instead of leaving it up until Ctrl-C." };
    private static readonly Option<int> Port =
        new Option<int>("--port") { Description = "The API's port; 0 takes a free one.", HelpName = "PORT",
        DefaultValueFactory = _ => 0 }.Within(0, 65535);

    private static readonly Option<string> Sample =
        new("--project") { Description = "Which sample.", HelpName = "NAME", DefaultValueFactory = _ => DemoScenario.All[0].Name };

    private static readonly Option<int> Rows = new Option<int>("--rows") { Description = "Rows of a sample that is generated (churn).",
        HelpName = "N", DefaultValueFactory = _ => 100_000 }.Within(2_000, 10_000_000);

    static DemoCommand() => Sample.AcceptOnlyFromAmong([.. DemoScenario.All.Select(s => s.Name)]);

    public static Command Create(Shell shell) =>
        new Command("demo",
        "Show the whole loop on this machine: an uploaded file becomes a served, watched model, traffic drifts, and the model is trained "
        + "again. A second run keeps its state.")
    {
        Sample, Rows, Fresh, End, Port,
    }.With([Exit.Ok, Exit.Error, Exit.Usage, Exit.Refused, Exit.Interrupted], "triops demo", "triops demo --project churn --rows 20000",
    "triops demo --fresh --exit --json").Does(shell, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        var clock = new StageClock(call.Screen, call.Shell.Time);
        var scenario = DemoScenario.Of(call.Get(Sample)!);
        var folder = SampleFolder.Find(scenario.Name, call.Shell.Directory, AppContext.BaseDirectory);
        if (call.Get(Fresh)) call.State.DeleteIfOurs();

        var program = new[] { HostProgram.Dotnet(), HostProgram.Find(AppContext.BaseDirectory) };
        await using var host = await clock.RunAsync("host", "0 Host: storage, triggers, workflows, API and pages",
            () => call.Screen.StatusAsync("starting",
            now => HostProcess.StartAsync(call.State, call.Get(Port), program, now, call.Screen.HostTrouble, ct)));
        call.Screen.Line(
            $"{(host.IsOwn ? "up" : "was up already")}: [bold]{Human.Text(host.Url)}[/]  (state in {Human.Text(call.State.Path)})");

        using var api = new ApiClient(host.Url, call.Shell.Variable(SettingNames.ApiKey));
        DemoSummary summary;
        try
        {
            var sample = await DemoSample.LoadAsync(scenario, folder, call.Get(Rows), call.State.Path, ct);
            summary = await new DemoRun(new DemoContext(api, call.Screen, call.Shell.Time, call.State, sample), clock).RunAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            call.Screen.Line(host.IsOwn ? "Stopped. The state is kept: what was running goes on when the host starts again."
                : "Stopped following. The host goes on.");
            throw;
        }
        catch (Exception e) when (Actions.Explain(e) is { } failure)
        {
            throw new CliException(failure.ExitCode, failure.Code, $"The demo stopped at '{clock.Current}'. {failure.Message}",
                failure.Details.Count > 0 ? failure.Details : host.LastLines);
        }
        call.Screen.Line();
        clock.Print();
        call.Screen.Result(summary);
        return await LeaveAsync(call, host, ct);
    }

    private static async Task<int> LeaveAsync(Call call, HostProcess host, CancellationToken ct)
    {
        if (call.Get(End) || !host.IsOwn)
        {
            call.Screen.Line(host.IsOwn ? "Done. The state is kept; 'triops up' starts the host again."
                : $"Done. The host that was up stays up: {Human.Text(host.Url)}");
            return Exit.Ok;
        }
        call.Screen.Line($"The host stays up: [bold]{Human.Text(host.Url)}[/] has its pages. Ctrl-C stops all of it.");
        return await HostWatch.StayAsync(host, call.State, ct);
    }
}
