using System.CommandLine;
using TriOps.Cli.Api;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Doctor;
using TriOps.Cli.Output;

namespace TriOps.Cli.Commands;

/// <summary>Checks the machine.</summary>
internal static class DoctorCommand
{
    public static Command Create(Shell shell) =>
        new Command("doctor", "Check what a local host needs, and say what to do about what is missing.")
        .With([Exit.Ok, Exit.Error, Exit.Usage], "triops doctor", "triops doctor --json | jq '.findings[] | select(.health != \"ok\")'")
        .Does(shell, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        var findings = await new Examination(new Machine(), call.State, call.FindAddress).RunAsync(ct);
        var healthy = findings.All(f => f.Health != Health.Failed);
        call.Screen.Result(new { healthy, findings });
        var table = new Sheet("", "check", "found", "what to do").Texts("found", "what to do");
        foreach (var f in findings) table.Row(Mark(f.Health), f.Name, Human.Text(f.Found), Human.Text(f.Todo ?? ""));
        call.Screen.Draw(table);
        return healthy ? Exit.Ok : Exit.Error;
    }

    private static string Mark(Health health) => health switch
    {
        Health.Ok => "[green]ok[/]",
        Health.Warning => "[yellow]note[/]",
        _ => "[red]FAILED[/]",
    };
}
