using DurableTask.Core.History;
using TriOps.Activities.Deployments;
using TriOps.Activities.Termination;
using TriOps.Activities.Triggers;
using TriOps.Core.Deployments;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;
using TriOps.Orchestrations;
using TriOps.Testing.Durable;
using TriOps.Testing.Fakes;

namespace TriOps.Activities.Tests.Deployments;

/// <summary>The orchestration over its real activities, in memory.</summary>
public sealed class DeployModelTests
{
    private readonly Domain domain = new();
    private readonly DurableBench bench;

    /// <summary>Runs before each look at a canary's health, with a time just before it.</summary>
    private Func<DateTimeOffset, Task> beforeLook = _ => Task.CompletedTask;

    public DeployModelTests() => bench = new DurableBench(domain.Time).Run<DeployModel, DeployRequest, DeployResult>()
        .On(DeploySteps.CreateRevision, domain.Run<CreateRevision, CreateRevisionRequest, RevisionRef>())
        .On(DeploySteps.SmokeTest, domain.Run<SmokeTest, RevisionRef, SmokeTestResult>())
        .On(DeploySteps.ShiftTraffic, domain.Run<ShiftTraffic, ShiftTrafficRequest, Done>())
        .On(DeploySteps.CheckHealth, async r =>
        {
            await beforeLook(domain.Time.GetUtcNow() - TimeSpan.FromSeconds(1));
            return await domain.Make<CheckHealth>().Run(r, default);
        })
        .On(DeploySteps.Promote, domain.Run<PromoteRevision, RevisionRef, Done>())
        .On(DeploySteps.RollBack, domain.Run<RollBackRevision, RollBackRequest, Done>());

    [Fact]
    public async Task Run_Immediate_PromotesAndRetiresTheOneBefore()
    {
        await DeployAsync("first");
        var result = await DeployAsync("second");

        Assert.Equal((RevisionState.Active, null), (result.State, result.Reason));
        var clinic = await domain.ClinicAsync();
        Assert.Equal([(RevisionState.Retired, 0), (RevisionState.Active, 100)], clinic.Revisions.Select(r => (r.State, r.Traffic)));
        Assert.Equal(2, (await ChampionAsync())!.Number);
        var lineage = await domain.Get<LineageGraph>().WalkAsync(new("model-version", "demo/diagnosis:2"), default);
        Assert.Contains(lineage, e => e is { Relation: "deployed-as", To.Id: "demo/clinic:2" });
        Assert.Contains((await domain.Get<AuditLog>().ListAsync(new(), default)).Items, e => e.Action == "deployment.promote"
            && e.Details["before"] == "1");
    }

    [Fact]
    public async Task Run_VersionItsGateRefused_IsNotDeployed()
    {
        var result = await DeployAsync("bad", status: ModelStatus.Rejected);
        Assert.Null(result.Revision);
        Assert.Equal(RevisionState.RolledBack, result.State);
        Assert.Contains("refused by its gate", result.Reason);
        Assert.Null(await domain.Get<DeploymentTable>().FindAsync(Domain.Deployment, default));
    }

    [Fact]
    public async Task Run_SmokeTestFails_LeavesTheActiveOneAlone()
    {
        await DeployAsync("first");
        var result = await DeployAsync("second", wrongBy: 0.01f);
        Assert.Equal(RevisionState.RolledBack, result.State);
        Assert.Contains("where the trainer gave", result.Reason);
        Assert.Equal([(RevisionState.Active, 100), (RevisionState.RolledBack, 0)],
            (await domain.ClinicAsync()).Revisions.Select(r => (r.State, r.Traffic)));
        Assert.Equal(1, (await ChampionAsync())!.Number);
    }

    [Fact]
    public async Task Run_HealthyCanary_TakesItsStepsAndThenAll()
    {
        await DeployAsync("first");
        var shares = new List<int>();
        beforeLook = async _ => shares.Add((await domain.ClinicAsync()).Revisions[1].Traffic);
        var result = await DeployAsync("second", Domain.Spec(Strategy.Canary));
        Assert.Equal(RevisionState.Active, result.State);
        Assert.Equal([10, 10, 10, 10, 50, 50, 50, 50], shares);
        Assert.Equal(100, (await domain.ClinicAsync()).Active!.Traffic);
    }

