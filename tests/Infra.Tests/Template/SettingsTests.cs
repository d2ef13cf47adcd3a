using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using TriOps.Core.Settings;

namespace TriOps.Infra.Tests.Template;

/// <summary>What a process reads from its environment, infra sets; and infra sets nothing that nobody reads.</summary>
public sealed partial class SettingsTests
{
    /// <summary>Settings of the platform's own programs, and of the libraries, with the reason for each.</summary>
    private static readonly Dictionary<string, string> Hosts = new()
    {
        ["AzureWebJobsStorage__blobServiceUri"] = "the Functions host's storage, without a key",
        ["AzureWebJobsStorage__queueServiceUri"] = "as above",
        ["AzureWebJobsStorage__tableServiceUri"] = "as above; Durable's history",
        ["AzureWebJobsStorage__credential"] = "the host signs in with an identity",
        ["AzureWebJobsStorage__clientId"] = "with this one",
        ["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] = "the host's own telemetry signs in",
        ["AzureWebJobsDisableHomepage"] = "the API answers at /",
        ["AzureWebJobs.InboxBlob.Disabled"] = "uploads come by the queue; were the polling trigger deployed, it would not run",
    };

    /// <summary>What a process could read but is not given in Azure, with the reason.</summary>
    private static readonly (string Process, string Setting, string Why)[] NotSet =
    [
        ("*", SettingNames.StoragePrefix, "tests only"),
        ("*", SettingNames.OtlpEndpoint, "Application Insights takes the telemetry"),
        ("*", SettingNames.Telemetry, "as above"),
        ("*", SettingNames.Keys, "whoever wants more keys than one adds a reference to a secret of his own"),
        ("*", SettingNames.Job, "said per execution, by whoever starts it"),
        ("*", SettingNames.Attempt, "as above"),
        ("functions", SettingNames.Trainer, "jobs are not processes there"),
    ];

    private static readonly Dictionary<string, string> All = typeof(SettingNames).GetFields(BindingFlags.Public | BindingFlags.Static)
        .ToDictionary(f => f.Name, f => (string)f.GetRawConstantValue()!);

    public static TheoryData<string, string, string> Processes => new()
    {
        { "plain", "trainer", "src/TriOps.Trainer/TriOps.Trainer.csproj" },
        { "isolated", "trainer", "src/TriOps.Trainer/TriOps.Trainer.csproj" },
        { "plain", "functions", "functions/Functions.csproj" },
        { "isolated", "functions", "functions/Functions.csproj" },
        { "plain", "inference", "src/TriOps.Inference/TriOps.Inference.csproj" },
        { "isolated", "inference", "src/TriOps.Inference/TriOps.Inference.csproj" },
    };

    [Theory, MemberData(nameof(Processes))]
    public void Settings_OfAProcess_AreThoseItReads(string name, string process, string project)
    {
        var deployment = Deployment.Of(name);
        var read = ReadBy(project);
        Assert.Contains(SettingNames.Storage, read);
        var left = NotSet.Where(n => n.Process == "*" || n.Process == process).Select(n => n.Setting).ToList();
        var expected = read.Except(left).Where(s => s != SettingNames.ApiKey || Given(deployment, process)[0][SettingNames.Auth] == "key")
            .Order(StringComparer.Ordinal);

        Assert.All(Given(deployment, process),
            given => Assert.Equal(expected, given.Keys.Except(process == "functions" ? Hosts.Keys : []).Order(StringComparer.Ordinal)));
    }

    /// <summary>A constant that no process reads, or an exception for one that is not read, is a leftover.</summary>
    [Fact]
    public void Names_OfSettings_AreAllRead()
    {
        var read = Processes.Select(p => p.Data.Item3).Distinct().SelectMany(ReadBy).ToHashSet();

        Assert.All(NotSet, n => Assert.Contains(n.Setting, read));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("isolated")]
    public void Keys_InSettings_AreReferencesNeverValues(string name)
    {
        var deployment = Deployment.Of(name);
        foreach (var (setting, value) in Settings.Functions(deployment).Concat(Settings.Inference(deployment))
            .Concat(Settings.Trainers(deployment).SelectMany(t => t)))
        {
            Assert.DoesNotContain("AccountKey", value, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("SharedAccess", value, StringComparison.OrdinalIgnoreCase);
            if (setting == SettingNames.ApiKey)
                Assert.True(value == "secret api-key" || value.Contains("@Microsoft.KeyVault(SecretUri=", StringComparison.Ordinal), value);
        }
    }

    private static IReadOnlyList<IReadOnlyDictionary<string, string>> Given(Deployment deployment, string process) => process switch
    {
        "trainer" => Settings.Trainers(deployment),
        "inference" => [Settings.Inference(deployment)],
        _ => [Settings.Functions(deployment)],
    };

    /// <summary>The settings named by the sources of a project and of all it references.</summary>
    private static HashSet<string> ReadBy(string project)
    {
        var found = new HashSet<string>();
        foreach (var file in Closure(Repository.At(project))
            .SelectMany(p => Directory.EnumerateFiles(Path.GetDirectoryName(p)!, "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.EndsWith("SettingNames.cs", StringComparison.Ordinal)))
            foreach (var line in File.ReadLines(file).Where(l => !l.TrimStart().StartsWith("//", StringComparison.Ordinal)))
                foreach (Match match in Use().Matches(line)) found.Add(All[match.Groups[1].Value]);
        return found;
    }

    private static HashSet<string> Closure(string project)
    {
        var found = new HashSet<string>();
        var next = new Queue<string>([Path.GetFullPath(project)]);
        while (next.TryDequeue(out var at))
            if (found.Add(at))
                foreach (var reference in XDocument.Load(at).Descendants("ProjectReference"))
                    next.Enqueue(
                        Path.GetFullPath(
                        Path.Combine(Path.GetDirectoryName(at)!, reference.Attribute("Include")!.Value.Replace('\\', '/'))));
        return found;
    }

    [GeneratedRegex(@"SettingNames\.(\w+)")]
    private static partial Regex Use();
}
