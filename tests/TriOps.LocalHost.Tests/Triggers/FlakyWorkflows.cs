using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.Testing.Fakes;

namespace TriOps.LocalHost.Tests.Triggers;

/// <summary>An engine that fails when the test says so, and whose first start answers when the test says so.</summary>
internal sealed class FlakyWorkflows(FakeWorkflows inner, Func<string, bool> fails, Task? answers = null) : IWorkflows
{
    public int Calls { get; private set; }

    public async Task<bool> StartAsync<TIn, TOut>(WorkflowName<TIn, TOut> workflow, TIn input, string instanceId, CancellationToken ct)
    {
        if (++Calls == 1 && answers is not null) await answers;
        return fails(System.Text.Json.JsonSerializer.Serialize(input)) ? throw new IOException("The engine is out of reach.")
            : await inner.StartAsync(workflow, input, instanceId, ct);
    }

    public Task RaiseAsync<T>(string instanceId, EventName<T> name, T payload, CancellationToken ct)
    {
        Calls++;
        return fails(instanceId) ? throw new IOException("The engine is out of reach.") : inner.RaiseAsync(instanceId, name, payload, ct);
    }

    public Task TerminateAsync(string instanceId, string reason, CancellationToken ct) => inner.TerminateAsync(instanceId, reason, ct);
    public Task<WorkflowInstance?> FindAsync(string instanceId, CancellationToken ct) => inner.FindAsync(instanceId, ct);
    public Task<Page<WorkflowInstance>> ListAsync(string prefix, int size, string? continuation, CancellationToken ct) =>
        inner.ListAsync(prefix, size, continuation, ct);
    public Task<IReadOnlyList<WorkflowStep>> StepsAsync(string instanceId, CancellationToken ct) => inner.StepsAsync(instanceId, ct);
}
