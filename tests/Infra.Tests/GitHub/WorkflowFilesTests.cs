using System.Text.RegularExpressions;
using TriOps.Infra.Tests.Tools;
using YamlDotNet.RepresentationModel;

namespace TriOps.Infra.Tests.GitHub;

/// <summary>The workflows of GitHub Actions: what they may do, what they run, and that no text from outside becomes a script.</summary>
public sealed partial class WorkflowFilesTests
{
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Repository.At(".github", "workflows")).Select(f => Path.GetFileName(f))];

    [Fact]
    public void Workflows_InTheRepository_AreThese() =>
        Assert.Equal(["azure-dev.yml", "ci.yml", "model-gate.yml"], Directory.GetFiles(Repository.At(".github", "workflows"))
        .Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Files))]
    public void Permissions_OfAWorkflow_AreNamedAndFew(string file)
    {
        var workflow = Read(file);
        var permissions = workflow.Map("permissions");

        Assert.Equal("read", permissions.Text("contents"));
        Assert.Empty(permissions.Keys().Except(["contents", "id-token"]));
        // A token for signing in to Azure only where something does.
        Assert.Equal(Steps(workflow).Any(s => s.Text("uses")?.StartsWith("azure/login@", StringComparison.Ordinal) == true),
            permissions.Find("id-token") is not null);
        Assert.All(Jobs(workflow), job => Assert.Null(job.Find("permissions")));
        Assert.DoesNotContain("pull_request_target", Repository.Read(".github", "workflows", file), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Files))]
    public void Jobs_OfAWorkflow_EndByThemselves(string file) =>
        Assert.All(Jobs(Read(file)),
        job => Assert.InRange(int.Parse(job.Text("timeout-minutes")!, System.Globalization.CultureInfo.InvariantCulture), 1, 360));

    [Theory, MemberData(nameof(Files))]
    public void Actions_OfAWorkflow_AreOfAVersion(string file)
    {
        var uses = Steps(Read(file)).Select(s => s.Text("uses")).OfType<string>().ToList();

        Assert.NotEmpty(uses);
        Assert.All(uses, action => Assert.Matches("^(actions|azure|Azure)/[a-z-]+@v[0-9]+(\\.[0-9]+)*$", action));
        Assert.All(Steps(Read(file)).Where(s => s.Text("uses")?.StartsWith("actions/checkout@", StringComparison.Ordinal) == true),
            s => Assert.Equal("false", s.Map("with").Text("persist-credentials")));
    }

    /// <summary>An expression in a script is pasted into it: a branch, an input or a secret would be code. They come by the
    /// environment.</summary>
    [Theory, MemberData(nameof(Files))]
    public void Scripts_OfAWorkflow_HoldNoExpressionAndShowNoSecret(string file)
    {
        foreach (var script in Scripts(file))
        {
            Assert.DoesNotContain("${{", script, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"(echo|printf|cat)(?!.*::add-mask::).*(API_KEY|SECRET|TOKEN)", script);
            Assert.DoesNotContain("set -x", script, StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Files))]
    public async Task Scripts_OfAWorkflow_AreShell(string file)
    {
        using var folder = new TemporaryFolder();
        foreach (var script in Scripts(file))
        {
            await File.WriteAllTextAsync(folder.At("script"), script);
            Assert.Equal("", (await Command.RunAsync("bash", folder.Path, ["-n", folder.At("script")])).All);
        }
    }

    [Fact]
    public void PullRequests_Run_WhateverAChangeMustPass()
    {
        var ci = Read("ci.yml");
        Assert.Contains("pull_request", ci.Map("on").Keys());
        Assert.Equal("bash .ci/run", Assert.Single(Scripts("ci.yml")));
        Assert.True(File.Exists(Repository.At(".ci", "run")));
        Assert.DoesNotContain("secrets.", Repository.Read(".github", "workflows", "ci.yml"), StringComparison.Ordinal);
    }

    /// <summary>What azd is given here is what provisioning reads.</summary>
    [Fact]
    public void Deployment_OfMain_PassesOnEverySettingOfTheTemplate()
    {
        var given = Jobs(Read("azure-dev.yml")).Single().Map("env").Keys().ToHashSet();
        var read = Variable().Matches(Repository.Read("infra", "main.parameters.json")).Select(m => m.Groups[1].Value);

        Assert.Empty(read.Where(name => name.StartsWith("TRIOPS_", StringComparison.Ordinal)).Except(given));
        Assert.Contains("--federated-credential-provider github", string.Concat(Scripts("azure-dev.yml")), StringComparison.Ordinal);
        Assert.Equal(["main"], Read("azure-dev.yml").Map("on").Map("push").List("branches").Select(b => ((YamlScalarNode)b).Value));
    }

    /// <summary>The script runs against a command line that writes down what it was asked, and its exit code is the gate's.</summary>
    [Theory]
    [InlineData("", "", "gate clinic diagnosis --junit gate.xml", 0)]
    [InlineData("7; rm -rf /", "", "gate clinic diagnosis --version 7; rm -rf / --junit gate.xml", 11)]
    [InlineData("", "run-1", "gate clinic --run run-1 --wait --junit gate.xml", 0)]
    public async Task Gate_Run_AsksTheCommandLineAndEndsAsItDoes(string version, string run, string asked, int code)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.At("dotnet"), $"#!/bin/sh\nshift\nprintf '%s\\n' \"$*\" > asked\nexit {code}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder.At("dotnet"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var script = Scripts("model-gate.yml").Single(s => s.Contains(" gate ", StringComparison.Ordinal));

        var result = await Command.RunAsync("bash", folder.Path, ["-e", "-c", script], new Dictionary<string, string>
        {
            ["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}", ["RUNNER_TEMP"] = folder.Path,
                ["GITHUB_OUTPUT"] = folder.At("output"),
            ["PROJECT"] = "clinic", ["MODEL"] = "diagnosis", ["MODEL_VERSION"] = version, ["RUN_ID"] = run, ["ENTRA_APPLICATION"] = "",
                ["TRIOPS_API_KEY"] = "key",
        });

        Assert.Equal(code, result.Code);
        var command = Repository.Read("src", "TriOps.Cli", "Commands", "GateCommand.cs");
        Assert.All(asked.Split(' ').Where(word => word.StartsWith("--", StringComparison.Ordinal)),
            option => Assert.Contains($"new(\"{option}\")", command, StringComparison.Ordinal));
        Assert.Equal(asked, (await File.ReadAllTextAsync(folder.At("asked"))).Trim());
        Assert.Equal(code == 0 ? "passed=true" : "passed=false", (await File.ReadAllTextAsync(folder.At("output"))).Trim());
    }

    private static YamlMappingNode Read(string file) => Yaml.Read(".github", "workflows", file);

    private static IEnumerable<YamlMappingNode> Jobs(YamlMappingNode workflow) =>
        workflow.Map("jobs").Children.Values.Cast<YamlMappingNode>();

    private static IEnumerable<YamlMappingNode> Steps(YamlMappingNode workflow) => Jobs(workflow).SelectMany(j => j.List("steps"))
        .Cast<YamlMappingNode>();

    private static IEnumerable<string> Scripts(string file) => Steps(Read(file)).Select(s => s.Text("run")).OfType<string>();

    [GeneratedRegex(@"\$\{([A-Z_]+)")]
    private static partial Regex Variable();
}
