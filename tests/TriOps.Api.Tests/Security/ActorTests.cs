using System.Net;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Serving.Tests;
using TriOps.Testing.Fakes;

namespace TriOps.Api.Tests.Security;

/// <summary>Every change names who made it, and who made it is who asked.</summary>
public sealed class ActorTests : IAsyncLifetime
{
    private const string Deploy = """{"project":"demo","model":"diagnosis","version":1}""";
    private static readonly string TwoNeeded =
        ApiHost.Yaml.Replace("approval: 2h", "approval: { within: 2h, by: other }", StringComparison.Ordinal);

    private readonly ApiHost api = Keys.Host();

    public async ValueTask InitializeAsync()
    {
        await api.InitializeAsync();
        await api.ServeAsync();
        await api.Get<DatasetCatalog>()
            .CommitAsync(TinyModels.Project, DatasetName.Parse("tumours"), "w", null,
            n => new DatasetVersion(TinyModels.Project, DatasetName.Parse("tumours"), n, VersionStatus.Committed,
            ContentId.OfBytes("m"u8), null, new SourceFile("a.csv", "e", 3), [new Column("radius", ColumnKind.Number)], 10, 100, 100,
            ContentId.OfBytes("p"u8), [], DateTimeOffset.UnixEpoch, "w"), default);
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Theory]
    [InlineData("PUT", "/api/projects/other", null, "project.apply")]
    [InlineData("POST", "/api/projects/demo/datasets/tumours/uploads", """{"file":"a.csv"}""", "dataset.upload")]
    [InlineData("POST", "/api/projects/demo/pipelines/diagnosis/runs", "{}", "run.request")]
    [InlineData("POST", "/api/deployments", Deploy, "deployment.request")]
    [InlineData("POST", "/api/projects/demo/deployments/tumours/check", "{}", "deployment.check")]
    [InlineData("PUT", "/api/projects/demo/models/diagnosis/aliases/challenger", """{"number":1}""", "model.alias")]
    public async Task Change_OfAnyKind_NamesItsActor(string method, string path, string? body, string action)
    {
        var answer =
            await api.SendAsync(new HttpMethod(method), path, body
            ?? ApiHost.Yaml.Replace("project: demo", "project: other", StringComparison.Ordinal), body is null ? "application/yaml"
            : "application/json", Keys.With("contributor"));
        Assert.True((int)answer.Status < 300, answer.Text);
        Assert.Contains(await AuditAsync(), e => e.Action == action && e.Actor == "key:contributor");
    }

    [Fact]
    public async Task Termination_OfADeployment_NamesItsActor()
    {
        var id = await RequestAsync("contributor");
        Assert.Equal(HttpStatusCode.Accepted,
            (await api.PostAsync($"/api/workflows/{id}/terminate", """{"reason":"enough"}""", Keys.With("contributor:demo"))).Status);
        Assert.Contains(await AuditAsync(), e => e.Action == "workflow.terminate" && e.Actor == "key:contributor-demo");
    }

    [Fact]
    public async Task Approval_OfADeployment_IsTheCallersWhateverTheBodySays()
    {
        var id = await RequestAsync("contributor");
        (await api.PostAsync($"/api/workflows/{id}/approval", """{"approved":true,"by":"the chief"}""", Keys.With("approver")))
            .IsProblem(400, "key-unknown");
        Assert.Equal(HttpStatusCode.Accepted,
            (await api.PostAsync($"/api/workflows/{id}/approval", """{"approved":true}""", Keys.With("approver"))).Status);
        Assert.Equal("key:approver", ((ApprovalDecision)api.Get<FakeWorkflows>().Raised.Single().Payload!).By);
        Assert.Contains(await AuditAsync(), e => e.Action == "deployment.approval" && e.Actor == "key:approver");
    }

    [Fact]
    public async Task Approval_OfOnesOwnDeployment_IsRefusedWhereTheProjectWantsAnother()
    {
        await api.SendAsync(HttpMethod.Put, "/api/projects/demo", TwoNeeded, "application/yaml", ("x-api-key", Keys.Owner));
        var own = (await api.PostAsync("/api/deployments", Deploy, ("x-api-key", Keys.Owner)))["workflowId"].GetString()!;
        var refused = await api.PostAsync($"/api/workflows/{own}/approval", """{"approved":true}""", ("x-api-key", Keys.Owner));
        refused.IsProblem(403, "approval-own");
        Assert.Contains("'key:owner' asked for this deployment", refused["detail"].GetString(), StringComparison.Ordinal);
        Assert.Empty(api.Get<FakeWorkflows>().Raised);

        Assert.Equal(HttpStatusCode.Accepted,
            (await api.PostAsync($"/api/workflows/{own}/approval", """{"approved":true}""", Keys.With("approver:demo"))).Status);
        // To stop one's own takes nobody else.
        Assert.Equal(HttpStatusCode.Accepted,
            (await api.PostAsync($"/api/workflows/{own}/approval", """{"approved":false}""", ("x-api-key", Keys.Owner))).Status);
    }

