using System.Text.Json;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Tests.Fakes;
using TriOps.Core;
using TriOps.Core.Deployments;
using TriOps.Core.Governance;
using TriOps.Core.Monitoring;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Cli.Tests.Commands;

/// <summary>What used to take a raw route: decisions, roll-backs, cancelling, aliases, alerts, lineage, applying.</summary>
public sealed class OperationCommandTests : IDisposable
{
    private const string Yaml = "version: 1\nproject: clinic\ndatasets: { tumours: {} }\n";
    private readonly TestCli cli = new();

    [Theory]
    [InlineData("approve", true)]
    [InlineData("reject", false)]
    public async Task Decision_WithoutAWorkflow_IsOnTheOnlyDeploymentThatWaits(string command, bool approved)
    {
        await using var host = await FakeHost.StartAsync();
        host.OnList("GET /api/workflows", Running("deploy-1", "canary"), Running("deploy-2", DeploySteps.ApprovalPhase))
            .On("POST /api/workflows/deploy-2/approval", new { workflowId = "deploy-2" }, 202);

        var ran = await cli.RunAsync(command, "--comment", "as agreed", "--url", host.Url, "--json");

        Assert.True(ran.Code == Exit.Ok, ran.Error);
        Assert.Equal(("deploy-2", approved),
            (ran.Json.GetProperty("workflowId").GetString(), ran.Json.GetProperty("approved").GetBoolean()));
        Assert.Equal($$"""{"approved":{{(approved ? "true" : "false")}},"comment":"as agreed"}""",
            host.Single("POST /api/workflows/deploy-2/approval").Body);
    }

    [Fact]
    public async Task Approve_NothingWaits_IsNotFoundAndSeveralWantAName()
    {
        await using var host = await FakeHost.StartAsync();
        host.OnList("GET /api/workflows", Running("deploy-1", "canary"))
            .OnList("GET /api/workflows", Running("deploy-1", DeploySteps.ApprovalPhase), Running("deploy-2", DeploySteps.ApprovalPhase));

        Assert.Equal(Exit.NotFound, (await cli.RunAsync("approve", "--url", host.Url)).Code);
        var several = await cli.RunAsync("approve", "--url", host.Url);
        Assert.Equal(Exit.Usage, several.Code);
        Assert.Contains("deploy-2", several.Error);
    }

    [Fact]
    public async Task Approve_OnesOwnWhereItTakesTwo_IsNotAllowedAndAsksForNoOtherKey()
    {
        await using var host = await FakeHost.StartAsync();
        host.OnProblem("POST /api/workflows/deploy-2/approval", 403, "approval-own", "'key:ci' asked for this deployment.");

        var ran = await cli.RunAsync("approve", "deploy-2", "--url", host.Url);

        Assert.Equal(Exit.NotAllowed, ran.Code);
        Assert.Contains("'key:ci' asked for this deployment.", ran.Error);
        Assert.DoesNotContain("TRIOPS_API_KEY", ran.Error);
    }

    [Fact]
    public async Task Approve_WithWait_FollowsTheDeploymentToItsEnd()
    {
        await using var host = await FakeHost.StartAsync();
        host.On("POST /api/workflows/deploy-2/approval", new { workflowId = "deploy-2" }, 202)
            .On("GET /api/workflows/deploy-2",
            Samples.Ended("deploy-2", "DeployModel", new DeployResult(null, RevisionState.RolledBack, "p95 is 5 times the old revision's")))
            .OnList("GET /api/workflows/deploy-2/steps", Samples.Step(0, "CreateRevision"));

        Assert.Equal(Exit.Refused, (await cli.RunAsync("approve", "deploy-2", "--wait", "--url", host.Url)).Code);
    }

    [Fact]
    public async Task Rollback_WithARevisionOnItsWay_EndsItsWorkflow()
    {
        await using var host = await FakeHost.StartAsync();
        var deployed = Samples.Deployed(1);
        host.On("GET /api/projects/clinic/deployments/diagnosis",
            deployed
            with { Revisions =
            [.. deployed.Revisions,
            new Revision(2, new(Samples.Clinic, Samples.Diagnosis, 2), RevisionState.Canary, 10, "deploy-2", Samples.Noon)] })
            .On("POST /api/workflows/deploy-2/terminate", new { workflowId = "deploy-2" }, 202);

        var ran = await cli.RunAsync("rollback", "diagnosis", "--project", "clinic", "--reason", "slow", "--url", host.Url);

        Assert.Equal(Exit.Ok, ran.Code);
        Assert.Equal("""{"reason":"slow"}""", host.Single("POST /api/workflows/deploy-2/terminate").Body);
        Assert.Contains("Revision 2 (clinic/diagnosis:2) is taken out; clinic/diagnosis:1 serves.", ran.Out);
    }

    [Fact]
    public async Task Rollback_WithNoneOnItsWay_DeploysTheVersionThatServedBefore()
    {
        await using var host = await FakeHost.StartAsync();
        Revision old = new(1, new(Samples.Clinic, Samples.Diagnosis, 3), RevisionState.Created, 0, "deploy-1", Samples.Noon),
            now = new(2, new(Samples.Clinic, Samples.Diagnosis, 4), RevisionState.Created, 0, "deploy-2", Samples.Noon);
        var replaced = (Samples.Deployed(3) with { Revisions = [old, now] }).Activate(1, Samples.Noon).Activate(2, Samples.Noon);
        host.On("GET /api/projects/clinic/deployments/diagnosis", replaced)
            .On("POST /api/deployments", new { workflowId = "deploy-3" }, 202);

        var ran = await cli.RunAsync("rollback", "diagnosis", "--project", "clinic", "--url", host.Url, "--json");

        Assert.Equal(Exit.Ok, ran.Code);
        var body = JsonDocument.Parse(host.Single("POST /api/deployments").Body).RootElement;
        Assert.Equal(("3", "immediate", "diagnosis"),
            (body.GetProperty("version").GetString(), body.GetProperty("strategy").GetString(), body.GetProperty("deployment")
            .GetString()));
    }

