using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TriOps.Images.Tests;

/// <summary>What every image's Dockerfile must keep to.</summary>
public sealed class DockerfileRulesTests
{
    private const string Inference = "src/TriOps.Inference/Dockerfile", Trainer = "src/TriOps.Trainer/Dockerfile";

    public static TheoryData<string> All => [Inference, Trainer];

    [Fact]
    public void Repository_Dockerfiles_AreTheTestedOnes() =>
        Assert.Equal([Inference, Trainer],
            Repository.Files.Where(f => Path.GetFileName(f) is "Dockerfile" || f.EndsWith(".Dockerfile", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(All))]
    public void Instructions_Words_AreKnownAndFetchNothingUnpinned(string path)
    {
        var file = Dockerfile.Read(path);
        Assert.All(file.Global, i => Assert.Equal("ARG", i.Word));
        // No ADD.
        Assert.All(file.Stages.SelectMany(s => s.Instructions),
            i => Assert.Contains(i.Word,
            new[] { "ARG", "WORKDIR", "COPY", "RUN", "ENV", "LABEL", "EXPOSE", "USER", "HEALTHCHECK", "ENTRYPOINT" }));
    }

    [Theory, MemberData(nameof(All))]
    public void From_EveryBase_IsAnEarlierStageOrAnImageWithAVersion(string path)
    {
        var file = Dockerfile.Read(path);
        foreach (var (stage, index) in file.Stages.Select((s, i) => (s, i)))
            foreach (var gpu in (string[])["true", "false"])
            {
                var from = file.Expand(stage.From.Replace("${GPU}", gpu, StringComparison.Ordinal));
                Assert.True(file.Stages.Take(index).Any(s => s.Name == from) || Regex.IsMatch(from, @"^[a-z0-9./-]+:\d+\.\d[\w.-]*$"),
                    $"{path}: FROM {from}");
            }
    }

    [Theory, MemberData(nameof(All))]
    public void Copy_EverySource_ExistsAndReachesTheBuild(string path)
    {
        Assert.True(DockerIgnore.OfRepository.Passes(path)); // A registry that builds is sent the context alone.
        foreach (var stage in Dockerfile.Read(path).Stages)
            foreach (var copy in stage.Of("COPY").Where(c => !c.Flags.Any(f => f.StartsWith("--from=", StringComparison.Ordinal))))
                foreach (var source in copy.Arguments.SkipLast(1))
                    Assert.True(
                        Repository.Files.Any(f => (f == source || f.StartsWith(source.TrimEnd('/') + "/", StringComparison.Ordinal))
                        && DockerIgnore.OfRepository.Passes(f)), $"{path}:{copy.Line} copies {source}");
    }

    [Theory, MemberData(nameof(All))]
    public void Copy_BetweenStages_NamesAnEarlierOne(string path)
    {
        var file = Dockerfile.Read(path);
        foreach (var (stage, index) in file.Stages.Select((s, i) => (s, i)))
            foreach (var flag in stage.Of("COPY").SelectMany(c => c.Flags))
                Assert.Contains(file.Stages.Take(index), s => $"--from={s.Name}" == flag);
    }

    [Theory, MemberData(nameof(All))]
    public void Copy_BeforeRestore_TakesTheProjectsThatRestoreReadsAndNoSource(string path)
    {
        var build = Dockerfile.Read(path).Named("build");
        var before = build.Instructions.TakeWhile(i => i.Word != "RUN").Where(i => i.Word == "COPY")
            .SelectMany(c => c.Arguments.SkipLast(1)).ToList();

        Assert.Equal(Closure(ProjectOf(path)).Order(StringComparer.Ordinal),
            before.Where(s => s.EndsWith(".csproj", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(["Directory.Build.props", "Directory.Packages.props", "global.json"],
            before.Where(s => !s.EndsWith(".csproj", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        foreach (var copy in build.Of("COPY").Where(c => c.Arguments[0].EndsWith(".csproj", StringComparison.Ordinal)))
            Assert.Equal(Path.GetDirectoryName(copy.Arguments[0]) + "/", copy.Arguments[1]);
    }

    [Theory, MemberData(nameof(All))]
    public void Publish_Arguments_BuildTheProjectForItsRuntimeWithoutTheSdk(string path)
    {
        var file = Dockerfile.Read(path);
        var (restore, publish) = (file.Named("build").Of("RUN").First().Text, file.Named("build").Of("RUN").Last().Text);

        Assert.StartsWith($"dotnet restore {ProjectOf(path)} ", restore, StringComparison.Ordinal);
        Assert.StartsWith($"dotnet publish {ProjectOf(path)} --no-restore --configuration Release ", publish, StringComparison.Ordinal);
        foreach (var shared in (string[])["--runtime linux-x64", "-p:PublishReadyToRun=true", "-p:Gpu=${GPU}"])
        {
            Assert.Contains(shared, restore, StringComparison.Ordinal);
            Assert.Contains(shared, publish, StringComparison.Ordinal);
        }
        Assert.All(new[] { true, false }.SelectMany(file.Final), s => Assert.DoesNotContain("/sdk:", s.From, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(All))]
    public void Entrypoint_OfTheImage_IsThePublishedProgramAndGetsSignals(string path)
    {
        var final = Dockerfile.Read(path).Stages[^1];
        var publishedTo = Regex.Match(Dockerfile.Read(path).Named("build").Of("RUN").Last().Text, "--output (\\S+)").Groups[1].Value;

        Assert.Equal(["dotnet", $"{Path.GetFileNameWithoutExtension(ProjectOf(path))}.dll"],
            Assert.Single(final.Of("ENTRYPOINT")).ExecForm);
        Assert.Equal("/app", Assert.Single(final.Of("WORKDIR")).Text);
        Assert.Equal($"--from=build {publishedTo} ./", Assert.Single(final.Of("COPY")).Text);
    }

    [Theory, MemberData(nameof(All))]
    public void User_OfTheImage_IsANumberThatIsNotRootAndStands(string path)
    {
        var final = Dockerfile.Read(path).Stages[^1];
        Assert.True(int.Parse(Assert.Single(final.Of("USER")).Text, CultureInfo.InvariantCulture) > 0);
        Assert.DoesNotContain(final.Instructions.SkipWhile(i => i.Word != "USER"), i => i.Word is "RUN" or "COPY");
        // The program cannot change itself.
        Assert.DoesNotContain(final.Instructions, i => i.Text.Contains("--chown", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(All))]
    public void Packages_FromTheDistribution_LeaveNoListsBehind(string path)
    {
        foreach (var run in Dockerfile.Read(path).Stages.SelectMany(s => s.Of("RUN"))
            .Where(r => r.Text.Contains("apt-get", StringComparison.Ordinal)))
            Assert.Matches(
                "^apt-get update && apt-get install --yes --no-install-recommends [a-z0-9. -]+ && rm -rf /var/lib/apt/lists/\\*", run.Text);
    }

    [Theory, MemberData(nameof(All))]
    public void Settings_InTheImage_HoldNoSecret(string path)
    {
        foreach (var instruction in Dockerfile.Read(path).Stages.SelectMany(s => s.Instructions)
            .Where(i => i.Word is "ENV" or "ARG" or "LABEL"))
            Assert.DoesNotMatch("(?i)key|token|secret|password|connection|TRIOPS_", instruction.Text);
    }

    [Fact]
    public void Labels_OfBothImages_NameThem()
    {
        foreach (var (path, title) in (IEnumerable<(string, string)>)[(Inference, "triops-inference"), (Trainer, "triops-trainer")])
            Assert.Contains($"org.opencontainers.image.title=\"{title}\"",
                Assert.Single(Dockerfile.Read(path).Stages[^1].Of("LABEL")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Inference_Port_IsExposedServedAndProbed()
    {
        var final = Dockerfile.Read(Inference).Stages[^1];
        Assert.Equal("8080", Assert.Single(final.Of("EXPOSE")).Text);
        Assert.Equal("ASPNETCORE_HTTP_PORTS=8080", Assert.Single(final.Of("ENV")).Text);
        Assert.Equal(["dotnet", "TriOps.Inference.dll", "--probe"], Assert.Single(final.Of("HEALTHCHECK")).ExecForm);
    }

    [Fact]
    public void Trainer_Image_ListensToNothing() =>
        Assert.DoesNotContain(Dockerfile.Read(Trainer).Stages.SelectMany(s => s.Instructions), i => i.Word is "EXPOSE" or "HEALTHCHECK");

    [Theory]
    [InlineData("src/TriOps.Core/Content/ContentId.cs", true)]
    [InlineData("global.json", true)]
    [InlineData("README.md", false)]
    [InlineData("tests/Directory.Build.props", false)]
    [InlineData(".git/config", false)]
    [InlineData("artifacts/bin/x.dll", false)]
    [InlineData(".triops/host.json", false)]
    [InlineData("src/TriOps.Core/obj/project.assets.json", false)]
    [InlineData("src/TriOps.Azurite/npm/node_modules/azurite/package.json", false)]
    [InlineData("local.settings.json", false)]
    public void DockerIgnore_OfTheRepository_LetsTheSourcesThroughAndNothingElse(string path, bool passes) =>
        Assert.Equal(passes, DockerIgnore.OfRepository.Passes(path));

    private static string ProjectOf(string path) => $"{Path.GetDirectoryName(path)}/{Path.GetFileName(Path.GetDirectoryName(path))}.csproj";

    /// <summary>A project and all that it references, as paths from the root.</summary>
    private static HashSet<string> Closure(string project)
    {
        var (found, waiting) = (new HashSet<string>(), new Stack<string>([project]));
        while (waiting.TryPop(out var next))
            if (found.Add(next))
                foreach (var reference in XDocument.Load(Path.Combine(Repository.Root, next)).Descendants("ProjectReference"))
                    waiting.Push(
                        Path.GetRelativePath(Repository.Root,
                        Path.GetFullPath(
                        Path.Combine(Repository.Root, Path.GetDirectoryName(next)!, reference.Attribute("Include")!.Value))));
        return found;
    }
}
