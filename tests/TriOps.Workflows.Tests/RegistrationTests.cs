using TriOps.Core.Steps;
using TriOps.Core.Workflows;
using TriOps.Durable;
using TriOps.LocalHost.Workflows;

namespace TriOps.Workflows.Tests;

/// <summary>Every step that somebody may ask for has its code, and every code its step.</summary>
public sealed class RegistrationTests
{
    [Fact]
    public void Registrations_AreTheStepsThatAreNamed()
    {
        var registry = new WorkflowRegistry();
        Registrations.AddAll(registry);
        Assert.Equal(Named(typeof(WorkflowName<,>)), registry.Orchestrations.Order(StringComparer.Ordinal));
        Assert.Equal(Named(typeof(ActivityName<,>)), registry.Activities.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Registry_NameTakenTwice_IsRefused()
    {
        var registry = new WorkflowRegistry();
        Registrations.AddAll(registry);
        Assert.Throws<ArgumentException>(() => Registrations.AddAll(registry));
    }

    private static IEnumerable<string> Named(Type kind) => typeof(IngestSteps).Assembly.GetTypes()
        .Where(t => t.Namespace == typeof(IngestSteps).Namespace)
        .SelectMany(t => t.GetFields())
        .Where(f => f.IsStatic && f.FieldType.IsGenericType && f.FieldType.GetGenericTypeDefinition() == kind)
        .Select(f => f.GetValue(null)!.ToString()!).Order(StringComparer.Ordinal);
}