    [Fact]
    public async Task Rollback_NothingBefore_IsNotFound()
    {
        await using var host = await FakeHost.StartAsync();
        host.On("GET /api/projects/clinic/deployments/diagnosis", Samples.Deployed(1));
        Assert.Equal(Exit.NotFound, (await cli.RunAsync("rollback", "diagnosis", "--project", "clinic", "--url", host.Url)).Code);
    }

    [Fact]
    public async Task Cancel_AWorkflow_SendsTheReason()
    {
        await using var host = await FakeHost.StartAsync();
        host.On("POST /api/workflows/train-1/terminate", new { workflowId = "train-1" }, 202);

        Assert.Equal(Exit.Ok, (await cli.RunAsync("cancel", "train-1", "--reason", "wrong file", "--url", host.Url)).Code);
        Assert.Equal("""{"reason":"wrong file"}""", host.Single("POST /api/workflows/train-1/terminate").Body);
    }

    [Fact]
    public async Task Alias_OnAVersion_IsSetAndARefusedChampionIs11()
    {
        await using var host = await FakeHost.StartAsync();
        host.On("PUT /api/projects/clinic/models/diagnosis/aliases/to-look-at", Samples.Model(3))
            .OnProblem("PUT /api/projects/clinic/models/diagnosis/aliases/champion", 409, "model-rejected", "It was refused by its gate.");

        Assert.Equal(Exit.Ok, (await cli.RunAsync("alias", "diagnosis:3", "to-look-at", "--project", "clinic", "--url", host.Url)).Code);
        Assert.Equal("""{"number":3}""", host.Single("PUT /api/projects/clinic/models/diagnosis/aliases/to-look-at").Body);
        Assert.Equal(Exit.Refused, (await cli.RunAsync("alias", "diagnosis:3", "champion", "--project", "clinic", "--url", host.Url)).Code);
        Assert.Equal(Exit.Usage, (await cli.RunAsync("alias", "diagnosis", "champion", "--project", "clinic", "--url", host.Url)).Code);
    }

    [Fact]
    public async Task Alerts_OfADeployment_AreListed()
    {
        await using var host = await FakeHost.StartAsync();
        host.OnList("GET /api/projects/clinic/deployments/diagnosis/alerts",
            new Alert("a1", new(Samples.Clinic, Samples.Endpoint), "drift", "2 columns moved", "w1", Samples.Noon, "retraining started"));

        var ran = await cli.RunAsync("alerts", "diagnosis", "--project", "clinic", "--url", host.Url);

        Assert.Equal(Exit.Ok, ran.Code);
        Assert.Contains("2 columns moved", ran.Out);
        Assert.Contains("retraining started", ran.Out);
    }

    [Theory]
    [InlineData("diagnosis:3", null, "?kind=model-version&id=clinic%2Fdiagnosis%3A3")]
    [InlineData("other/diagnosis:3", null, "?kind=model-version&id=other%2Fdiagnosis%3A3")]
    [InlineData("train-1", "run", "?kind=run&id=train-1")]
    public async Task Lineage_OfSomething_AsksForItsReferenceAndDrawsTheTree(string id, string? kind, string query)
    {
        await using var host = await FakeHost.StartAsync();
        host.OnList("GET /api/projects/clinic/lineage",
            new LineageEdge(new("dataset-version", "clinic/tumours:1"), new("run", "train-1"), "used-by", Samples.Noon));

        var ran = await cli.RunAsync(
            ["lineage", id, "--project", "clinic", "--url", host.Url, .. kind is null ? [] : (string[])["--kind", kind]]);

        Assert.Equal(Exit.Ok, ran.Code);
        Assert.Equal(query, host.Single("GET /api/projects/clinic/lineage").Query);
        Assert.Contains("clinic/tumours:1", ran.Out);
    }

    [Fact]
    public async Task Apply_TheFileHere_SendsItAndSaysTheRevision()
    {
        await using var host = await FakeHost.StartAsync();
        host.On("PUT /api/projects/clinic",
            new { name = "clinic", file = new { version = 1, project = "clinic", datasets = new { }, pipelines = new { } }, yaml = Yaml,
            revision = 2, createdAt = Samples.Noon, updatedAt = Samples.Noon });
        cli.Write("triops.yaml", Yaml);

        var ran = await cli.RunAsync("apply", "--url", host.Url, "--json");

        Assert.Equal(Exit.Ok, ran.Code);
        Assert.Equal(2, ran.Json.GetProperty("revision").GetInt32());
        Assert.Equal(Yaml, host.Single("PUT /api/projects/clinic").Body);
        Assert.Equal(Exit.Usage, (await cli.RunAsync("apply", "elsewhere.yaml", "--url", host.Url)).Code);
    }

    private static WorkflowInstance Running(string id, string phase) =>
        new(id, DeploySteps.Workflow.Value, WorkflowStatus.Running, Samples.Noon, Samples.Noon,
            CustomStatus: JsonSerializer.SerializeToElement(new WorkflowProgress(phase, "", 0), TriOpsJson.Options));

    public void Dispose() => cli.Dispose();
}
