using System.Text.RegularExpressions;
using TriOps.Infra.Tests.Tools;
using YamlDotNet.RepresentationModel;

namespace TriOps.Infra.Tests.Azd;

/// <summary> Images are built by the registry, whose builder has no BuildKit unless a task asks for it (Azure/acr-builder, issue 574:
/// <c>env: ["DOCKER_BUILDKIT=1"]</c>), and azd asks for none. It makes every stage up to the last one:
/// docs.docker.com/build/building/multi-stage, "The legacy Docker Engine builder processes all stages of a Dockerfile leading up to the
/// selected".
/// </summary>
public sealed partial class RemoteBuildTests
{
    public static TheoryData<string> Services => [.. Containers().Select(s => s.Key)];

    /// <summary>Without BuildKit there are no mounts, no links, no here-documents and no other syntax.</summary>
    [Theory, MemberData(nameof(Services))]
    public void Dockerfile_BuiltByTheRegistry_NeedsNoBuildKit(string service)
    {
        var text = Dockerfile(service);

        Assert.DoesNotMatch(@"(?m)^#\s*(syntax|check)\s*=", text);
        Assert.DoesNotMatch(@"(?m)^\s*RUN\s+--", text);
        Assert.DoesNotMatch(@"(?m)^\s*(COPY|ADD)\s+.*--(link|chmod|parents|exclude)", text);
        Assert.DoesNotContain("<<", text, StringComparison.Ordinal);
    }

    /// <summary>
    /// The registry looks for base images itself, and expands no more than $NAME and ${NAME}: Azure/acr-builder, pull request 86, Go's
    /// os.Expand.
    /// </summary>
    [Theory, MemberData(nameof(Services))]
    public void Bases_OfADockerfile_AreWrittenAsTheRegistryReadsThem(string service)
    {
        var arguments = Arguments().Matches(Dockerfile(service).Split("FROM")[0]).Select(m => m.Groups[1].Value).ToHashSet();
        var variables = Variables().Matches(string.Concat(Froms(service))).Select(m => m.Groups[1].Value).ToList();

        Assert.NotEmpty(variables);
        Assert.All(variables, name => Assert.Contains(name, arguments));
    }

    /// <summary>
    /// All that a build without CUDA fetches, used or not: an image of CUDA is gigabytes, on another registry, which limits anonymous
    /// pulls.
    /// </summary>
    [Theory]
    [InlineData("trainer")]
    [InlineData("inference")]
    public void Bases_WithoutCuda_AreDotnets(string service)
    {
        Assert.Equal("false", Given(service)["GPU"]);
        var fetched = Fetched(service, Given(service));
        Assert.NotEmpty(fetched);
        Assert.All(fetched, image => Assert.StartsWith("mcr.microsoft.com/dotnet/", image, StringComparison.Ordinal));
    }

    /// <summary>
    /// Provisioning says what the inference server stands on, since azure.yaml knows no condition inside a service: with a GPU the
    /// Dockerfile's own base.
    /// </summary>
    [Fact]
    public void Bases_OfTheInferenceServer_AreSaidByProvisioning()
    {
        var own = Arguments().Matches(Dockerfile("inference")).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        var main = Repository.Read("infra", "main.bicep");

        Assert.Contains("output TRIOPS_INFERENCE_CUDA bool = withGpu && inferenceGpu", main, StringComparison.Ordinal);
        var output = Regex.Match(main, @"output TRIOPS_INFERENCE_CUDA_BASE string = withGpu && inferenceGpu\s+\? '([^']+)'\s+: '([^']+)'");
        Assert.Equal(own["CUDA_BASE"], output.Groups[1].Value);
        Assert.Equal(Given("inference")["CUDA_BASE"], output.Groups[2].Value);
        Assert.Contains(own["CUDA_BASE"], Fetched("inference", new Dictionary<string, string> { ["GPU"] = "true" }));
    }

    /// <summary>
    /// Azure-Samples/azure-search-openai-demo, issue 2592; azd's schema, "remoteBuild": "If the remote build fails, azd automatically falls
    /// back to building locally".
    /// </summary>
    [Fact]
    public void Refusal_OfTheRegistryToBuild_IsInTheGuide()
    {
        var row = Assert.Single(Repository.Read("docs", "azure.md").Split('\n'), line =>
            line.Contains("TasksOperationsNotAllowed", StringComparison.Ordinal));

        Assert.Contains("Start Docker or Podman", row, StringComparison.Ordinal);
        Assert.All(Containers(), s => Assert.Equal("true", s.Value.Map("docker").Text("remoteBuild")));
    }

    private static IEnumerable<KeyValuePair<string, YamlMappingNode>> Containers() => Yaml.Read("azure.yaml").Map("services").Children
        .Select(s => KeyValuePair.Create(((YamlScalarNode)s.Key).Value!, (YamlMappingNode)s.Value))
        .Where(s => s.Value.Find("docker") is not null);

    private static YamlMappingNode Service(string name) => Containers().Single(s => s.Key == name).Value;

    private static string Dockerfile(string service) =>
        Repository.Read(Service(service).Text("project")!, Service(service).Map("docker").Text("path")!);

    private static List<string> Froms(string service) => [.. Bases().Matches(Dockerfile(service)).Select(m => m.Groups[1].Value)];

    /// <summary>The build arguments of azure.yaml, with the defaults of its variables: what holds without a GPU.</summary>
    private static Dictionary<string, string> Given(string service) => Service(service).Map("docker").List("buildArgs")
        .Select(a => ((YamlScalarNode)a).Value!.Split('=', 2))
        .ToDictionary(a => a[0], a => Regex.Replace(a[1], @"^\$\{\w+=(.*)\}$", "$1"));

    /// <summary>The images that a builder of every stage fetches.</summary>
    private static List<string> Fetched(string service, Dictionary<string, string> given)
    {
        var own = Arguments().Matches(Dockerfile(service)).ToLookup(m => m.Groups[1].Value, m => m.Groups[2].Value);
        var stages = Stages().Matches(Dockerfile(service)).Select(m => m.Groups[1].Value).ToHashSet();
        var bases = Froms(service).Select(from => Variables().Replace(from, m => Value(m.Groups[1].Value)));
        return [.. bases.Where(from => !stages.Contains(from))];

        string Value(string name) => given.GetValueOrDefault(name) ?? own[name].First();
    }

    [GeneratedRegex(@"(?m)^FROM (\S+)")]
    private static partial Regex Bases();

    [GeneratedRegex(@"(?m)^FROM \S+ AS (\S+)")]
    private static partial Regex Stages();

    [GeneratedRegex(@"(?m)^ARG (\w+)=(\S+)")]
    private static partial Regex Arguments();

    [GeneratedRegex(@"\$\{?([^}\s]+)\}?")]
    private static partial Regex Variables();
}
