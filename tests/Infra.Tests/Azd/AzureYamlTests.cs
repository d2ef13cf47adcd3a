using System.Text.RegularExpressions;
using TriOps.Infra.Tests.Template;
using TriOps.Infra.Tests.Tools;
using YamlDotNet.RepresentationModel;

namespace TriOps.Infra.Tests.Azd;

/// <summary>azure.yaml holds to azd's schema (1.31), which refuses properties it does not know, and names what is there.</summary>
public sealed partial class AzureYamlTests
{
    private static readonly string[] RootKeys =
        ["name", "metadata", "resourceGroup", "infra", "services", "resources", "pipeline", "hooks", "requiredVersions", "state",
        "platform", "workflows", "cloud"];

    private static readonly string[] ServiceKeys =
        ["condition", "project", "image", "host", "language", "module", "dist", "resourceName", "resourceGroup", "docker", "uses", "env",
        "remoteBuild", "apiVersion", "config", "k8s", "hooks"];

    private static readonly string[] DockerKeys =
        ["path", "context", "platform", "registry", "image", "tag", "buildArgs", "network", "remoteBuild"];

    private static readonly string[] HookKeys =
        ["run", "shell", "kind", "dir", "interactive", "continueOnError", "secrets", "posix", "windows"];

    private static readonly string[] HookNames =
        [.. from stage in new[] { "pre", "post" } from command in new[] { "provision", "up", "deploy", "package", "publish", "down",
        "restore", "infracreate", "infradelete" } select stage + command];

    private static readonly YamlMappingNode File = Yaml.Read("azure.yaml");

    private static IEnumerable<KeyValuePair<string, YamlMappingNode>> Services =>
        File.Map("services").Children.Select(s => KeyValuePair.Create(((YamlScalarNode)s.Key).Value!, (YamlMappingNode)s.Value));

    [Fact]
    public void Properties_OfTheFile_AreTheSchemas()
    {
        Assert.Empty(File.Keys().Except(RootKeys));
        Assert.Matches("^[a-z0-9][a-z0-9-]*[a-z0-9]$", File.Text("name"));
        Assert.Equal("infra", File.Map("infra").Text("path"));
        Assert.True(System.IO.File.Exists(Repository.At("infra", "main.bicep"))
            && System.IO.File.Exists(Repository.At("infra", "main.parameters.json")));
        Assert.False(System.IO.File.Exists(Repository.At("infra", "main.bicepparam")),
            "azd would take it instead of main.parameters.json.");
        foreach (var (name, service) in Services)
        {
            Assert.Empty(service.Keys().Except(ServiceKeys));
            Assert.True(service.Find("project") is null != service.Find("image") is null, $"{name} has a project or an image.");
            if (service.Find("docker") is YamlMappingNode docker) Assert.Empty(docker.Keys().Except(DockerKeys));
            if (service.Text("host") == "function") Assert.Null(service.Find("env"));
            Assert.False(System.IO.File.Exists(Repository.At("infra", $"{name}.bicep")),
                "azd would deploy that module instead of patching the resource.");
        }
    }

    [Fact]
    public void Services_InTheFile_AreTheTaggedResources()
    {
        var tagged = Deployment.Isolated.Resources.Select(r => r.Text("tags", "azd-service-name")).OfType<string>();
        Assert.Equal(tagged.Order(StringComparer.Ordinal), Services.Select(s => s.Key).Order(StringComparer.Ordinal));
        Assert.All(Services, s => Assert.Equal(s.Key == "api" ? "function" : "containerapp", s.Value.Text("host")));
    }

    /// <summary>azd stops at a service whose resource is not there, so the one that may be missing has a condition, on an output of the
    /// template.</summary>
    [Fact]
    public void Services_ThatPlainParametersLeaveOut_HaveACondition()
    {
        var always = Deployment.Plain.Resources.Select(r => r.Text("tags", "azd-service-name")).OfType<string>();
        var sometimes = Services.Where(s => !always.Contains(s.Key)).ToList();

        Assert.Equal(["trainer-gpu"], sometimes.Select(s => s.Key));
        Assert.Equal("${TRIOPS_GPU_ENABLED}", sometimes[0].Value.Text("condition"));
        Assert.Contains("output TRIOPS_GPU_ENABLED bool", Repository.Read("infra", "main.bicep"), StringComparison.Ordinal);
        Assert.All(Services.Where(s => always.Contains(s.Key)), s => Assert.Null(s.Value.Find("condition")));
        Assert.Equal(["provision", "deploy --all"], File.Map("workflows").Map("up").List("steps").Cast<YamlMappingNode>()
            .Select(s => s.Text("azd")));
    }