    /// <summary>A timer of Durable fires up to a second late. Four looks a step, each counted from the step's start, are late together by
    /// no more than that.</summary>
    [Fact]
    public async Task Run_CanaryOfFiveSecondsAStep_LastsHardlyLonger()
    {
        await DeployAsync("first");
        var spec = Domain.Spec(Strategy.Canary) with { Hold = TimeSpan.FromSeconds(5) };
        var begun = domain.Time.GetUtcNow();

        await DeployAsync("second", spec);

        var most = spec.Steps.Count * TimeSpan.FromSeconds(6);
        Assert.InRange(domain.Time.GetUtcNow() - begun, spec.Steps.Count * spec.Hold, most);
    }

    [Fact]
    public async Task Run_CanaryFailsRequests_IsRolledBackAtTheFirstLook()
    {
        await DeployAsync("first");
        beforeLook = now => domain.LogAsync(Requests(2, now, 40, errors: 4));
        var result = await DeployAsync("second", Domain.Spec(Strategy.Canary));
        Assert.Equal(RevisionState.RolledBack, result.State);
        Assert.Equal("Revision 2 failed 4 of 40 requests (10 %); 2 % is allowed.", result.Reason);
        Assert.Equal(1, bench.Count("deploy-v2", DeploySteps.CheckHealth.Value));
        Assert.Equal([(RevisionState.Active, 100), (RevisionState.RolledBack, 0)],
            (await domain.ClinicAsync()).Revisions.Select(r => (r.State, r.Traffic)));
    }

    [Fact]
    public async Task Run_CanaryIsSlow_IsRolledBack()
    {
        await DeployAsync("first");
        beforeLook = now => domain.LogAsync([.. Requests(1, now, 40, 1000), .. Requests(2, now, 40, 3000)]);
        var result = await DeployAsync("second", Domain.Spec(Strategy.Canary));
        Assert.Equal("Revision 2 takes 3 ms (p95 of 40 requests), 3 times revision 1's 1 ms; 2 times is allowed.", result.Reason);
    }

    [Fact]
    public async Task Run_FirstRevisionAsCanary_HasNobodyToShareWithAndServesAtOnce()
    {
        Assert.Equal(RevisionState.Active, (await DeployAsync("first", Domain.Spec(Strategy.Canary))).State);
        Assert.DoesNotContain(bench.Hub.History("deploy-v1"), e => e is TimerCreatedEvent);
    }

    [Fact]
    public async Task Run_NewerDeploymentArrives_SupersedesTheCanary()
    {
        await DeployAsync("first");
        await StartAsync(await domain.RegisterAsync("second"), Domain.Spec(Strategy.Canary));
        Assert.Equal(RevisionState.Active, (await DeployAsync("third")).State);
        var older = await EndAsync("deploy-v2");
        Assert.Equal(RevisionState.RolledBack, older.State);
        Assert.Contains("Superseded by revision 3", older.Reason);
        Assert.Equal([0, 0, 100], (await domain.ClinicAsync()).Revisions.Select(r => r.Traffic));
        Assert.Equal(3, (await ChampionAsync())!.Number);
    }

    [Fact]
    public async Task Run_NobodyApproves_EndsWithoutARevision()
    {
        var result = await DeployAsync("first", Domain.Spec(approval: TimeSpan.FromHours(2)));
        Assert.Equal((null, RevisionState.RolledBack), (result.Revision, result.State));
        Assert.Contains("Nobody approved", result.Reason);
    }

    [Theory]
    [InlineData(true, RevisionState.Active)]
    [InlineData(false, RevisionState.RolledBack)]
    public async Task Run_PersonDecides_FollowsAndSaysWho(bool approved, RevisionState state)
    {
        await StartAsync(await domain.RegisterAsync("first"), Domain.Spec(approval: TimeSpan.FromHours(2)));
        Assert.Empty(bench.Steps("deploy-v1"));
        await bench.RaiseAsync("deploy-v1", DeploySteps.Approval, new ApprovalDecision(approved, "ada", "looked at it"));
        var result = bench.Result<DeployResult>("deploy-v1");
        Assert.Equal(state, result.State);
        if (approved)
            Assert.Contains((await domain.Get<AuditLog>().ListAsync(new(), default)).Items,
                e => e.Details.GetValueOrDefault("approvedBy") == "ada");
        else Assert.Equal("ada rejected demo/diagnosis:1: looked at it", result.Reason);
    }

