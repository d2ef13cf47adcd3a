using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Storage;

namespace TriOps.Infra.Tests.Template;

/// <summary>Who may do what. Each role is given on one resource, to a process that needs it for a reason that stands here.</summary>
public sealed partial class AccessTests
{
    private const string Assignment = "/providers/Microsoft.Authorization/roleAssignments/";

    /// <summary>Process, role, kind of resource (and its name where the rights end there), and why.</summary>
    private static readonly (string Who, string Role, string On, string Why)[] Needed =
    [
        ("functions", "storageBlobDataOwner", "storageAccounts",
            "the host's leases, Durable's payloads, and links for uploads, which are signed with the rights of whoever signs"),
        ("functions", "storageQueueDataContributor", "storageAccounts", "Durable's queues are made and read"),
        ("functions", "storageTableDataContributor", "storageAccounts", "Durable's history, and every aggregate"),
        ("functions", "containerAppsJobsOperator", "jobs", "starts, watches and stops executions"),
        ("functions", "monitoringMetricsPublisher", "components", "sends telemetry"),
        ("functions", "keyVaultSecretsUser", "vaults", "reads the API key"),
        ("trainer", "storageBlobDataReader", "containers/data", "reads rows"),
        ("trainer", "storageBlobDataContributor", "containers/models", "writes what was trained"),
        ("trainer", "storageBlobDataContributor", "containers/jobs", "writes checkpoints and the end"),
        ("trainer", "storageQueueDataMessageSender", "queues/job-events", "tells of the end"),
        ("trainer", "storageTableDataContributor", "tables/Metrics", "writes curves"),
        ("trainer", "monitoringMetricsPublisher", "components", "sends telemetry"),
        ("trainer", "acrPull", "registries", "pulls its image"),
        ("inference", "storageBlobDataReader", "containers/data", "reads rows too large for a table, and asks whether storage answers"),
        ("inference", "storageBlobDataReader", "containers/models", "reads models"),
        ("inference", "storageBlobDataContributor", "containers/inference-log", "writes what was asked and answered"),
        ("inference", "storageTableDataReader", "tables/Projects", "asks whether tables answer"),
        ("inference", "storageTableDataReader", "tables/Deployments", "routes by deployment"),
        ("inference", "storageTableDataReader", "tables/ModelVersions", "finds a revision's model"),
        ("inference", "storageTableDataContributor", "tables/Idempotency", "knows feedback that is sent again under the same key"),
        ("inference", "monitoringMetricsPublisher", "components", "sends telemetry"),
        ("inference", "acrPull", "registries", "pulls its image"),
        ("inference", "keyVaultSecretsUser", "vaults", "reads the API key"),
        ("topic", "storageQueueDataMessageSender", "queues/inbox-events", "tells of uploads"),
        ("topic", "storageBlobDataContributor", "containers/event-dead-letters", "keeps what could not be told"),
        ("uploader", "storageBlobDataContributor", "containers/inbox", "uploads data"),
    ];

    private static readonly Dictionary<string, string> Roles =
        JsonSerializer.Deserialize<Dictionary<string, string>>(Repository.Read("infra", "roles.json"))!;

    public static TheoryData<string> Names => Deployment.Names;

    [Theory, MemberData(nameof(Names))]
    public void Roles_Given_AreTheNeededOnesAndNoOthers(string name)
    {
        var deployment = Deployment.Of(name);
        bool withVault = deployment.OfType("Microsoft.KeyVault/vaults").Count > 0, withUploader = name == "isolated";

        var expected = Needed.Where(n => (withVault || n.On != "vaults") && (withUploader || n.Who != "uploader"))
            .Select(n => $"{n.Who} {n.Role} {n.On}");
        var given = Assignments(deployment).Select(a => $"{Who(a)} {Role(a)} {On(a)}").Distinct();

        Assert.Equal(expected.Order(StringComparer.Ordinal), given.Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Names))]
    public void Roles_Given_AreOnAResourceNeverOnAGroup(string name) => Assert.All(Assignments(Deployment.Of(name)), a =>
    {
        var scope = Scope(a);
        Assert.Contains("/resourceGroups/", scope, StringComparison.Ordinal);
        Assert.Contains("/providers/Microsoft.", scope, StringComparison.Ordinal);
        Assert.Contains(Deployment.Of(name).Resources, r => r.Id == scope);
    });

    /// <summary>Otherwise an identity made a moment ago may not be found.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Roles_Given_SayWhatKindOfPrincipal(string name) =>
        Assert.All(Assignments(Deployment.Of(name)),
            a => Assert.Equal(Who(a) == "uploader" ? "User" : "ServicePrincipal", a.Text("properties", "principalType")));

    [Fact]
    public void Jobs_OfEveryProfile_CanBeStartedByTheFunctionsApp() => Assert.Equal(
        Deployment.Isolated.OfType("Microsoft.App/jobs").Select(j => j.Id).Order(StringComparer.Ordinal),
        Assignments(Deployment.Isolated).Where(a => Role(a) == "containerAppsJobsOperator").Select(Scope).Order(StringComparer.Ordinal));

    /// <summary>The readiness probe reads the first table that is registered; without the right to, no request would reach the
    /// server.</summary>
    [Fact]
    public void InferenceServer_AskedWhetherItIsReady_MayReadWhatItThenReads()
    {
        var first = new ServiceCollection().AddTriOpsStorage(StorageOptions.Parse("anyaccount")).Select(s => s.ImplementationInstance)
            .OfType<StorageTable>().First();

        Assert.Contains(Assignments(Deployment.Plain), a => Who(a) == "inference" && Role(a) == "storageTableDataReader"
            && On(a) == $"tables/{first.Name}");
    }

    private static IReadOnlyList<Resource> Assignments(Deployment deployment) =>
        deployment.OfType("Microsoft.Authorization/roleAssignments");

    private static string Scope(Resource assignment) => assignment.Id[..assignment.Id.IndexOf(Assignment, StringComparison.Ordinal)];

    private static string Role(Resource assignment)
    {
        var id = assignment.Text("properties", "roleDefinitionId")!.Split('/')[^1];
        return Roles.Single(r => r.Value == id).Key;
    }

    private static string On(Resource assignment)
    {
        var parts = Scope(assignment).Split('/');
        return parts[^2] is "containers" or "queues" or "tables" ? $"{parts[^2]}/{parts[^1]}" : parts[^2];
    }

    private static string Who(Resource assignment) => assignment.Text("properties", "principalId")! switch
    {
        var id when IdentityName().Match(id) is { Success: true } match => match.Groups[1].Value,
        var id when id.Contains("/systemTopics/", StringComparison.Ordinal) => "topic",
        _ => "uploader",
    };

    [GeneratedRegex("/userAssignedIdentities/id-([a-z]+)-")]
    private static partial Regex IdentityName();
}
