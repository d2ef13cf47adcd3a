using TriOps.Testing.Conformance;

namespace TriOps.Workflows.Tests;

/// <summary>The journal over memory: everything.</summary>
public sealed class JournalWorkflowTests : WorkflowConformance
{
    protected override WorkflowHarness Create() => new JournalHarness();
}
