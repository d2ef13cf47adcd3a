namespace DurableTask.Core
{
    // Microsoft.Azure.DurableTask.Core 3; the members that functions/ uses.

    public class FailureDetails(string errorType, string errorMessage, string? stackTrace, FailureDetails? innerFailure, bool isNonRetriable)
    {
        public string ErrorType { get; } = errorType;
        public string ErrorMessage { get; } = errorMessage;
        public string? StackTrace { get; } = stackTrace;
        public FailureDetails? InnerFailure { get; } = innerFailure;
        public bool IsNonRetriable { get; } = isNonRetriable;
    }
}

namespace DurableTask.Core.History
{
    public abstract class HistoryEvent(int eventId)
    {
        public int EventId { get; } = eventId;
        public DateTime Timestamp { get; set; }
    }

    public class ExecutionStartedEvent(int eventId, string? input) : HistoryEvent(eventId) { public string? Input { get; } = input; }

    public class ExecutionCompletedEvent(int eventId, string? result) : HistoryEvent(eventId) { public string? Result { get; } = result; }

    public class TaskScheduledEvent(int eventId, string? name, string? version, string? input) : HistoryEvent(eventId)
    {
        public string? Name { get; } = name;
        public string? Version { get; } = version;
        public string? Input { get; } = input;
    }

    public class TaskCompletedEvent(int eventId, int taskScheduledId, string? result) : HistoryEvent(eventId)
    {
        public int TaskScheduledId { get; } = taskScheduledId;
        public string? Result { get; } = result;
    }

    public class TaskFailedEvent(int eventId, int taskScheduledId, string? reason, string? details, FailureDetails? failureDetails) : HistoryEvent(eventId)
    {
        public int TaskScheduledId { get; } = taskScheduledId;
        public string? Reason { get; } = reason;
        public string? Details { get; } = details;
        public FailureDetails? FailureDetails { get; } = failureDetails;
    }

    public class SubOrchestrationInstanceCreatedEvent(int eventId) : HistoryEvent(eventId)
    {
        public string? Name { get; set; }
        public string? InstanceId { get; set; }
        public string? Input { get; set; }
    }

    public class SubOrchestrationInstanceCompletedEvent(int eventId, int taskScheduledId, string? result) : HistoryEvent(eventId)
    {
        public int TaskScheduledId { get; } = taskScheduledId;
        public string? Result { get; } = result;
    }

    public class SubOrchestrationInstanceFailedEvent(int eventId, int taskScheduledId, string? reason, string? details, FailureDetails? failureDetails) : HistoryEvent(eventId)
    {
        public int TaskScheduledId { get; } = taskScheduledId;
        public string? Reason { get; } = reason;
        public string? Details { get; } = details;
        public FailureDetails? FailureDetails { get; } = failureDetails;
    }

    public class TimerCreatedEvent(int eventId, DateTime fireAt) : HistoryEvent(eventId) { public DateTime FireAt { get; } = fireAt; }

    public class TimerFiredEvent(int eventId, DateTime fireAt) : HistoryEvent(eventId)
    {
        public int TimerId { get; set; }
        public DateTime FireAt { get; } = fireAt;
    }

    public class EventRaisedEvent(int eventId, string? input) : HistoryEvent(eventId)
    {
        public string? Input { get; } = input;
        public string? Name { get; set; }
    }

    public class EventSentEvent(int eventId) : HistoryEvent(eventId)
    {
        public string? InstanceId { get; set; }
        public string? Name { get; set; }
        public string? Input { get; set; }
    }
}