    [Fact]
    public async Task Run_PromotionFailsHalfWay_IsUndone()
    {
        await DeployAsync("first");
        bench.On(DeploySteps.Promote, async revision =>
        {
            await domain.Make<PromoteRevision>().Run(revision, default);
            throw new IOException("the answer was lost");
        });
        var result = await DeployAsync("second");
        Assert.Equal(Retry.Standard.MaxAttempts, bench.Count("deploy-v2", DeploySteps.Promote.Value));
        Assert.Equal((RevisionState.RolledBack, "the answer was lost"), (result.State, result.Reason));
        Assert.Equal([(RevisionState.Active, 100), (RevisionState.RolledBack, 0)],
            (await domain.ClinicAsync()).Revisions.Select(r => (r.State, r.Traffic)));
        Assert.Equal(1, (await ChampionAsync())!.Number);
    }

    [Fact]
    public async Task Activities_RunTwice_ChangeNothingMore()
    {
        var version = await domain.RegisterAsync("first");
        var request = new CreateRevisionRequest("deploy-1", new(version.Ref, Domain.Spec(), "test"));
        var revision = await domain.Make<CreateRevision>().Run(request, default);
        Assert.Equal(revision, await domain.Make<CreateRevision>().Run(request, default));
        await domain.Make<PromoteRevision>().Run(revision, default);
        await domain.Make<PromoteRevision>().Run(revision, default);
        Assert.Single((await domain.ClinicAsync()).Revisions);
        Assert.Equal(2,
            (await domain.Get<AuditLog>()
            .ListAsync(new(), default)).Items.Count(e => e.Action.StartsWith("deployment", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(WorkflowStatus.Terminated, "Workflow deploy-v2 was ended: enough")]
    [InlineData(WorkflowStatus.Failed, "Workflow deploy-v2 failed: storage was away")]
    [InlineData(WorkflowStatus.Running, null)]
    [InlineData(null, "Workflow deploy-v2 is gone: it was removed.")]
    public async Task Sweep_CanaryWhoseWorkflowIsOver_GivesItsTrafficBack(WorkflowStatus? status, string? reason)
    {
        await CanaryAsync();
        if (status is { } now)
            domain.Get<FakeWorkflows>().Instances["deploy-v2"] =
                new("deploy-v2", "DeployModel", now, default, default,
                Output: System.Text.Json.JsonSerializer.SerializeToElement("enough"), Failure: new("X", "storage was away"));

        for (var i = 0; i < 3; i++)
        {
            await domain.Make<MonitorTimer>().HandleAsync(domain.Time.GetUtcNow(), default);
            domain.Time.Advance(EndedWorkflows.Grace); // One that the engine never wrote counts as removed only then.
        }

        var canary = (await domain.ClinicAsync()).Revisions[1];
        Assert.Equal(reason is null ? (RevisionState.Canary, 10, null)
            : (RevisionState.RolledBack, 0, reason), (canary.State, canary.Traffic, canary.Reason));
        Assert.Equal(reason is null
            ? 0 : 1, (await domain.Get<AuditLog>().ListAsync(new(), default)).Items.Count(e => e.Action == "deployment.roll-back"));
    }

    [Fact]
    public async Task Terminate_OfADeployment_TakesItsCanaryOut()
    {
        var request = await CanaryAsync();
        await domain.Get<FakeWorkflows>().StartAsync(DeploySteps.Workflow, request, "deploy-v2", default);

        await domain.Get<ITermination>().TerminateAsync("deploy-v2", "wrong version", default);

        var clinic = await domain.ClinicAsync();
        Assert.Equal([(RevisionState.Active, 100), (RevisionState.RolledBack, 0)], clinic.Revisions.Select(r => (r.State, r.Traffic)));
        Assert.Contains("wrong version", clinic.Revisions[1].Reason);
    }

    /// <summary>A second revision that takes a tenth of the traffic.</summary>
    private async Task<DeployRequest> CanaryAsync()
    {
        await domain.Get<Core.Projects.ProjectStore>().ApplyAsync(Experiments.Bench.Yaml(), "test", default);
        await DeployAsync("first");
        var request = new DeployRequest((await domain.RegisterAsync("second")).Ref, Domain.Spec(Strategy.Canary), "test");
        await domain.Make<ShiftTraffic>()
            .Run(new(await domain.Make<CreateRevision>().Run(new("deploy-v2", request), default), 10), default);
        return request;
    }

    /// <summary>A host that is killed after a step's work and before its result is recorded does the step again, later.</summary>
    [Fact]
    public async Task Activities_DoneAgainLater_LeaveEachEventOnce()
    {
        await DeployAsync("first");
        var version = await domain.RegisterAsync("second");
        var revision = await Twice<CreateRevision, CreateRevisionRequest,
            RevisionRef>(new("deploy-2", new(version.Ref, Domain.Spec(), "test")));
        await Twice<ShiftTraffic, ShiftTrafficRequest, Done>(new(revision, 10));
        await Twice<PromoteRevision, RevisionRef, Done>(revision);
        await Twice<RollBackRevision, RollBackRequest, Done>(new(revision, "slow"));

        string[] told = ["alias", "percent", "reason", "before"];
        var events = (await domain.Get<AuditLog>().ListAsync(new(), default)).Items.Where(e => e.Actor == "workflow deploy-2");
        Assert.Equal(
        [
            "00:00 deployment.create-revision", "00:00 model.alias challenger before=1", "00:01 deployment.traffic 10",
                "00:02 deployment.promote before=1", "00:02 model.alias champion before=1",
            "00:03 deployment.roll-back slow", "00:03 model.alias champion before=2",
        ], events.Select(e =>
        $"{e.At:HH:mm} "
        + $"{e.Action}{string.Concat(told.Where(e.Details.ContainsKey).Select(t => t == "before" ? $" before={e.Details[t]}" : $" {e.Details[t]}"))}").Order(StringComparer.Ordinal));

        async Task<TOut> Twice<T, TIn, TOut>(TIn input) where T : IActivity<TIn, TOut>
        {
            await domain.Make<T>().Run(input, default);
            domain.Time.Advance(TimeSpan.FromMinutes(1));
            return await domain.Make<T>().Run(input, default);
        }
    }

    [Fact]
    public async Task Promote_InterruptedBeforeItsEvent_WritesItWithTheTimeOfTheChange()
    {
        var version = await domain.RegisterAsync("first");
        var revision = await domain.Make<CreateRevision>().Run(new("deploy-1", new(version.Ref, Domain.Spec(), "test")), default);
        var changed = domain.Time.GetUtcNow();
        await domain.Get<DeploymentTable>().UpdateAsync(Domain.Deployment, d => d!.Activate(1, changed), default);
        domain.Time.Advance(TimeSpan.FromMinutes(1));
        await domain.Make<PromoteRevision>().Run(revision, default);
        Assert.Equal(changed,
            Assert.Single((await domain.Get<AuditLog>().ListAsync(new(), default)).Items, e => e.Action == "deployment.promote").At);
    }

    [Fact]
    public async Task CreateRevision_OtherModelsDeployment_IsRefused()
    {
        await DeployAsync("first");
        await domain.Get<DeploymentTable>()
            .UpdateAsync(Domain.Deployment, d => d! with { Model = Core.Names.ModelName.Parse("other") }, default);
        Assert.Contains("serves the model 'other'", (await DeployAsync("second")).Reason);
    }

    private async Task<DeployResult> DeployAsync(string run, Core.Projects.DeploySpec? spec = null, float wrongBy = 0,
        ModelStatus status = ModelStatus.Approved)
    {
        var version = await domain.RegisterAsync(run, wrongBy: wrongBy, status: status);
        return await EndAsync(await StartAsync(version, spec ?? Domain.Spec()));
    }

    /// <returns>The instance's id: deploy-v and the version's number.</returns>
    private async Task<string> StartAsync(ModelVersion version, Core.Projects.DeploySpec spec)
    {
        await bench.StartAsync(DeploySteps.Workflow, new(version.Ref, spec, "test"), $"deploy-v{version.Number}");
        return $"deploy-v{version.Number}";
    }

    private async Task<DeployResult> EndAsync(string id)
    {
        await bench.EndAsync(id);
        return bench.Result<DeployResult>(id);
    }

    private Task<ModelVersion?> ChampionAsync() =>
        domain.Get<ModelRegistry>().FindByAliasAsync(Domain.Project, Domain.Model, Aliases.Champion, default);

    private static IEnumerable<InferenceRecord> Requests(int revision, DateTimeOffset at, int count, long microseconds = 1000,
        int errors = 0) => Enumerable.Range(0, count)
        .Select(i => new InferenceRecord($"{revision}-{i}", at, revision, revision, [1], ["a"], i < errors ? []
        : [0.5f, 0.5f], microseconds, i < errors ? "boom" : null));
}
