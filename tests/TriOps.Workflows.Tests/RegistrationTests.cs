using TriOps.Core.Steps;
using TriOps.Durable;
using TriOps.LocalHost.Workflows;

namespace TriOps.Workflows.Tests;

/// <summary>The catalogue and the local registrations say the same. A name registered twice is refused when it is added.</summary>
public sealed class RegistrationTests
{
    [Fact]
    public void Registrations_AreTheCatalogue()
    {
        var registry = new WorkflowRegistry();
        Registrations.AddAll(registry);
        Assert.Equal(Catalogue.Orchestrations.Order(), registry.Orchestrations.Order());
        Assert.Equal(Catalogue.Activities.Order(), registry.Activities.Order());
    }

    [Fact]
    public void Registry_NameTakenTwice_IsRefused()
    {
        var registry = new WorkflowRegistry();
        Registrations.AddAll(registry);
        Assert.Throws<ArgumentException>(() => Registrations.AddAll(registry));
    }
}
