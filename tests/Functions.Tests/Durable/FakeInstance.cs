using DurableTask.Core.History;
using Microsoft.DurableTask.Client;

namespace TriOps.Functions.Tests.Durable;

/// <summary>What a task hub stores of an instance: nothing but text, numbers and times.</summary>
internal sealed class FakeInstance(string id, string name, DateTimeOffset createdAt, string? input)
{
    public string Id { get; } = id;
    public string Name { get; } = name;
    public DateTimeOffset CreatedAt { get; } = createdAt;
    public string? Input { get; set; } = input;
    public DateTimeOffset UpdatedAt { get; set; } = createdAt;
    public OrchestrationRuntimeStatus Status { get; set; } = OrchestrationRuntimeStatus.Pending;
    public string? Output { get; set; }
    public string? CustomStatus { get; set; }
    public int Execution { get; set; }
    public (string Id, int Execution, int Task)? Parent { get; init; }

    /// <summary>One entry per turn: what came, then what the code asked for.</summary>
    public List<FakeTurn> History { get; } = [];

    /// <summary>What has come and was not processed yet, in order.</summary>
    public List<HistoryEvent> Inbox { get; } = [];

    public bool IsEnded => Status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
}

/// <summary>One turn of one execution.</summary>
internal sealed record FakeTurn(DateTime At, List<HistoryEvent> Came, List<HistoryEvent> Asked);
