using DurableTask.Core;
using DurableTask.Core.Command;
using DurableTask.Core.History;

namespace TriOps.Testing.Durable;

/// <summary>An instance on a <see cref="DurableHub"/>.</summary>
/// <param name="name">Its orchestration.</param>
/// <param name="id">Its id.</param>
/// <param name="created">When it was started.</param>
internal sealed class HubInstance(string name, string id, DateTime created)
{
    public string Name { get; } = name;
    public string Id { get; } = id;
    public DateTime Created { get; } = created;
    public DateTime Updated { get; set; } = created;

    /// <summary>Events of turns that are over.</summary>
    public List<HistoryEvent> Past { get; set; } = [];

    /// <summary>Events of the next turn.</summary>
    public List<HistoryEvent> Inbox { get; } = [];

    /// <summary>Who waits for it, and under which of its tasks.</summary>
    public (string Id, int Task)? Parent { get; init; }

    public string? Input { get; set; }

    public string? Status
    {
        get;
        set
        {
            if (value is not null && value != field) Statuses.Add(value);
            field = value;
        }
    }

    /// <summary>Every custom status that could be seen, as JSON: of those set in one turn, the last.</summary>
    public List<string> Statuses { get; } = [];

    public OrchestrationCompleteOrchestratorAction? End { get; set; }
    public int Executions { get; set; } = 1;

    /// <summary>Begins an execution with what the next turn finds.</summary>
    public void Begin(string? input, DateTime now, IEnumerable<HistoryEvent> more)
    {
        (Past, Input) = ([], input);
        Inbox.InsertRange(0,
            [new ExecutionStartedEvent(-1, input) { Name = Name, Version = "",
            OrchestrationInstance = new OrchestrationInstance { InstanceId = Id, ExecutionId = $"{Id}-{Executions}" }, Timestamp = now },
            .. more]);
    }
}