    [Fact]
    public void Images_OfContainers_AreBuiltFromFilesThatAreThere() =>
        Assert.All(Services.Where(s => s.Value.Text("host") == "containerapp"), s =>
    {
        var (project, docker) = (Repository.At(s.Value.Text("project")!), s.Value.Map("docker"));
        var dockerfile = Path.Combine(project, docker.Text("path")!);
        Assert.True(System.IO.File.Exists(dockerfile), $"{s.Key}: {dockerfile} is missing.");
        Assert.Equal(Repository.Root, Path.GetFullPath(Path.Combine(project, docker.Text("context")!)));
        var text = System.IO.File.ReadAllText(dockerfile);
        Assert.All(docker.List("buildArgs"),
            arg => Assert.Contains($"ARG {((YamlScalarNode)arg).Value!.Split('=')[0]}", text, StringComparison.Ordinal));
    });

    [Fact]
    public void FunctionsService_InTheFile_IsTheFunctionsProject() =>
        Assert.True(
            System.IO.File.Exists(Path.Combine(Repository.At(File.Map("services").Map("api").Text("project")!), "Functions.csproj")));

    /// <summary>
    /// Before 1.24.3 azd drops buildArgs where images are built in the registry, so that every image came with CUDA: Azure/azure-dev,
    /// issue 7990, "silently dropped" (pull request 7997). Since 1.25.0 they are built side by side.
    /// </summary>
    [Fact]
    public void Versions_OfAzd_AreThoseThatPassBuildArgumentsOn()
    {
        var least = Version.Parse(File.Map("requiredVersions").Text("azd")!.Split(">= ")[1]);

        Assert.True(least >= new Version(1, 25, 0), $"azure.yaml admits azd {least}.");
        Assert.Contains($"azd](https://aka.ms/azd) {least} or later", Repository.Read("docs", "azure.md"), StringComparison.Ordinal);
        Assert.All(Services.Where(s => s.Value.Find("docker") is not null), s => Assert.NotEmpty(s.Value.Map("docker").List("buildArgs")));
    }

    /// <summary>
    /// azd's schema: with both "posix" and "windows" a hook has no "run" beside them. A script for one alone leaves the other's users
    /// without the checks, key and registration.
    /// </summary>
    [Fact]
    public void Hooks_InTheFile_AreScriptsForBothKindsOfSystem()
    {
        var hooks = File.Map("hooks");
        Assert.Empty(hooks.Keys().Except(HookNames));
        var named = hooks.Keys().SelectMany(name =>
        {
            Assert.Equal(["posix", "windows"], hooks.Map(name).Keys().Order(StringComparer.Ordinal));
            var posix = Script(hooks.Map(name).Map("posix"), $"./infra/hooks/{name}.sh", "sh");
            return new[] { posix, Script(hooks.Map(name).Map("windows"), $"./infra/hooks/{name}.ps1", "pwsh") };
        });
        var there = Directory.GetFiles(Repository.At("infra", "hooks")).Select(Path.GetFullPath);
        Assert.Equal(there.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));

        static string Script(YamlMappingNode hook, string run, string shell)
        {
            Assert.Empty(hook.Keys().Except(HookKeys));
            Assert.Equal((run, shell), (hook.Text("run"), hook.Text("shell")));
            var script = Path.GetFullPath(Repository.At(run));
            Assert.True(System.IO.File.Exists(script), $"{script} is missing.");
            if (shell == "sh" && !OperatingSystem.IsWindows())
                Assert.True(System.IO.File.GetUnixFileMode(script).HasFlag(UnixFileMode.UserExecute), $"{script} is not executable.");
            return script;
        }
    }

    /// <summary>What a pipeline passes on is all that provisioning reads, and the one secret among it is passed as such.</summary>
    [Fact]
    public void Pipeline_PassesOn_WhatProvisioningReads()
    {
        var parameters = Repository.Read("infra", "main.parameters.json");
        var pipeline = File.Map("pipeline");
        var (variables, secrets) = (Texts("variables"), Texts("secrets"));

        var read = Setting().Matches(parameters).Select(m => m.Groups[1].Value);
        Assert.Equal(read.Order(StringComparer.Ordinal), variables.Concat(secrets).Order(StringComparer.Ordinal));
        Assert.Equal(["TRIOPS_API_KEY"], secrets);
        Assert.DoesNotContain(variables, name => name.EndsWith("KEY", StringComparison.Ordinal));

        List<string> Texts(string key) => [.. pipeline.List(key).Select(n => ((YamlScalarNode)n).Value!)];
    }

    [GeneratedRegex(@"\$\{(TRIOPS_[A-Z_]+)=")]
    private static partial Regex Setting();
}
