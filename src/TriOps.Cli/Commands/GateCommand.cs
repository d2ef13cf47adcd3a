using System.CommandLine;
using System.Globalization;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;
using TriOps.Cli.Workflows;
using TriOps.Core.Models;
using TriOps.Core.Names;

namespace TriOps.Cli.Commands;

/// <summary>Asks for the gate's verdict on a model version, so that a CI can end with it.</summary>
internal static class GateCommand
{
    private static readonly Argument<string> Project = new("project") { Description = "The project." };
    private static readonly Argument<string?> Model =
        new("model") { Description = "The model; left out with --run.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Version =
        new("--version") { Description = "A version's number or alias. Default: the newest.", HelpName = "N|ALIAS" };
    private static readonly Option<string?> Run = new("--run") { Description = "The run whose version is meant.", HelpName = "RUNID" };
    private static readonly Option<bool> Wait = new("--wait") { Description = "With --run: wait until the run has ended." };
    private static readonly Option<string?> JUnit =
        new("--junit") { Description = "Write the verdict there as JUnit XML, one testcase a rule.", HelpName = "FILE" };

    public static Command Create(Shell shell)
    {
        var command =
            new Command("gate", "Say whether a model version passed its gate, rule by rule, for a CI that must stop when it did not.") {
            Project, Model, Version, Run, Wait, JUnit };
        command.Validators.Add(result =>
        {
            var byRun = result.GetResult(Run) is not null;
            if (byRun == (result.GetValue(Model) is { Length: > 0 })) result.AddError("Name either a model or, with --run, a run.");
            if (byRun && result.GetResult(Version) is not null) result.AddError("--version goes with a model, not with --run.");
            if (!byRun && result.GetValue(Wait)) result.AddError("--wait goes with --run.");
        });
        return command.With([.. Exit.OfHostCommands, Exit.Refused, Exit.Interrupted],
            "triops gate clinic diagnosis --version challenger --junit gate.xml",
                "triops gate clinic --run $(triops pipeline run diagnosis --project clinic --json | jq -r .runId) --wait --junit gate.xml")
            .Does(shell, RunAsync);
    }

    private static async Task<int> RunAsync(Call call, CancellationToken ct)
    {
        var project = Call.Name<ProjectName>(call.Get(Project));
        var version = call.Get(Run) is { } run ? await OfRunAsync(call, project, run, ct)
            : await OfModelAsync(call, project, Call.Name<ModelName>(call.Get(Model)!), ct);
        await WriteAsync(call, () => JUnitReport.Of(version), ct);
        call.Screen.Result(
            new { project, version.Model, version.Number, version.RunId, version.Data, version.Gate.Passed, version.Gate.Checks });
        call.Screen.Line(
            $"[bold]{version.Ref}[/]: {TreeLine.Family(version.Family)}, from {Human.Text(version.RunId)}, learned from {version.Data}");
        ModelReport.Gate(call.Screen, version.Gate);
        return version.Gate.Passed ? Exit.Ok : Exit.Refused;
    }

    private static async Task<ModelVersion> OfModelAsync(Call call, ProjectName project, ModelName model, CancellationToken ct)
    {
        if (call.Get(Version) is not { Length: > 0 } wanted)
        {
            if (await call.Api.ModelVersionsAsync(project, model, ct) is [var newest, ..]) return newest;
            throw new CliException(Exit.NotFound, "model-missing",
                $"Project {project} has no version of a model '{model}'. 'triops models --project {project}' lists those there are.");
        }
        if (int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return await call.Api.ModelVersionAsync(new(project, model, number), ct);
        var aliases = await call.Api.AliasesAsync(project, model, ct);
        return aliases.FirstOrDefault(a => a.Alias == wanted) is { } alias
            ? await call.Api.ModelVersionAsync(new(project, model, alias.Number), ct)
            : throw new CliException(Exit.NotFound, "alias-missing",
            $"{project}/{model} has no alias '{wanted}'; it has: "
            + $"{(aliases.Count == 0 ? "none" : string.Join(", ", aliases.Select(a => a.Alias)))}.");
    }

    private static async Task<ModelVersion> OfRunAsync(Call call, ProjectName project, string id, CancellationToken ct)
    {
        var run = await new RunWaiter(call.Api, call.Screen, call.Shell.Time).EndAsync(id, call.Get(Wait), ct);
        if (run.Project != project)
            throw new CliException(Exit.NotFound, "run-missing", $"Run {id} belongs to project {run.Project}, not to {project}.");
        if (run.ModelVersion is { } number)
        {
            var model = (await call.Api.ProjectAsync(project, ct)).File.Pipelines.TryGetValue(run.Pipeline, out var pipeline)
                ? pipeline.Model
                : throw new CliException(Exit.NotFound, "pipeline-missing",
                $"Project {project} no longer has the pipeline '{run.Pipeline}' of run {id}. Name its model instead: triops gate "
                + $"{project} MODEL --version {number}");
            return await call.Api.ModelVersionAsync(new(project, model, number), ct);
        }
        var reason = run.Error ?? $"it is {run.Status.ToString().ToLowerInvariant()}";
        await WriteAsync(call, () => JUnitReport.OfFailedRun(project.Value, id, reason, run.EndedAt ?? run.CreatedAt), ct);
        throw new CliException(Exit.Error, "run-without-model", $"Run {id} registered no model version: {reason}");
    }

    private static async Task WriteAsync(Call call, Func<byte[]> report, CancellationToken ct)
    {
        if (call.Get(JUnit) is not { Length: > 0 } file) return;
        var path = Path.GetFullPath(file, call.Shell.Directory);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, report(), ct);
    }
}
