using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace TriOps.LocalHost.Tests.Workflows;

/// <summary>Builds the orchestrations' own project with one file more, into a folder of its own.</summary>
public sealed partial class BannedSymbolsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("triops-banned-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Build_WithSymbolsThatReplayCannotRepeat_FailsAtEachOfThemAndNowhereElse()
    {
        string[] banned =
        [
            "_ = System.DateTime.Now;", "_ = System.DateTimeOffset.UtcNow;", "_ = System.TimeProvider.System;",
                "_ = System.Guid.NewGuid();", "_ = new System.Random(1);",
            "await System.Threading.Tasks.Task.Delay(1);", "await System.Threading.Tasks.Task.Run(() => 1);",
            "System.Threading.Thread.Sleep(1);",
            "_ = System.Environment.MachineName;", "_ = System.IO.File.Exists(\"x\");", "_ = new System.Net.Http.HttpClient();",
            "await System.Threading.Tasks.Task.CompletedTask.ConfigureAwait(false);",
        ];

        string[] fine =
            ["_ = System.TimeSpan.FromDays(1);", "await System.Threading.Tasks.Task.WhenAll(System.Threading.Tasks.Task.CompletedTask);"];

        var (code, output) = await BuildAsync([.. banned, .. fine]);

        Assert.NotEqual(0, code);
        var errors = Error().Matches(output)
            .Select(m => (Line: int.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), Code: m.Groups[2].Value))
            .Distinct().Order().ToArray();
        Assert.True(errors.SequenceEqual(Enumerable.Range(1, banned.Length).Select(line => (line, "RS0030"))), output);
    }

    /// <summary>One statement a line, from line 1 on.</summary>
    private async Task<(int Code, string Output)> BuildAsync(params string[] statements)
    {
        var probe = Path.Combine(folder, "Probe.cs");
        await File.WriteAllTextAsync(probe,
            $"internal static class Probe {{ internal static async System.Threading.Tasks.Task Run() {{ "
            + $"{string.Join('\n', statements)}\n}} }}\n");
        var targets = Path.Combine(folder, "probe.targets");
        await File.WriteAllTextAsync(targets, $"""
            <Project>
              <PropertyGroup Condition="'$(MSBuildProjectName)' == 'TriOps.Orchestrations'"><IntermediateOutputPath>{folder}/obj/</IntermediateOutputPath><OutputPath>{folder}/bin/</OutputPath></PropertyGroup>
              <ItemGroup Condition="'$(MSBuildProjectName)' == 'TriOps.Orchestrations'"><Compile Include="{probe}" /></ItemGroup>
            </Project>
            """);

        var start =
            new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Root() };
        string[] arguments =
        [
            "build", Path.Combine("src", "TriOps.Orchestrations"), "--no-restore", "--no-dependencies", "--nologo", "-nodeReuse:false",
                "-p:UseSharedCompilation=false", $"-p:Configuration={Configuration}",
            $"-p:CustomBeforeMicrosoftCommonTargets={targets}",
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var build = Process.Start(start)!;
        var output = build.StandardOutput.ReadToEndAsync();
        var error = build.StandardError.ReadToEndAsync();
        await build.WaitForExitAsync();
        return (build.ExitCode, await output + await error);
    }

    private static string Configuration =>
        typeof(BannedSymbolsTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    private static string Root([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));

    [GeneratedRegex(@"Probe\.cs\((\d+),\d+\): error (\w+)")]
    private static partial Regex Error();
}
