using TriOps.Core.Workflows;

namespace TriOps.Testing.Fakes;

/// <summary>Ends instances; what they leave open is no business of the test.</summary>
public sealed class FakeTermination(IWorkflows workflows) : ITermination
{
    public Task TerminateAsync(string instanceId, string reason, CancellationToken ct) => workflows.TerminateAsync(instanceId, reason, ct);
}
