using Microsoft.Extensions.Logging;

namespace TriOps.Core.Workflows;

/// <summary>
/// What an orchestration may do. Mirrors Durable Functions' TaskOrchestrationContext, so that one class runs on both engines.
/// </summary>
/// <remarks>
/// <para><b>Replay.</b> The orchestration's code runs again from the top whenever something it waits for has happened; recorded results are fed
/// back one at a time, in recorded order, on one thread. Code must therefore be deterministic: time from <see cref="Now"/>, ids from
/// <see cref="NewGuid"/>, no I/O, no Task.Run, and it may await only tasks this interface returned (or combinations of them made with
/// Task.WhenAll and Task.WhenAny). An orchestration that awaits anything else fails with <see cref="NonDeterministicException"/>.</para>
/// <para><b>Delivery.</b> An activity runs at least once per call: it must be idempotent. A recorded result is never run again.</para>
/// <para><b>Payloads</b> are JSON in the dialect of <see cref="TriOpsJson"/>. Pass references, never data.</para>
/// </remarks>
public interface IWorkflow
{
    /// <summary>This instance's id: 1 to 100 characters, no '/', '\', '#', '?', control characters or leading '@'.</summary>
    string InstanceId { get; }

    /// <summary>The workflow version the instance was started under; "" before versions were introduced. A change that breaks replay asks this.</summary>
    string Version { get; }

    /// <summary>The deterministic current time: when the event now being processed was recorded.</summary>
    DateTimeOffset Now { get; }

    /// <summary>True while recorded history is being fed back.</summary>
    bool IsReplaying { get; }

    /// <summary>Silent while replaying.</summary>
    ILogger Log { get; }

    /// <summary>A new id, the same on every replay.</summary>
    Guid NewGuid();

    /// <summary>Schedules an activity.</summary>
    /// <exception cref="StepFailedException">It failed, and its retries are used up.</exception>
    Task<TOut> Call<TIn, TOut>(ActivityName<TIn, TOut> activity, TIn input, Retry? retry = null);

    /// <summary>Starts another orchestration and waits for its result. Without an id one is derived deterministically. If an instance of that id
    /// is running or has completed, it is joined, not started again.</summary>
    /// <exception cref="StepFailedException">It failed or was terminated.</exception>
    Task<TOut> CallWorkflow<TIn, TOut>(WorkflowName<TIn, TOut> workflow, TIn input, string? instanceId = null, Retry? retry = null);

    /// <summary>A durable timer.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled first. Cancel the timers that lose a race: an open one
    /// keeps the instance running until it fires.</exception>
    Task Delay(TimeSpan delay, CancellationToken ct = default);

    /// <summary>Waits for an external event. Events that arrive before anyone waits are kept, first in first out; names ignore case; one payload
    /// type per name. Of several open waits for one name the oldest is served first. Kept events survive <see cref="ContinueAsNew{T}"/>.</summary>
    Task<T> WaitForEvent<T>(EventName<T> name);

    /// <summary>Waits for an external event for at most <paramref name="timeout"/>. A wait that times out leaves nothing behind: the next event of that
    /// name goes to the next wait.</summary>
    Task<EventOutcome<T>> WaitForEvent<T>(EventName<T> name, TimeSpan timeout);

    /// <summary>Raises an event on another instance. No order is promised between two events.</summary>
    void SendEvent<T>(string instanceId, EventName<T> name, T payload);

    /// <summary>Publishes how far the work is, for people. At most 16 KiB of JSON.</summary>
    void SetStatus<T>(T status);

    /// <summary>Ends this execution and begins another with a fresh history, under the same id. Must be the last thing done; results still
    /// pending are discarded, undelivered events are carried over.</summary>
    void ContinueAsNew<T>(T input);
}

/// <summary>What became of a wait with a time limit.</summary>
/// <param name="Arrived">True: <paramref name="Value"/> holds the event's payload. False: the time ran out.</param>
/// <param name="Value">The payload.</param>
public sealed record EventOutcome<T>(bool Arrived, T? Value);

/// <summary>When a failed step is tried again. The arithmetic is Durable's: the n-th wait is
/// <c>min(FirstInterval * Backoff^(n-1), MaxInterval)</c>; no attempt starts later than <see cref="Timeout"/> after the first.</summary>
/// <param name="MaxAttempts">The first try included; at least 1.</param>
/// <param name="FirstInterval">Above zero.</param>
/// <param name="Backoff">At least 1.</param>
/// <param name="MaxInterval">One hour when null.</param>
/// <param name="Timeout">None when null.</param>
public sealed record Retry(int MaxAttempts, TimeSpan FirstInterval, double Backoff = 2, TimeSpan? MaxInterval = null, TimeSpan? Timeout = null)
{
    /// <summary>For steps that call storage: five attempts over about half a minute. Failures that cannot improve
    /// (<see cref="StepFailure.IsPermanent"/>) are not retried.</summary>
    public static Retry Standard { get; } = new(5, TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(15));

    /// <summary>Error types that no retry can help: the full names of exception types whose failure is final at once.</summary>
    public static IReadOnlyList<string> PermanentErrors { get; } =
        [typeof(InvalidInputException).FullName!, typeof(NotFoundException).FullName!, typeof(ConflictException).FullName!];
}

/// <summary>Why a step failed. The exception itself does not travel.</summary>
/// <param name="ErrorType">Full name of the exception's type.</param>
/// <param name="Message">Its message.</param>
/// <param name="Details">Stack trace or more, for people.</param>
public sealed record StepFailure(string ErrorType, string Message, string? Details = null)
{
    /// <summary>True when the failure is one of <see cref="Retry.PermanentErrors"/>.</summary>
    public bool IsPermanent => Retry.PermanentErrors.Contains(ErrorType);

    /// <summary>The failure an exception amounts to; a <see cref="StepFailedException"/> keeps the one it carries.</summary>
    public static StepFailure Of(Exception e) => e is StepFailedException step ? step.Failure : new(e.GetType().FullName!, e.Message, e.ToString());
}

/// <summary>An activity or a child workflow failed.</summary>
public sealed class StepFailedException(string step, StepFailure failure) : Exception($"{step} failed: {failure.Message}")
{
    /// <summary>The activity's or workflow's name.</summary>
    public string Step { get; } = step;

    /// <summary>Why.</summary>
    public StepFailure Failure { get; } = failure;
}

/// <summary>An orchestration did something replay cannot repeat: awaited a foreign task, or scheduled other steps than its history holds.</summary>
public sealed class NonDeterministicException(string message) : Exception(message);