    [Fact]
    public async Task Approval_WhereOneSuffices_MayBeOnesOwn()
    {
        var own = (await api.PostAsync("/api/deployments", Deploy, ("x-api-key", Keys.Owner)))["workflowId"].GetString()!;
        Assert.Equal(HttpStatusCode.Accepted,
            (await api.PostAsync($"/api/workflows/{own}/approval", """{"approved":true}""", ("x-api-key", Keys.Owner))).Status);
    }

    [Theory]
    [InlineData("approval: 2h", "approval: null")]
    [InlineData("approval: { within: 2h, by: other }", "approval: 2h")]
    [InlineData("name: tumours", "name: elsewhere")]
    public async Task ProjectFile_ThatAsksForLessApproval_WantsAnApprover(string before, string after)
    {
        var standing = before.Contains("by: other", StringComparison.Ordinal) ? TwoNeeded : ApiHost.Yaml;
        await api.SendAsync(HttpMethod.Put, "/api/projects/demo", standing, "application/yaml", ("x-api-key", Keys.Owner));
        var loosened = standing.Replace(before, after, StringComparison.Ordinal);
        (await api.SendAsync(HttpMethod.Put, "/api/projects/demo", loosened, "application/yaml", Keys.With("contributor")))
            .IsProblem(403, "approval-loosened");
        Assert.Equal(HttpStatusCode.OK,
            (await api.SendAsync(HttpMethod.Put, "/api/projects/demo", standing + "\ndescription: x", "application/yaml",
            Keys.With("contributor"))).Status);
        Assert.Equal(HttpStatusCode.OK,
            (await api.SendAsync(HttpMethod.Put, "/api/projects/demo", loosened, "application/yaml", ("x-api-key", Keys.Owner))).Status);
    }

    /// <summary>Another pipeline's deployment keeps its rule, whichever model is sent there.</summary>
    [Fact]
    public async Task Deploy_OfAnotherPipelinesModel_KeepsTheDeploymentsApproval()
    {
        const string second = "\n  free:\n    dataset: tumours\n    task: binary\n    label: diagnosis\n    positive: malignant\n    "
            + "model: diagnosis\n    deploy: { name: free }\n";
        var yaml = ApiHost.Yaml.Replace("    positive: malignant", "    positive: malignant\n    model: guarded", StringComparison.Ordinal)
            + second;
        await api.SendAsync(HttpMethod.Put, "/api/projects/demo", yaml, "application/yaml", ("x-api-key", Keys.Owner));
        var id = (
            await api.PostAsync("/api/deployments", """{"project":"demo","model":"diagnosis","version":1,"deployment":"tumours"}""",
            Keys.With("contributor")))["workflowId"].GetString()!;
        Assert.Equal(TimeSpan.FromHours(2), ((DeployRequest)api.Get<FakeWorkflows>().Inputs[id]!).Spec.Approval);
    }

    [Fact]
    public async Task Idempotency_KeyOfAnother_IsNotAnsweredWithHisAnswer()
    {
        var first = await api.PostAsync("/api/projects/demo/datasets/tumours/uploads", """{"file":"a.csv"}""", Keys.With("contributor"),
            ("Idempotency-Key", "k"));
        var other = await api.PostAsync("/api/projects/demo/datasets/tumours/uploads", """{"file":"b.csv"}""",
            Keys.With("contributor:demo"), ("Idempotency-Key", "k"));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.Status, other.Status));
        Assert.NotEqual(first["url"].GetString(), other["url"].GetString());
    }

    private async Task<string> RequestAsync(string role) =>
        (await api.PostAsync("/api/deployments", Deploy, Keys.With(role)))["workflowId"].GetString()!;

    private async Task<IReadOnlyList<AuditEvent>> AuditAsync() =>
        (await api.Get<AuditLog>().ListAsync(new PageRequest(100), default)).Items;
}
