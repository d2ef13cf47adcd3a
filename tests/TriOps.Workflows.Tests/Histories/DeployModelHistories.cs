using TriOps.Core.Deployments;
using TriOps.Core.Projects;
using TriOps.Core.Workflows;
using TriOps.Orchestrations;

namespace TriOps.Workflows.Tests;

public sealed class DeployModelHistories
{
    private const string Id = "deploy-1";
    private readonly List<int> shares = [];

    [Fact]
    public async Task Immediate_IsPromoted()
    {
        await using var engine = await StartAsync(Sample.Deploy());
        Assert.Equal(RevisionState.Active, (await Recording.ResultAsync<DeployResult>(engine, Id, "deploy-model.immediate.v1.json")).State);
    }

    [Fact]
    public async Task HealthyCanary_TakesItsStepsAndIsPromoted()
    {
        await using var engine = await StartAsync(Sample.Deploy(Strategy.Canary));
        for (var look = 0; look < 8; look++) await engine.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(RevisionState.Active, (await Recording.ResultAsync<DeployResult>(engine, Id, "deploy-model.canary.v1.json")).State);
        Assert.Equal([10, 50], shares);
    }

    [Fact]
    public async Task SickCanary_IsRolledBack()
    {
        await using var engine = await StartAsync(Sample.Deploy(Strategy.Canary), sickAtLook: 2);
        for (var look = 0; look < 2; look++) await engine.AdvanceAsync(TimeSpan.FromMinutes(5));
        var result = await Recording.ResultAsync<DeployResult>(engine, Id, "deploy-model.rolled-back.v1.json");
        Assert.Equal((RevisionState.RolledBack, "slow"), (result.State, result.Reason));
    }

    [Fact]
    public async Task Approved_GoesOn()
    {
        await using var engine = await StartAsync(Sample.Deploy(approval: TimeSpan.FromHours(2)));
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        await engine.Workflows.RaiseAsync(Id, DeploySteps.Approval, new ApprovalDecision(true, "ada", null), default);
        await engine.SettleAsync();
        Assert.Equal(RevisionState.Active, (await Recording.ResultAsync<DeployResult>(engine, Id, "deploy-model.approved.v1.json")).State);
    }

    [Fact]
    public async Task NotApprovedInTime_EndsWithoutARevision()
    {
        await using var engine = await StartAsync(Sample.Deploy(approval: TimeSpan.FromHours(2)));
        await engine.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Null((await Recording.ResultAsync<DeployResult>(engine, Id, "deploy-model.not-approved.v1.json")).Revision);
    }

    /// <summary>A hold of nothing: every look is taken, and none waits.</summary>
    [Fact]
    public async Task CanaryWithoutHold_TakesItsStepsWithoutWaiting()
    {
        await using var engine = await StartAsync(Sample.Deploy(Strategy.Canary, hold: TimeSpan.Zero));
        Assert.Equal(RevisionState.Active, (await Recording.ResultAsync<DeployResult>(engine, Id, "deploy-model.no-hold.v1.json")).State);
        Assert.Equal([10, 50], shares);
    }

    private Task<JournalHarness> StartAsync(DeploySpec spec, int? sickAtLook = null)
    {
        var looks = 0;
        return Recording.StartAsync<DeployModel, DeployRequest, DeployResult>(new(Sample.Version, spec, "test"), Id, engine =>
        {
            engine.Answer(DeploySteps.CreateRevision, Sample.Revision);
            engine.Answer(DeploySteps.SmokeTest, new(true, "reproduces 2 reference rows"));
            engine.Activity(DeploySteps.ShiftTraffic, r => { shares.Add(r.Percent); return Task.FromResult(Done.Value); });
            engine.Activity(DeploySteps.CheckHealth, _ => Task.FromResult(++looks == sickAtLook ? new HealthVerdict(false, "slow") : new(true, "well")));
            engine.Answer(DeploySteps.Promote, Done.Value);
            engine.Answer(DeploySteps.RollBack, Done.Value);
        });
    }
}
