using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using TriOps.Core.Workflows;

namespace TriOps.Functions.Durable;

/// <summary>Which instance to look at.</summary>
public sealed record LookRequest(string InstanceId);

/// <summary>Lets an orchestration see where another stands. The adapter's own: no step of the catalogue.</summary>
public sealed class LookAtWorkflowFunction(DurableWorkflows workflows, DurableConnection connection)
{
    internal static readonly ActivityName<LookRequest, WorkflowInstance?> Activity = new("LookAtWorkflow");

    /// <summary>The instance, or null.</summary>
    [Function("LookAtWorkflow")]
    public async Task<WorkflowInstance?> RunAsync([ActivityTrigger] LookRequest request, [DurableClient] DurableTaskClient client, FunctionContext context)
    {
        connection.Use(client);
        return await workflows.FindAsync(request.InstanceId, context.CancellationToken) is { } found ? found with { Input = null, CustomStatus = null } : null;
    }
}
