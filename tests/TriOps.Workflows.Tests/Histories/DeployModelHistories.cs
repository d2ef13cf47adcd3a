using TriOps.Core.Deployments;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;
using TriOps.Orchestrations;
using TriOps.Testing.Durable;

namespace TriOps.Workflows.Tests;

public sealed class DeployModelHistories
{
    private const string Id = "deploy-1";
    private readonly List<int> shares = [];

    [Fact]
    public async Task Immediate_IsPromoted()
    {
        var bench = await StartAsync(Sample.Deploy());
        Assert.Equal(RevisionState.Active, Recording.Result<DeployResult>(bench, Id, "deploy-model.immediate.v1.json").State);
    }

    [Fact]
    public async Task HealthyCanary_TakesItsStepsAndIsPromoted()
    {
        var bench = await StartAsync(Sample.Deploy(Strategy.Canary));
        for (var look = 0; look < 8; look++) await bench.Hub.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(RevisionState.Active, Recording.Result<DeployResult>(bench, Id, "deploy-model.canary.v1.json").State);
        Assert.Equal([10, 50], shares);
    }

    [Fact]
    public async Task SickCanary_IsRolledBack()
    {
        var bench = await StartAsync(Sample.Deploy(Strategy.Canary), sickAtLook: 2);
        for (var look = 0; look < 2; look++) await bench.Hub.AdvanceAsync(TimeSpan.FromMinutes(5));
        var result = Recording.Result<DeployResult>(bench, Id, "deploy-model.rolled-back.v1.json");
        Assert.Equal((RevisionState.RolledBack, "slow"), (result.State, result.Reason));
    }

    [Fact]
    public async Task Approved_GoesOn()
    {
        var bench = await StartAsync(Sample.Deploy(approval: TimeSpan.FromHours(2)));
        await bench.Hub.AdvanceAsync(TimeSpan.FromHours(1));
        await bench.RaiseAsync(Id, DeploySteps.Approval, new ApprovalDecision(true, "ada", null));
        Assert.Equal(RevisionState.Active, Recording.Result<DeployResult>(bench, Id, "deploy-model.approved.v1.json").State);
    }

    [Fact]
    public async Task NotApprovedInTime_EndsWithoutARevision()
    {
        var bench = await StartAsync(Sample.Deploy(approval: TimeSpan.FromHours(2)));
        await bench.Hub.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Null(Recording.Result<DeployResult>(bench, Id, "deploy-model.not-approved.v1.json").Revision);
    }

    /// <summary>A hold of nothing: every look is taken, and none waits.</summary>
    [Fact]
    public async Task CanaryWithoutHold_TakesItsStepsWithoutWaiting()
    {
        var bench = await StartAsync(Sample.Deploy(Strategy.Canary, hold: TimeSpan.Zero));
        Assert.Equal(RevisionState.Active, Recording.Result<DeployResult>(bench, Id, "deploy-model.no-hold.v1.json").State);
        Assert.Equal([10, 50], shares);
    }

    private Task<DurableBench> StartAsync(DeploySpec spec, int? sickAtLook = null)
    {
        var looks = 0;
        return Recording.StartAsync<DeployModel, DeployRequest, DeployResult>(new(Sample.Version, spec, "test"), Id, bench =>
        {
            bench.Answer(DeploySteps.CreateRevision, Sample.Revision);
            bench.Answer(DeploySteps.SmokeTest, new(true, "reproduces 2 reference rows"));
            bench.On(DeploySteps.ShiftTraffic, r => { shares.Add(r.Percent); return Done.Value; });
            bench.On(DeploySteps.CheckHealth, _ => ++looks == sickAtLook ? new HealthVerdict(false, "slow") : new(true, "well"));
            bench.Answer(DeploySteps.Promote, Done.Value);
            bench.Answer(DeploySteps.RollBack, Done.Value);
        });
    }
}
